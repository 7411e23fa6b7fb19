import { createSocket } from 'node:dgram'
import { quote } from './text.mjs'

/** Datagrams longer than this are told by their length only: octets. */
const LONGEST = 64

/**
 * Tells of every datagram, with the seconds since the first one. Words: the port.
 * @param {readonly string[]} words @param {import('./peer.mjs').Tell} tell @returns {Promise<import('./peer.mjs').Peer>}
 */
export async function udpLog([port], tell) {
  const socket = createSocket('udp4')
  /** @type {number | undefined} */
  let first
  socket.on('message', (datagram) => {
    first ??= performance.now()
    const seconds = ((performance.now() - first) / 1000).toFixed(1)
    const what = datagram.length > LONGEST ? `${datagram.length} bytes` : quote(datagram)
    tell(`${seconds} got ${what}`)
  })
  await new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(Number(port), () => resolve(undefined))
  })
  return { over: new Promise(() => {}), stop: () => socket.close() }
}
