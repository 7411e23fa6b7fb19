import { connect } from 'node:net'
import { Worker } from 'node:worker_threads'

/** listen(2)'s second argument; Linux lets one connection more wait. */
const BACKLOG = 1

/**
 * Listens on IPv4 and IPv6 and never accepts, with a queue that is full already: Linux drops every further SYN.
 * Node accepts whenever its event loop turns, so the listener's loop is one that stands still.
 * @param {number} port
 * @returns {Promise<import('./listener.mjs').Listener>}
 */
export async function fillQueue(port) {
  const worker = new Worker(new URL('never-accepts.mjs', import.meta.url), {
    workerData: { port, backlog: BACKLOG },
  })
  await new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
  const waiting = Array.from({ length: BACKLOG + 1 }, () => connect(port, '127.0.0.1'))
  await Promise.all(waiting.map(established))
  return {
    async close() {
      for (const socket of waiting) socket.destroy()
      await worker.terminate()
    },
  }
}

/** @param {import('node:net').Socket} socket */
function established(socket) {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  }).finally(() => socket.on('error', () => {}))
}
