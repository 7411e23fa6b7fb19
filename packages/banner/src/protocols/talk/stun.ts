import { clip } from '../../model/clip.ts'
import { peerText, toldOctets } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { bigEndian, read16 } from '../../octets/big-endian.ts'
import { concat, hasAt, randomOctets } from '../../octets/octets.ts'
import { namedVersion } from '../kit/named-version.ts'

/** RFC 8489 section 5. Offsets in octets. */
const AT = { length: 2, cookie: 4, transaction: 8 } as const
const HEADER_LENGTH = 20
const COOKIE = 0x2112a442
const TYPE = { request: [0x00, 0x01], success: [0x01, 0x01], error: [0x01, 0x11] } as const

/** Section 18.3. */
const ATTRIBUTE = { errorCode: 0x0009, software: 0x8022 } as const

/** STUN and TURN (RFC 8489, RFC 8656): a binding request, whose answer may name the software. */
export const stun: Protocol = {
  name: 'stun',
  ports: { tcp: [3478], udp: [3478, 5349] },
  tlsPorts: [5349],
  probe: ({ random }) =>
    concat(
      bigEndian([
        [read16(Uint8Array.from(TYPE.request), 0), 2],
        [0, 2],
        [COOKIE, 4],
      ]),
      randomOctets(12, random),
    ),
  detect(octets, { sent, ended }) {
    if (sent.length < HEADER_LENGTH || !hasAt(sent, 0, TYPE.request)) return undefined
    if (hasAt(octets, 0, TYPE.success) === false && hasAt(octets, 0, TYPE.error) === false) return undefined
    if (hasAt(octets, AT.cookie, sent.subarray(AT.cookie, HEADER_LENGTH)) === false) return undefined
    const end = HEADER_LENGTH + read16(octets, AT.length)
    if (octets.length < HEADER_LENGTH || octets.length < end) return ended ? undefined : 'more'
    return serviceOf(attributesOf(octets.subarray(0, end)))
  },
}

/** Each sort's first (section 14). */
function attributesOf(message: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const attributes = new Map<number, Uint8Array>()
  for (let at = HEADER_LENGTH; at + 4 <= message.length; ) {
    const [type, length] = [read16(message, at), read16(message, at + 2)]
    if (!attributes.has(type)) attributes.set(type, message.subarray(at + 4, at + 4 + length))
    // Each begins at a multiple of four octets.
    at += 4 + Math.ceil(length / 4) * 4
  }
  return attributes
}

function serviceOf(attributes: ReadonlyMap<number, Uint8Array>): Service {
  const software = toldOctets(attributes.get(ATTRIBUTE.software)?.filter((octet) => octet !== 0))
  const error = attributes.get(ATTRIBUTE.errorCode)
  const named = namedVersion(software ?? '')
  return {
    protocol: 'stun',
    product: named?.product,
    version: named?.version,
    info: error && errorOf(error),
    details: software === undefined ? undefined : { software },
  }
}

/** `401 Unauthorized` (section 14.8). */
function errorOf(octets: Uint8Array): string {
  const code = ((octets[2] ?? 0) & 7) * 100 + (octets[3] ?? 0)
  return clip(`${code} ${peerText(octets.subarray(4))}`)
}
