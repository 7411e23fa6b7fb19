import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { read16, read32 } from '../../octets/big-endian.ts'
import { hasAt } from '../../octets/octets.ts'

/** RFC 4271 section 4.1: sixteen octets of ones, length, type. */
const MARKER = Array.from({ length: 16 }, () => 0xff)
const HEADER = 19
const OPEN = 1
const NOTIFICATION = 3
const LONGEST = 4096

/** Offsets in an OPEN message (section 4.2), and where its fixed part ends. */
const AT = { version: 19, as: 20, hold: 22, identifier: 24, end: 29 } as const

/** Octets of a message at least, by its type. */
const LEAST: Readonly<Record<number, number>> = { [OPEN]: AT.end, [NOTIFICATION]: HEADER + 2 }

/** The code of a NOTIFICATION (section 4.5). */
const ERRORS: Readonly<Record<number, string>> = {
  1: 'message header error',
  2: 'OPEN message error',
  3: 'UPDATE message error',
  4: 'hold timer expired',
  5: 'finite state machine error',
  6: 'cease',
}

/** Border gateway protocol (RFC 4271): it greets with OPEN, or turns strangers away with NOTIFICATION. */
export const bgp: Protocol = {
  name: 'bgp',
  ports: { tcp: [179] },
  detect(octets, { ended }) {
    if (hasAt(octets, 0, MARKER) === false) return undefined
    if (octets.length < HEADER) return ended ? undefined : 'more'
    const length = read16(octets, 16)
    const type = octets[18] ?? 0
    const least = LEAST[type]
    if (least === undefined || length < least || length > LONGEST) return undefined
    if (octets.length < least) return ended ? undefined : 'more'
    return type === OPEN ? opened(octets) : notified(octets[HEADER] ?? 0)
  },
}

function opened(octets: Uint8Array): Service | undefined {
  const version = octets[AT.version]
  if (version !== 4) return undefined
  const identifier = Array.from(octets.subarray(AT.identifier, AT.identifier + 4)).join('.')
  const as = read16(octets, AT.as)
  if (read32(octets, AT.identifier) === 0) return undefined
  return {
    protocol: 'bgp',
    info: `protocol ${version}`,
    details: { AS: as, 'hold time': read16(octets, AT.hold), identifier },
  }
}

function notified(code: number): Service | undefined {
  const error = ERRORS[code]
  return error === undefined ? undefined : { protocol: 'bgp', details: { notification: error } }
}
