import type { Protocol } from '../../model/protocol.ts'
import { read16 } from '../../octets/big-endian.ts'

const ALERT = 21
const HANDSHAKE = 22
const SERVER_HELLO = 2
const LEVELS = [1, 2]

/** Record header, and an alert in it. */
const HEADER = 5
const WHOLE_ALERT = 7
/** Up to the length of a ServerHello, which has 38 octets at least. */
const HELLO_START = HEADER + 4
const LEAST_HELLO = 38

/** The largest plain record (RFC 8446 section 5.1); RFC 5246's is as large. */
const LARGEST_RECORD = 0x4000

/** The alerts (RFC 8446 section 6, RFC 5246 section 7.2) that a plain text draws. */
const DESCRIPTIONS: Readonly<Record<number, string>> = {
  0: 'close notify',
  10: 'unexpected message',
  20: 'bad record MAC',
  21: 'decryption failed',
  22: 'record overflow',
  40: 'handshake failure',
  47: 'illegal parameter',
  50: 'decode error',
  51: 'decrypt error',
  70: 'protocol version',
  71: 'insufficient security',
  80: 'internal error',
  112: 'unrecognized name',
}

/**
 * A record of TLS as the answer to something else: an alert, or a ServerHello. It says that TLS is to be
 * spoken here.
 */
export const tlsAlert: Protocol = {
  name: 'tls',
  ports: {},
  detect(octets, { transport, secure, ended }) {
    if (secure || transport === 'udp' || !isRecord(octets)) return undefined
    const least = octets[0] === ALERT ? WHOLE_ALERT : HELLO_START
    if (octets.length < least) return ended ? undefined : 'more'
    const service = { protocol: 'tls', wantsTls: true }
    const alert = least === WHOLE_ALERT ? DESCRIPTIONS[octets[WHOLE_ALERT - 1] ?? 0] : undefined
    return alert === undefined ? service : { ...service, details: { alert } }
  },
}

/** As far as they go, the octets are a record of version 3.0 to 3.4 with an alert or a ServerHello. */
function isRecord(octets: Uint8Array): boolean {
  if ((octets[1] ?? 3) !== 3 || (octets[2] ?? 3) > 4) return false
  return octets[0] === ALERT ? isWarning(octets) : isServerHello(octets)
}

/** As far as they go: length 2, a level, a description. */
function isWarning(octets: Uint8Array): boolean {
  const [length, description] = [octets.length < HEADER ? 2 : read16(octets, 3), octets[WHOLE_ALERT - 1]]
  const isLevel = LEVELS.includes(octets[HEADER] ?? 2)
  return length === 2 && isLevel && (description === undefined || DESCRIPTIONS[description] !== undefined)
}

/**
 * As far as they go: a record, and in it first a ServerHello with room for version, random and what
 * follows.
 */
function isServerHello(octets: Uint8Array): boolean {
  if ((octets[0] ?? HANDSHAKE) !== HANDSHAKE || (octets[HEADER] ?? SERVER_HELLO) !== SERVER_HELLO)
    return false
  const record = octets.length < HEADER ? LEAST_HELLO : read16(octets, 3)
  const hello = octets.length < HELLO_START ? LEAST_HELLO : read16(octets, HEADER + 2)
  return fits(record) && fits(hello) && (octets[HEADER + 1] ?? 0) === 0
}

const fits = (length: number): boolean => length >= LEAST_HELLO && length <= LARGEST_RECORD
