import { needField } from './octets.ts'

/** One option of an IPv4 header (RFC 791 section 3.1): 7 record route, 68 time stamp, 131 loose source route. */
export interface Ipv4Option {
  /** The whole first octet: copied flag, class and number; 1 is the no-operation, which has no data. */
  readonly type: number
  /** What follows type and length. */
  readonly data: Uint8Array
}

const END = 0
const NO_OPERATION = 1
const LONGEST = 40

/**
 * The options in their order, each a view into `octets`. The list ends at the end-of-list octet, and before an
 * option whose length contradicts the room that there is: what follows it has no meaning.
 */
export function listIpv4Options(octets: Uint8Array): readonly Ipv4Option[] {
  const options: Ipv4Option[] = []
  let at = 0
  while (at < octets.length) {
    const type = octets[at] ?? END
    if (type === END) break
    const length = type === NO_OPERATION ? 1 : lengthAt(octets, at)
    if (length === undefined) break
    options.push({ type, data: octets.subarray(at + Math.min(2, length), at + length) })
    at += length
  }
  return options
}

/** Of type, length and data; undefined when they do not fit. */
function lengthAt(octets: Uint8Array, at: number): number | undefined {
  const length = at + 1 < octets.length ? (octets[at + 1] ?? 0) : 0
  return length < 2 || at + length > octets.length ? undefined : length
}

/**
 * The options one after the other, filled up to a multiple of 4 with end-of-list octets.
 * @throws RangeError when they do not fit into the 40 octets of a header, a type is out of range or the end of the
 * list (0), or a no-operation has data
 */
export function ipv4OptionOctets(options: readonly Ipv4Option[]): Uint8Array {
  const octets: number[] = []
  for (const { type, data } of options) {
    needField('option type', type, 0xff)
    if (type === END) throw new RangeError('the end of the list is no option: it is added where it is needed')
    if (type !== NO_OPERATION) octets.push(type, data.length + 2, ...data)
    else if (data.length === 0) octets.push(type)
    else throw new RangeError('the no-operation has no data')
  }
  needField('length of the IPv4 options', octets.length, LONGEST)
  while (octets.length % 4 !== 0) octets.push(END)
  return Uint8Array.from(octets)
}
