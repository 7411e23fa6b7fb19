import { type Family, UsageError } from '@portkit/core'
import { isFragment, RECORD_ROUTE, upperHeaderLength } from '../packet-shape.ts'
import type { Settings } from '../settings.ts'
import type { Args } from './args.ts'

/** Octets (RFC 791 section 3.1, RFC 8200 section 3): IPv4 counts its own header in, IPv6 does not. */
const LONGEST_PACKET = 65_535
const IPV4_HEADER = 20
/** The fragment header, which IPv6 counts as payload (RFC 8200 section 4.5). */
const IPV6_FRAGMENT = 8

type Shape = Pick<Settings, 'mode' | 'icmp' | 'tcp' | 'ip'>

/** What a packet can hold behind the IP header; where the family is not known yet, what both can. */
function room({ ip }: Shape, family: Family | undefined): number {
  if (family === 6) return LONGEST_PACKET - (isFragment(ip) ? IPV6_FRAGMENT : 0)
  return LONGEST_PACKET - IPV4_HEADER - (ip.recordRoute ? RECORD_ROUTE : 0)
}

/** `-d`, `-e` and `-E`. @throws UsageError for data that contradict themselves or do not fit into a packet */
export function dataOf(
  args: Pick<Args, 'data' | 'sign' | 'file'>,
  shape: Shape,
  family: Family | undefined,
): Pick<Settings, 'dataLength' | 'sign' | 'file'> {
  const sign = new TextEncoder().encode(args.sign ?? '')
  const dataLength = args.data ?? sign.length
  const { file } = args
  const most = room(shape, family) - upperHeaderLength(shape)
  if (sign.length > dataLength) {
    throw new UsageError(`-e: ${sign.length} octets do not fit into the ${dataLength} of -d`)
  }
  if (dataLength > most) {
    const option = args.data === undefined ? '-e' : '-d'
    throw new UsageError(`${option}: more than the ${most} octets that fit: ${dataLength}`)
  }
  if (file !== undefined && args.data === undefined) {
    throw new UsageError('-E needs -d: so many octets of the file go into a packet')
  }
  if (file !== undefined && sign.length === dataLength) {
    throw new UsageError('-E: -d leaves no room for octets of the file')
  }
  if (shape.ip.fragmentOffset + upperHeaderLength(shape) + dataLength > room(shape, family)) {
    throw new UsageError('-g: no packet is so long that it could have this fragment')
  }
  return { dataLength, sign, file }
}
