import { once } from 'node:events'
import { createServer } from 'node:net'

/** Listens on ports of any number, prints them as JSON and serves until stdin or the process is ended. */
const count = Number(process.argv[2])
const servers = await Promise.all(
  Array.from({ length: count }, async () => {
    const server = createServer((socket) => void socket.on('error', () => {}).end()).listen(0)
    await once(server, 'listening')
    return server
  }),
)
const ports = servers.map((server) => {
  const address = server.address()
  return typeof address === 'object' ? address?.port : undefined
})
process.stdout.write(`${JSON.stringify(ports)}\n`)
