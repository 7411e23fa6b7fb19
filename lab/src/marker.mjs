import { createSocket } from 'node:dgram'
import { networkInterfaces } from 'node:os'
import { DEVICE } from './plan.mjs'
import { serveRequests } from './requests.mjs'

/** Sends marks into a capture. Requests: first `{ group, port }`, later `{ token }`. */

const socket = createSocket('udp4')
let group = ''
let port = 0

await serveRequests(async (message) => {
  if (typeof message.token === 'string') return send(message.token)
  group = String(message.group)
  port = Number(message.port)
  await new Promise((resolve) => socket.bind(0, () => resolve(undefined)))
  socket.setMulticastInterface(ownAddress())
  socket.setMulticastLoopback(false)
  return { ready: true }
})

/** @param {string} token */
function send(token) {
  return new Promise(
    (/** @type {(done: object) => void} */ resolve, /** @type {(e: Error) => void} */ reject) => {
      socket.send(token, port, group, (error) => (error ? reject(error) : resolve({ sent: true })))
    },
  )
}

function ownAddress() {
  return networkInterfaces()[DEVICE]?.find(({ family }) => family === 'IPv4')?.address ?? '0.0.0.0'
}
