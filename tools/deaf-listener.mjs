// @ts-check
// A listener that never accepts: once its short queue is full, Linux drops further SYNs. Run by demo-ports.mjs.
import { readSync, writeSync } from 'node:fs'
import { createServer } from 'node:net'

const server = createServer()
server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
  writeSync(1, `${JSON.stringify(server.address())}\n`)
  // Blocks the only thread until the parent closes the pipe or dies: nothing is accepted, nothing stays behind.
  readSync(0, Buffer.alloc(1))
  process.exit()
})
