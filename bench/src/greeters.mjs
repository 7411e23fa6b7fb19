import { once } from 'node:events'
import { createServer } from 'node:net'
import { GREETERS } from './greetings.mjs'

/**
 * Serves so many ports of any number, the named kinds in turns, prints `[[port, kind], …]` as JSON, and ends when it is
 * ended.
 */
const [count = '1', ...names] = process.argv.slice(2)
const kinds = Object.entries(GREETERS).filter(([name]) => names.length === 0 || names.includes(name))
const ports = await Promise.all(
  Array.from({ length: Number(count) }, async (_, i) => {
    const [name, greeter] = kinds[i % kinds.length] ?? ['ssh', GREETERS.ssh]
    const server = createServer({ noDelay: true }, (socket) => serve(socket, greeter)).listen(0)
    await once(server, 'listening')
    const address = server.address()
    return [typeof address === 'object' ? address?.port : undefined, name]
  }),
)
process.stdout.write(`${JSON.stringify(ports)}\n`)

/** @param {import('node:net').Socket} socket @param {import('./greetings.mjs').Greeter} greeter */
function serve(socket, { greeting, reply }) {
  let begun = ''
  socket.on('error', () => {})
  socket.setEncoding('latin1')
  socket.on('data', (more) => {
    const lines = `${begun}${more}`.split('\r\n')
    begun = lines.pop() ?? ''
    for (const line of lines) socket.write(reply(line), 'latin1')
  })
  socket.write(greeting)
}
