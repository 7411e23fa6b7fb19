import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { serveRequests } from '../requests.mjs'

/**
 * The services of a scan world's host, one process for all of them. The only request is `{ tcp, udp, addresses }`: ports
 * that are open at every address, ports that answer, and the addresses that these answer at.
 */

/** What is said at once by those that greet. @type {Readonly<Record<number, string>>} */
const GREETINGS = {
  21: '220 scan.lab FTP ready\r\n',
  22: 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10\r\n',
  25: '220 scan.lab ESMTP ready\r\n',
}

const PAGE = 'HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nscan\n'
const HTTP_PORT = 80

/** Linux drops SYNs while more connections wait to be accepted than this. */
const BACKLOG = 4096

/** RFC 1035 section 4.1.1. */
const DNS_PORT = 53
const DNS_HEADER_OCTETS = 12
const DNS_RESPONSE = 0x80
const DNS_REFUSED = 5
/** RFC 5905 section 7.3: version 4, server; stratum 2. */
const NTP_OCTETS = 48
const NTP_SERVER = 0x24
const NTP_STRATUM = 2

await serveRequests(async (message) => {
  const { tcp, udp, addresses } =
    /** @type {{ tcp: readonly number[], udp: readonly number[], addresses: readonly string[] }} */ (
      /** @type {unknown} */ (message)
    )
  // One socket an address: what a socket for all of them answers leaves from the first.
  const answering = addresses.flatMap((address) => udp.map((port) => answer(port, address)))
  await Promise.all([...tcp.map(accept), ...answering])
  return { ready: true }
})

/** Holds connections until the peer ends them. @param {number} port */
function accept(port) {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    const greeting = GREETINGS[port]
    if (greeting !== undefined) socket.write(greeting)
    if (port === HTTP_PORT) socket.once('data', () => void socket.end(PAGE))
    else socket.resume()
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host: '::', backlog: BACKLOG }, () => resolve(undefined))
  })
}

/** @param {number} port @param {string} address */
function answer(port, address) {
  const isSix = address.includes(':')
  const socket = createSocket({ type: isSix ? 'udp6' : 'udp4', ipv6Only: isSix })
  socket.on('message', (datagram, from) =>
    socket.send(port === DNS_PORT ? refusal(datagram) : time(), from.port, from.address),
  )
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(port, address, () => {
      socket.off('error', reject).on('error', () => {})
      resolve(undefined)
    })
  })
}

/** @param {Buffer} query */
function refusal(query) {
  const reply = Buffer.alloc(DNS_HEADER_OCTETS)
  query.copy(reply, 0, 0, 4)
  reply[2] = (reply[2] ?? 0) | DNS_RESPONSE
  reply[3] = DNS_REFUSED
  return reply
}

function time() {
  const reply = Buffer.alloc(NTP_OCTETS)
  reply[0] = NTP_SERVER
  reply[1] = NTP_STRATUM
  return reply
}
