import { toldOctets } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import { bigEndian, read16 } from '../../octets/big-endian.ts'
import { hasAt } from '../../octets/octets.ts'

/** Octets of both messages (RFC 2637 sections 2.1 and 2.2), and offsets of the reply's fields. */
const LENGTH = 156
const AT = { version: 12, result: 14, firmware: 26, hostname: 28, vendor: 92 } as const
const TEXT = 64

/** Length, control message, the magic cookie; the kind of message follows. */
const START = [0, LENGTH, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d]
const REPLY = [...START, 0, 2]

/** Start-Control-Connection-Request: version 1.0, any framing and bearer, no names. */
function request(): Uint8Array {
  const octets = new Uint8Array(LENGTH)
  octets.set(START)
  octets.set(
    bigEndian([
      [1, 2],
      [0, 2],
      [0x0100, 2],
      [0, 2],
      [3, 4],
      [3, 4],
    ]),
    START.length,
  )
  return octets
}

/** Point-to-point tunneling (RFC 2637): the server names itself in its reply. */
export const pptp: Protocol = {
  name: 'pptp',
  ports: { tcp: [1723] },
  probe: request,
  detect(octets, { ended }) {
    if (hasAt(octets, 0, REPLY) === false) return undefined
    if (octets.length < LENGTH) return ended ? undefined : 'more'
    const hostname = textAt(octets, AT.hostname)
    const vendor = textAt(octets, AT.vendor)
    return {
      protocol: 'pptp',
      info: `protocol ${octets[AT.version]}.${octets[AT.version + 1]}`,
      ...(hostname === undefined ? {} : { hostname }),
      details: {
        ...(vendor === undefined ? {} : { vendor }),
        'firmware revision': read16(octets, AT.firmware),
        result: octets[AT.result] ?? 0,
      },
    }
  },
}

/** A text of 64 octets, filled up with zeros. */
function textAt(octets: Uint8Array, at: number): string | undefined {
  const text = octets.subarray(at, at + TEXT)
  const end = text.indexOf(0)
  return toldOctets(end < 0 ? text : text.subarray(0, end))
}
