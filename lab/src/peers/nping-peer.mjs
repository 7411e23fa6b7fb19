import { createSocket } from 'node:dgram'
import { networkInterfaces } from 'node:os'
import { serveRequests } from '../requests.mjs'
import { switchChecksumOffloadOff } from './offload.mjs'
import { page, sshGreeter, udpEcho } from './services.mjs'

/**
 * The helper in a namespace of an nping world. Requests: first `{ echo, tcp, marks }`: the addresses with a UDP echo
 * service each, whether the TCP services run, and `{ group, port, device }` when it sends marks into captures; later
 * `{ token }`, a mark.
 *
 * @typedef {{ readonly group: string, readonly port: number, readonly device: string }} Marks
 */

/** @type {{ readonly marks: Marks, readonly socket: import('node:dgram').Socket } | undefined} */
let marker

await serveRequests(async (message) => {
  if (typeof message.token === 'string') return mark(message.token)
  for (const device of Object.keys(networkInterfaces()).filter((name) => name !== 'lo'))
    switchChecksumOffloadOff(device)
  // One socket an address: what a socket for all of them answers leaves from the first.
  const echo = /** @type {string[]} */ (message.echo)
  await Promise.all(echo.map((address) => udpEcho(7, address.includes(':') ? 'udp6' : 'udp4', address)))
  if (message.tcp === true) await Promise.all([sshGreeter(22), page(80)])
  if (message.marks !== undefined) await openMarker(/** @type {Marks} */ (message.marks))
  return { ready: true }
})

/** @param {Marks} marks */
async function openMarker(marks) {
  const socket = createSocket('udp4')
  await new Promise((resolve) => socket.bind(0, () => resolve(undefined)))
  const own = networkInterfaces()[marks.device]?.find(({ family }) => family === 'IPv4')?.address
  socket.setMulticastInterface(own ?? '0.0.0.0')
  socket.setMulticastLoopback(false)
  marker = { marks, socket }
}

/** @param {string} token @returns {Promise<object>} */
function mark(token) {
  return new Promise((resolve, reject) => {
    if (marker === undefined) return reject(new Error('no marks are sent here'))
    const { socket, marks } = marker
    socket.send(token, marks.port, marks.group, (error) => (error ? reject(error) : resolve({ sent: true })))
  })
}
