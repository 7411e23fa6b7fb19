import type { Reader } from '../../dialogue/dialogue.ts'
import { clip, clipped } from '../../model/clip.ts'
import { peerText } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { lowFirst, readLow16 } from '../../octets/little-endian.ts'
import { concat } from '../../octets/octets.ts'
import { mysqlVersion } from './mysql-version.ts'

/** MySQL's client/server protocol: "Protocol::HandshakeV10" and "ERR_Packet" of the MySQL internals manual. */

const HEADER_LENGTH = 4
const GREETING = 10
const ERROR = 255
/** A first packet is shorter: its three octets of length begin with one below this, and end with zero. */
const MOST_KIB = 4
const AT = { message: 7, version: 5 } as const
/** After the version's zero: 4 octets of connection, 8 of salt, a zero. */
const AFTER_VERSION = { filler: 12, capabilities: 13, moreCapabilities: 18, salt: 31 } as const
const SALT_REST = 13

const CAPABILITY = {
  protocol41: 1 << 9,
  tls: 1 << 11,
  secureConnection: 1 << 15,
  pluginAuthentication: 1 << 19,
} as const

export const mysql: Protocol = {
  name: 'mysql',
  ports: { tcp: [3306] },
  detect(octets, { ended }) {
    if (!mayBegin(octets)) return undefined
    const length = HEADER_LENGTH + readLow16(octets, 0)
    if (octets.length < HEADER_LENGTH + 1 || octets.length < length) return ended ? undefined : 'more'
    const packet = octets.subarray(0, length)
    return octets[HEADER_LENGTH] === ERROR ? refusal(packet) : greeting(packet)
  },
  async startTls(dialogue) {
    const capabilities = await dialogue.receive(offered)
    if (capabilities === undefined || !has(capabilities, CAPABILITY.tls)) return false
    await dialogue.send(tlsRequest())
    // The server answers with nothing but TLS.
    return true
  },
}

/** The octets, as many as there are, may be the first packet of a server: short, numbered 0, a greeting or an error. */
function mayBegin(octets: Uint8Array): boolean {
  const [, kib4 = 0, high = 0, sequence = 0, type = GREETING] = octets
  return kib4 < MOST_KIB && high === 0 && sequence === 0 && (type === GREETING || type === ERROR)
}

function greeting(packet: Uint8Array): Service | undefined {
  const end = packet.indexOf(0, AT.version)
  if (end < 0 || packet.length < end + AFTER_VERSION.moreCapabilities + 2) return undefined
  const text = peerText(packet.subarray(AT.version, end))
  // The first salt is closed with a zero, and every version that there is begins with a digit.
  if (packet[end + 1 + AFTER_VERSION.filler] !== 0 || !/^\d[\x20-\x7e]{0,120}$/.test(text)) return undefined
  const capabilities = capabilitiesOf(packet, end)
  const authentication = has(capabilities, CAPABILITY.pluginAuthentication)
    ? pluginOf(packet, end)
    : undefined
  return {
    protocol: 'mysql',
    ...mysqlVersion(text),
    details: {
      'TLS offered': has(capabilities, CAPABILITY.tls),
      ...(authentication === undefined ? {} : { authentication }),
    },
    evidence: [{ field: 'mysql.banners', text }],
  }
}

/** Both halves of the server's capability flags; `end` is where the version's zero is. */
function capabilitiesOf(packet: Uint8Array, end: number): number {
  const at = end + 1
  return (
    readLow16(packet, at + AFTER_VERSION.capabilities) +
    readLow16(packet, at + AFTER_VERSION.moreCapabilities) * 0x10000
  )
}

/** The way to authenticate that the server prefers: `caching_sha2_password`. */
function pluginOf(packet: Uint8Array, end: number): string | undefined {
  const from = end + 1 + AFTER_VERSION.salt + SALT_REST
  const zero = packet.indexOf(0, from)
  return clipped(peerText(packet.subarray(from, zero < 0 ? packet.length : zero)), 60)
}

function has(capabilities: number, flag: number): boolean {
  return (capabilities & flag) !== 0
}

/** An error instead of a greeting: 1130 for hosts that may not connect, 1040 for too many connections. */
function refusal(packet: Uint8Array): Service | undefined {
  const code = readLow16(packet, HEADER_LENGTH + 1)
  const told = peerText(packet.subarray(AT.message))
  // Since 4.1 there may be a state of SQL in front: `#HY000`.
  const message = /^#[0-9A-Z]{5}/.test(told) ? told.slice(6) : told
  if (code < 1000 || !/^['\p{L}]/u.test(message) || /\p{Cc}/u.test(message)) return undefined
  const [product] = /MariaDB|MySQL/.exec(message) ?? []
  return {
    protocol: 'mysql',
    ...(product === undefined ? {} : { product }),
    info: clip(message),
    details: { 'error code': code },
    evidence: [{ field: 'mysql.error', text: clip(message) }],
  }
}

/** The capabilities of a greeting, which is taken. */
const offered: Reader<number> = (octets) => {
  if (!mayBegin(octets)) return undefined
  const length = HEADER_LENGTH + readLow16(octets, 0)
  if (octets.length < HEADER_LENGTH + 1 || octets.length < length) return 'more'
  const packet = octets.subarray(0, length)
  const end = packet.indexOf(0, AT.version)
  if (packet[HEADER_LENGTH] !== GREETING || end < 0) return undefined
  return { value: capabilitiesOf(packet, end), length }
}

/** "Protocol::SSLRequest": a response to the greeting that ends where the user's name would begin. */
function tlsRequest(): Uint8Array {
  const { protocol41, tls, secureConnection, pluginAuthentication } = CAPABILITY
  const utf8 = 45
  const body = concat(
    lowFirst(protocol41 | tls | secureConnection | pluginAuthentication, 0x0100_0000),
    Uint8Array.of(utf8),
    new Uint8Array(23),
  )
  return concat(Uint8Array.of(body.length, 0, 0, 1), body)
}
