import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { reader } from './reading.mjs'

/** What an SSH server of Debian 12 says first, and to whoever does not answer in kind. */
const GREETING = 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10\r\n'
const COMPLAINT = 'Invalid SSH identification string.\r\n'

/** The greeting comes as late as a server's that starts a process for each connection. */
const GREETING_MS = 12

const PAGE = 'hello from the target\n'
const ANSWER = `HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${PAGE.length}\r\n\r\n${PAGE}`

/** Greets as an SSH server does, and goes no further. @param {number} port */
export function sshGreeter(port) {
  return listen(port, undefined, async (socket, reads) => {
    await new Promise((resolve) => setTimeout(resolve, GREETING_MS))
    socket.write(GREETING)
    const line = await reads.until((all) => all.includes('\n'))
    if (!line.toString('latin1').startsWith('SSH-')) socket.write(COMPLAINT)
    socket.end()
  })
}

/** One page for every request. @param {number} port @param {string} [address] */
export function page(port, address) {
  return listen(port, address, async (socket, reads) => {
    await reads.until((all) => /\r?\n\r?\n/.test(all.toString('latin1')))
    socket.end(ANSWER)
  })
}

/** RFC 862, for one family. @param {number} port @param {'udp4' | 'udp6'} family @param {string} [address] */
export function udpEcho(port, family, address) {
  const socket = createSocket({ type: family, ipv6Only: family === 'udp6' })
  socket.on('message', (datagram, from) => socket.send(datagram, from.port, from.address))
  return bound(socket, port, address)
}

/** RFC 1035: to every question that there is no such name. @param {number} port */
export function nameless(port) {
  const socket = createSocket('udp4')
  socket.on('message', (query, from) => {
    const end = query.indexOf(0, 12) + 5
    const answer = Buffer.from(query.subarray(0, end))
    answer.writeUInt16BE(0x8183, 2)
    answer.fill(0, 6, 12)
    socket.send(answer, from.port, from.address)
  })
  return bound(socket, port, '127.0.0.1')
}

/** Linux drops SYNs while more connections wait to be accepted than this, and than `net.core.somaxconn`. */
const BACKLOG = 4096

/**
 * @param {number} port @param {string | undefined} address
 * @param {(socket: import('node:net').Socket, reads: import('./reading.mjs').Reader) => Promise<void>} serve
 * @returns {Promise<() => void>} stops listening
 */
async function listen(port, address, serve) {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) => {
    // A client that has ended its side, or is gone, needs no more than our end.
    serve(socket, reader(socket)).catch(() => socket.end())
  })
  await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host: address ?? '::', backlog: BACKLOG }, () => resolve(undefined))
  })
  return () => server.close()
}

/** @param {import('node:dgram').Socket} socket @param {number} port @param {string | undefined} address */
async function bound(socket, port, address) {
  socket.on('error', () => {})
  await new Promise((resolve) => socket.bind(port, address, () => resolve(undefined)))
}
