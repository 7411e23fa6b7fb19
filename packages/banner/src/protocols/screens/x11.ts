import { toldOctets } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { readLow16, readLow32 } from '../../octets/little-endian.ts'
import { hasAt } from '../../octets/octets.ts'

/** "l" for numbers with the least octet first, version 11.0, no authorization. */
const SETUP = [0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]

/** The first octet of the answer; zero is a refusal. */
const SUCCESS = 1

/** Offsets of octets in a successful answer; its length counts from octet 8 on, in words of four. */
const AT = { reasonLength: 1, version: 2, words: 6, release: 8, vendorLength: 24, vendor: 40 } as const
const LONGEST_VENDOR = 200

const XORG = 'The X.Org Foundation'

/** X11 (X Window System Protocol, section 8 "Connection Setup"): the server lets us in, or says why not. */
export const x11: Protocol = {
  name: 'x11',
  ports: { tcp: Array.from({ length: 64 }, (_, display) => 6000 + display) },
  probe: () => Uint8Array.from(SETUP),
  detect(octets, { ended }) {
    if (hasAt(octets, AT.version, [11, 0, 0, 0]) === false) return undefined
    const kind = octets[0] ?? SUCCESS
    if (kind > SUCCESS || (kind === SUCCESS && (octets[1] ?? 0) !== 0)) return undefined
    if (octets.length < AT.release) return ended ? undefined : 'more'
    const told = kind === SUCCESS ? welcomed(octets) : refused(octets)
    return told === 'more' && ended ? undefined : told
  },
}

function refused(octets: Uint8Array): Service | 'more' | undefined {
  const length = octets[AT.reasonLength] ?? 0
  if (length === 0 || readLow16(octets, AT.words) !== Math.ceil(length / 4)) return undefined
  if (octets.length < AT.release + length) return 'more'
  const refusal = toldOctets(octets.subarray(AT.release, AT.release + length))
  if (refusal === undefined) return undefined
  return { protocol: 'x11', info: 'access refused', details: { refusal } }
}

function welcomed(octets: Uint8Array): Service | 'more' | undefined {
  if (octets.length < AT.vendor) return 'more'
  const length = readLow16(octets, AT.vendorLength)
  const whole = AT.release + 4 * readLow16(octets, AT.words)
  if (length > LONGEST_VENDOR || AT.vendor + length > whole) return undefined
  if (octets.length < AT.vendor + length) return 'more'
  const vendor = toldOctets(octets.subarray(AT.vendor, AT.vendor + length))
  const release = readLow32(octets, AT.release)
  const service = { protocol: 'x11', info: 'open to everyone' }
  if (vendor === undefined) return service
  const version = vendor === XORG ? xorgVersion(release) : undefined
  return { ...service, product: vendor, ...(version === undefined ? {} : { version }), details: { release } }
}

/** X.Org's release number holds four numbers: 12101006 is 1.21.1.6. */
function xorgVersion(release: number): string {
  const at = (unit: number, below: number): number => Math.floor(release / unit) % below
  const numbers = [at(10_000_000, 1000), at(100_000, 100), at(1000, 100)]
  const last = at(1, 1000)
  return [...numbers, ...(last === 0 ? [] : [last])].join('.')
}
