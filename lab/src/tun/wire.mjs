/**
 * IPv4, IPv6, TCP and ICMP echo: just what the responder needs. Octets are as RFC 791, RFC 8200, RFC 9293, RFC 792 and
 * RFC 4443 draw them. Decoding gives undefined for whatever is not well formed, and never throws.
 *
 * @typedef {{
 *   readonly family: 4 | 6,
 *   readonly src: Buffer,
 *   readonly dst: Buffer,
 * }} Ends addresses of 4 or 16 octets
 * @typedef {Ends & {
 *   readonly kind: 'tcp',
 *   readonly sport: number,
 *   readonly dport: number,
 *   readonly seq: number,
 *   readonly ack: number,
 *   readonly flags: number,
 *   readonly octets: number,
 * }} Tcp `octets` of payload
 * @typedef {Ends & { readonly kind: 'echo', readonly body: Buffer }} Echo a request; `body` is the message from octet 4 on
 */

/** RFC 9293 section 3.1. */
export const FLAG = /** @type {const} */ ({ FIN: 0x01, SYN: 0x02, RST: 0x04, PSH: 0x08, ACK: 0x10 })

const PROTOCOL = /** @type {const} */ ({ icmp4: 1, tcp: 6, icmp6: 58 })
const ECHO = /** @type {const} */ ({ 4: { request: 8, reply: 0 }, 6: { request: 128, reply: 129 } })

/** ICMP type and code of each error: RFC 792, RFC 1812 section 5.2.7.1, RFC 4443 section 3.1. */
const UNREACHABLE = /** @type {const} */ ({
  4: {
    type: 3,
    codes: { 'no-route': 0, 'host-unreachable': 1, 'port-unreachable': 3, 'admin-prohibited': 13 },
  },
  6: {
    type: 1,
    codes: { 'no-route': 0, 'admin-prohibited': 1, 'host-unreachable': 3, 'port-unreachable': 4 },
  },
})

/** How much of the offending packet an error may carry: RFC 1812 section 4.3.2.3, RFC 4443 section 2.4 (c). */
const MOST_QUOTED = /** @type {const} */ ({ 4: 576 - 28, 6: 1280 - 48 })

/** SYN-ACKs announce what fits into a device with an MTU of 1500: the maximum segment size option of RFC 9293. */
const MSS = /** @type {const} */ ({ 4: 1460, 6: 1440 })

const DONT_FRAGMENT = 0x4000
const MORE_FRAGMENTS_AND_OFFSET = 0x3fff
const HOPS = 64

/** @param {Buffer} packet @returns {Tcp | Echo | undefined} */
export function decode(packet) {
  const outer = decodeIp(packet)
  if (outer === undefined) return undefined
  const { protocol, payload, ...ends } = outer
  if (protocol === PROTOCOL.tcp) return decodeTcp(ends, payload)
  const isIcmp = protocol === (ends.family === 4 ? PROTOCOL.icmp4 : PROTOCOL.icmp6)
  return isIcmp ? decodeEcho(ends, payload) : undefined
}

/** @param {Buffer} packet */
function decodeIp(packet) {
  const version = (packet[0] ?? 0) >> 4
  if (version === 4) return decodeIpv4(packet)
  return version === 6 ? decodeIpv6(packet) : undefined
}

/** @param {Buffer} packet */
function decodeIpv4(packet) {
  if (packet.length < 20) return undefined
  const headerLength = (packet.readUInt8(0) & 0x0f) * 4
  const total = packet.readUInt16BE(2)
  if (headerLength < 20 || total < headerLength || total > packet.length) return undefined
  if (packet.readUInt16BE(6) & MORE_FRAGMENTS_AND_OFFSET) return undefined
  return {
    family: /** @type {const} */ (4),
    src: packet.subarray(12, 16),
    dst: packet.subarray(16, 20),
    protocol: packet.readUInt8(9),
    payload: packet.subarray(headerLength, total),
  }
}

/** Extension headers are not followed. @param {Buffer} packet */
function decodeIpv6(packet) {
  if (packet.length < 40) return undefined
  const end = 40 + packet.readUInt16BE(4)
  if (end > packet.length) return undefined
  return {
    family: /** @type {const} */ (6),
    src: packet.subarray(8, 24),
    dst: packet.subarray(24, 40),
    protocol: packet.readUInt8(6),
    payload: packet.subarray(40, end),
  }
}

/** @param {Ends} ends @param {Buffer} segment @returns {Tcp | undefined} */
function decodeTcp(ends, segment) {
  if (segment.length < 20 || checksum(ends, PROTOCOL.tcp, segment) !== 0) return undefined
  const headerLength = (segment.readUInt8(12) >> 4) * 4
  if (headerLength < 20 || headerLength > segment.length) return undefined
  return {
    ...ends,
    kind: 'tcp',
    sport: segment.readUInt16BE(0),
    dport: segment.readUInt16BE(2),
    seq: segment.readUInt32BE(4),
    ack: segment.readUInt32BE(8),
    flags: segment.readUInt8(13),
    octets: segment.length - headerLength,
  }
}

/** @param {Ends} ends @param {Buffer} message @returns {Echo | undefined} */
function decodeEcho(ends, message) {
  if (message.length < 8 || message.readUInt8(0) !== ECHO[ends.family].request) return undefined
  if (message.readUInt8(1) !== 0 || icmpChecksum(ends, message) !== 0) return undefined
  return { ...ends, kind: 'echo', body: message.subarray(4) }
}

/**
 * A TCP packet without payload.
 * @param {Omit<Tcp, 'kind' | 'octets'>} segment `src` is who sends it
 */
export function encodeTcp({ sport, dport, seq, ack, flags, ...ends }) {
  const options = flags & FLAG.SYN ? [2, 4, MSS[ends.family] >> 8, MSS[ends.family] & 0xff] : []
  const bytes = Buffer.alloc(20 + options.length)
  bytes.writeUInt16BE(sport, 0)
  bytes.writeUInt16BE(dport, 2)
  bytes.writeUInt32BE(seq >>> 0, 4)
  bytes.writeUInt32BE(ack >>> 0, 8)
  bytes.writeUInt8((bytes.length / 4) << 4, 12)
  bytes.writeUInt8(flags, 13)
  bytes.writeUInt16BE(flags & FLAG.RST ? 0 : 0xffff, 14)
  bytes.set(options, 20)
  bytes.writeUInt16BE(checksum(ends, PROTOCOL.tcp, bytes), 16)
  return encodeIp(ends, PROTOCOL.tcp, bytes)
}

/** The answer to an echo request. @param {Echo} request */
export function encodeEchoReply({ family, src, dst, body }) {
  const ends = { family, src: dst, dst: src }
  const bytes = Buffer.alloc(4 + body.length)
  bytes.writeUInt8(ECHO[family].reply, 0)
  bytes.set(body, 4)
  bytes.writeUInt16BE(icmpChecksum(ends, bytes), 2)
  return encodeIp(ends, family === 4 ? PROTOCOL.icmp4 : PROTOCOL.icmp6, bytes)
}

/**
 * The ICMP error about a packet.
 * @param {Ends} ends the packet's @param {Buffer} packet @param {import('../ports.mjs').Unreachable} error
 * @param {Buffer} from who sends it
 */
export function encodeUnreachable({ family, src }, packet, error, from) {
  const ends = { family, src: from, dst: src }
  const { type, codes } = UNREACHABLE[family]
  const quoted = packet.subarray(0, MOST_QUOTED[family])
  const bytes = Buffer.alloc(8 + quoted.length)
  bytes.set([type, codes[error]])
  bytes.set(quoted, 8)
  bytes.writeUInt16BE(icmpChecksum(ends, bytes), 2)
  return encodeIp(ends, family === 4 ? PROTOCOL.icmp4 : PROTOCOL.icmp6, bytes)
}

/** @param {Ends} ends @param {number} protocol @param {Buffer} payload */
function encodeIp({ family, src, dst }, protocol, payload) {
  const header = Buffer.alloc(family === 4 ? 20 : 40)
  if (family === 4) {
    header.writeUInt8(0x45, 0)
    header.writeUInt16BE(20 + payload.length, 2)
    header.writeUInt16BE(DONT_FRAGMENT, 6)
    header.writeUInt8(HOPS, 8)
    header.writeUInt8(protocol, 9)
    header.set(src, 12)
    header.set(dst, 16)
    header.writeUInt16BE(fold(sum(header)), 10)
  } else {
    header.writeUInt8(0x60, 0)
    header.writeUInt16BE(payload.length, 4)
    header.writeUInt8(protocol, 6)
    header.writeUInt8(HOPS, 7)
    header.set(src, 8)
    header.set(dst, 24)
  }
  return Buffer.concat([header, payload])
}

/** ICMPv4 has no pseudo-header (RFC 792), ICMPv6 has one (RFC 4443 section 2.3). @param {Ends} ends @param {Buffer} bytes */
function icmpChecksum(ends, bytes) {
  return ends.family === 4 ? fold(sum(bytes)) : checksum(ends, PROTOCOL.icmp6, bytes)
}

/** With the pseudo-header; 0 over bytes that carry a right checksum. @param {Ends} ends @param {number} protocol @param {Buffer} bytes */
function checksum({ src, dst }, protocol, bytes) {
  return fold(sum(src) + sum(dst) + protocol + bytes.length + sum(bytes))
}

/** RFC 1071. @param {Buffer} bytes */
function sum(bytes) {
  let total = 0
  for (let i = 0; i + 1 < bytes.length; i += 2) total += bytes.readUInt16BE(i)
  return bytes.length % 2 === 1 ? total + bytes.readUInt8(bytes.length - 1) * 256 : total
}

/** @param {number} total */
function fold(total) {
  let folded = total
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000)
  return ~folded & 0xffff
}
