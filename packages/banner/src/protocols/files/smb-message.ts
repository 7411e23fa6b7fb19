import { bigEndian } from '../../octets/big-endian.ts'
import { concat, randomOctets } from '../../octets/octets.ts'

/** SMB 2 (MS-SMB2 section 2.2). Its numbers are little-endian. Offsets in octets. */
export const SMB2 = {
  magic: [0xfe, 0x53, 0x4d, 0x42],
  headerLength: 64,
  at: { status: 8, command: 12, flags: 16 },
  /** Flag of the header: this is an answer. */
  response: 1,
  negotiate: 0,
} as const

/** SMB 1 (MS-CIFS section 2.2.3.1), of which only the answer to a negotiation is known here. */
export const SMB1 = { magic: [0xff, 0x53, 0x4d, 0x42], negotiate: 0x72, headerLength: 32 } as const

/** Kinds of NetBIOS session packets (RFC 1002 section 4.3.1). */
export const SESSION = { message: 0x00, request: 0x81, accepted: 0x82, refused: 0x83 } as const

/** Kind and length before each packet. */
export const SESSION_HEADER_LENGTH = 4

const DIALECTS = [0x0202, 0x0210, 0x0300, 0x0302, 0x0311]
const SIGNING_ENABLED = 1
/** MS-SMB2 section 2.2.3.1.1: SHA-512. */
const PREAUTH = { type: 1, hash: 1, saltLength: 32 } as const

/** Numbers, least significant octet first. */
function littleEndian(numbers: readonly (readonly [value: number, size: 1 | 2 | 4])[]): Uint8Array {
  return concat(...numbers.map((number) => bigEndian([number]).reverse()))
}

/** The offer of all dialects from 2.0.2 to 3.1.1, in a session packet (MS-SMB2 section 2.2.3). */
export function negotiation(random: () => number): Uint8Array {
  const header = littleEndian([
    [0x424d53fe, 4],
    [SMB2.headerLength, 2],
    [0, 2],
    [0, 4],
    [SMB2.negotiate, 2],
    [1, 2],
    ...Array.from({ length: 12 }, () => [0, 4] as const),
  ])
  const dialects = littleEndian(DIALECTS.map((dialect) => [dialect, 2] as const))
  const contextAt = Math.ceil((SMB2.headerLength + 36 + dialects.length) / 8) * 8
  const request = concat(
    littleEndian([
      [36, 2],
      [DIALECTS.length, 2],
      [SIGNING_ENABLED, 2],
      [0, 2],
      [0, 4],
    ]),
    randomOctets(16, random),
    littleEndian([
      [contextAt, 4],
      [1, 2],
      [0, 2],
    ]),
    dialects,
  )
  const padding = new Uint8Array(contextAt - SMB2.headerLength - request.length)
  const context = concat(
    littleEndian([
      [PREAUTH.type, 2],
      [6 + PREAUTH.saltLength, 2],
      [0, 4],
      [1, 2],
      [PREAUTH.saltLength, 2],
      [PREAUTH.hash, 2],
    ]),
    randomOctets(PREAUTH.saltLength, random),
  )
  return sessionPacket(SESSION.message, concat(header, request, padding, context))
}

/** Names with their numbers that a NetBIOS session is asked with: any server, by a client without a name. */
const [CALLED, CALLING] = [
  [...'*SMBSERVER', ' ', ' ', ' ', ' ', ' ', ' '],
  Array.from<string>({ length: 16 }).fill('\0'),
]

/** The wish for a session with any server there (RFC 1002 section 4.3.2). */
export function sessionRequest(): Uint8Array {
  const names = [CALLED, CALLING].map((name) => {
    const halves = name.flatMap((letter) => [letter.charCodeAt(0) >>> 4, letter.charCodeAt(0) & 15])
    return Uint8Array.from([halves.length, ...halves.map((half) => 0x41 + half), 0])
  })
  return sessionPacket(SESSION.request, concat(...names))
}

function sessionPacket(kind: number, body: Uint8Array): Uint8Array {
  return concat(bigEndian([[kind * 0x1000000 + body.length, 4]]), body)
}
