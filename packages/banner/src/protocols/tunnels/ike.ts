import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { bigEndian, read16, read32 } from '../../octets/big-endian.ts'
import { concat, hasAt, randomOctets } from '../../octets/octets.ts'

/** RFC 7296 section 3.1. Offsets and lengths in octets. */
const AT = { next: 16, version: 17, exchange: 18, flags: 19, length: 24 } as const
const HEADER_LENGTH = 28
const SPI_LENGTH = 8
const VERSION_2 = 0x20
const SA_INIT = 34
const FLAG = { initiator: 0x08, response: 0x20 } as const
const MOST_LENGTH = 4096

/** Section 3.2. */
const PAYLOAD = { none: 0, sa: 33, key: 34, nonce: 40, notify: 41 } as const

/** Transforms (section 3.3.2, RFC 8247): encryption, pseudo-random function, integrity, and groups of Diffie-Hellman. */
const KIND = { encryption: 1, prf: 2, integrity: 3, group: 4 } as const
const CURVE25519 = 31
const AES_256 = [0x800e, 256] as const
const TRANSFORMS: readonly (readonly [kind: number, id: number, attribute?: readonly [number, number]])[] = [
  [KIND.encryption, 12, AES_256],
  [KIND.prf, 5],
  [KIND.integrity, 12],
  [KIND.group, CURVE25519],
  [KIND.group, 19],
  [KIND.group, 14],
]

/** What an answer may notify (section 3.10.1). */
const NOTIFICATIONS: Readonly<Record<number, string>> = {
  5: 'invalid major version',
  7: 'invalid syntax',
  14: 'no proposal chosen',
  17: 'wants another group',
  16390: 'wants a cookie',
}

/** IKE version 2 (RFC 7296): the first message of a negotiation, which is then left alone. */
export const ike: Protocol = {
  name: 'ike',
  ports: { udp: [500] },
  probe({ random }) {
    const body = concat(
      payload(PAYLOAD.key, proposal()),
      // Any 32 octets are a public value of this group (RFC 8031 section 3.1).
      payload(
        PAYLOAD.nonce,
        concat(
          bigEndian([
            [CURVE25519, 2],
            [0, 2],
          ]),
          randomOctets(32, random),
        ),
      ),
      payload(PAYLOAD.none, randomOctets(32, random)),
    )
    const header = bigEndian([
      [0, 4],
      [0, 4],
      [PAYLOAD.sa, 1],
      [VERSION_2, 1],
      [SA_INIT, 1],
      [FLAG.initiator, 1],
      [0, 4],
      [HEADER_LENGTH + body.length, 4],
    ])
    return concat(randomOctets(SPI_LENGTH, random), header, body)
  },
  detect(octets, { sent, ended, transport }) {
    if (transport !== 'udp' || sent.length < HEADER_LENGTH || sent[AT.exchange] !== SA_INIT) return undefined
    if (hasAt(octets, 0, sent.subarray(0, SPI_LENGTH)) === false) return undefined
    if (hasAt(octets, AT.version, [VERSION_2, SA_INIT]) === false) return undefined
    const length = octets.length < HEADER_LENGTH ? 'more' : answerLength(octets)
    if (length === undefined) return undefined
    if (length === 'more' || octets.length < length) return ended ? undefined : 'more'
    return serviceOf(octets.subarray(0, length))
  },
}

/** Of a message that is an answer. */
function answerLength(octets: Uint8Array): number | undefined {
  const length = read32(octets, AT.length)
  const isAnswer = ((octets[AT.flags] ?? 0) & FLAG.response) !== 0
  return isAnswer && length >= HEADER_LENGTH && length <= MOST_LENGTH ? length : undefined
}

/** A payload, which begins with the kind of the next one (section 3.2). */
function payload(next: number, body: Uint8Array): Uint8Array {
  return concat(
    bigEndian([
      [next, 1],
      [0, 1],
      [4 + body.length, 2],
    ]),
    body,
  )
}

/** The one proposal for IKE itself, without an SPI (section 3.3.1). */
function proposal(): Uint8Array {
  const transforms = TRANSFORMS.map(([kind, id, attribute], i) => {
    const more = i === TRANSFORMS.length - 1 ? 0 : 3
    const rest = attribute === undefined ? [] : attribute.map((value) => [value, 2] as const)
    return bigEndian([[more, 1], [0, 1], [8 + 2 * rest.length, 2], [kind, 1], [0, 1], [id, 2], ...rest])
  })
  const all = concat(...transforms)
  return concat(
    bigEndian([
      [0, 1],
      [0, 1],
      [8 + all.length, 2],
      [1, 1],
      [1, 1],
      [0, 1],
      [TRANSFORMS.length, 1],
    ]),
    all,
  )
}

function serviceOf(message: Uint8Array): Service {
  let next = message[AT.next] ?? 0
  let info = 'version 2'
  for (let at = HEADER_LENGTH; next !== PAYLOAD.none && at + 8 <= message.length; ) {
    const notified = next === PAYLOAD.notify ? NOTIFICATIONS[read16(message, at + 6)] : undefined
    if (notified !== undefined) info = `version 2, ${notified}`
    next = message[at] ?? 0
    at += Math.max(4, read16(message, at + 2))
  }
  return { protocol: 'ike', info }
}
