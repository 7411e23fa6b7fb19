import { createServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { HOSTILE_BYTES, LATE_GREETING, LATE_MS } from '../ports.mjs'

/**
 * @typedef {{ readonly key: string, readonly cert: string }} Certificate PEM
 * @typedef {{ readonly close: () => Promise<void> }} Listener `close` also resets what is connected
 * @typedef {Exclude<import('../ports.mjs').Serving, 'full'>} Served
 * @typedef {import('node:net').Socket} Socket
 */

const HTTP_ANSWER =
  'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 4\r\nconnection: close\r\n\r\nlab\n'

/** Connections that are never ended by us would use up our descriptors: beyond this many the oldest is reset. */
const MOST_CONNECTIONS = 2000

/** @type {Readonly<Record<Served, (socket: Socket) => void>>} */
const ON_CONNECTION = {
  hold: (socket) => socket.resume(),
  http: (socket) => socket.once('data', () => socket.end(HTTP_ANSWER)),
  tls: (socket) => socket.resume(),
  reset: (socket) => socket.resetAndDestroy(),
  silent: (socket) => socket.resume(),
  late(socket) {
    const timer = setTimeout(() => socket.write(LATE_GREETING), LATE_MS)
    socket.once('close', () => clearTimeout(timer))
    socket.resume()
  },
  chatty(socket) {
    socket.write(HOSTILE_BYTES)
    socket.resume()
  },
}

/**
 * Listens on IPv4 and IPv6 at once.
 * @param {number} port @param {Served} does @param {Certificate | undefined} certificate needed for `tls` only
 * @returns {Promise<Listener>}
 */
export async function listen(port, does, certificate) {
  const server =
    does === 'tls'
      ? createTlsServer({ ...certificate }, ON_CONNECTION.tls)
      : createServer({ allowHalfOpen: does === 'silent' }, ON_CONNECTION[does])
  /** @type {Set<Socket>} */
  const sockets = new Set()
  server.on('connection', (/** @type {Socket} */ socket) => keep(socket, sockets))
  server.on('tlsClientError', () => {})
  await new Promise((/** @type {(nothing: void) => void} */ resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host: '::', backlog: 4096 }, resolve)
  })
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.resetAndDestroy()
      }),
  }
}

/** @param {Socket} socket @param {Set<Socket>} sockets */
function keep(socket, sockets) {
  sockets.add(socket)
  socket.on('error', () => {})
  socket.once('close', () => sockets.delete(socket))
  const [oldest] = sockets
  if (sockets.size > MOST_CONNECTIONS) oldest?.resetAndDestroy()
}
