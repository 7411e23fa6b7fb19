import { needField, needRoom, read16, read32, write16, write32 } from './octets.ts'

/** An extension header of IPv6. Which header follows it is told by its place in the list. */
export type Ipv6Extension =
  | {
      /** RFC 8200 sections 4.3 and 4.6. `octets`: the options, 6 octets and a multiple of 8. */
      readonly kind: 'hop-by-hop' | 'destination-options'
      readonly octets: Uint8Array
    }
  | {
      /** RFC 8200 section 4.4. `octets`: the data of this type of routing, 4 octets and a multiple of 8. */
      readonly kind: 'routing'
      readonly type: number
      readonly segmentsLeft: number
      readonly octets: Uint8Array
    }
  | {
      /** RFC 8200 section 4.5; `offset` in octets, a multiple of 8. */
      readonly kind: 'fragment'
      readonly offset: number
      readonly moreFragments: boolean
      readonly id: number
      /** Zero by the RFC: the second octet, and two bits beside the flag. */
      readonly reserved: number
      readonly reservedBits: number
    }
  | {
      /** RFC 4302 section 2. `octets`: the integrity check value with its padding, a multiple of 4. */
      readonly kind: 'authentication'
      readonly spi: number
      readonly sequence: number
      readonly reserved: number
      readonly octets: Uint8Array
    }

/** A chain that never ends must not cost time: more than these are left in the payload. */
export const MOST_EXTENSIONS = 16

const NUMBER = {
  'hop-by-hop': 0,
  routing: 43,
  fragment: 44,
  authentication: 51,
  'destination-options': 60,
} as const satisfies Record<Ipv6Extension['kind'], number>
const KIND_OF: ReadonlyMap<number, Ipv6Extension['kind']> = new Map(
  Object.entries(NUMBER).map(([kind, number]) => [number, kind as Ipv6Extension['kind']]),
)

/** Octets before the part of variable length, by the kind. */
const FIXED: Readonly<Record<Ipv6Extension['kind'], number>> = {
  'hop-by-hop': 2,
  routing: 4,
  fragment: 8,
  authentication: 12,
  'destination-options': 2,
}

interface Ipv6Chain {
  readonly extensions: readonly Ipv6Extension[]
  /** The number of what follows the last of them. */
  readonly protocol: number
  /** Where that begins. */
  readonly from: number
}

/** The number that announces an extension header. */
export function extensionNumber({ kind }: Ipv6Extension): number {
  return NUMBER[kind]
}

/** The extension headers at `at`, the first announced by `next`; undefined when one is not whole, or for a jumbogram. */
export function decodeExtensions(
  octets: Uint8Array,
  at: number,
  limit: number,
  next: number,
): Ipv6Chain | undefined {
  const extensions: Ipv6Extension[] = []
  let [from, protocol] = [at, next]
  while (!isFull(extensions)) {
    const kind = KIND_OF.get(protocol)
    if (kind === undefined) break
    const to = endOf(octets, from, limit, kind)
    if (to === undefined) return undefined
    const extension = decodeExtension(octets, from, to, kind)
    if (isJumbo(extension)) return undefined
    extensions.push(extension)
    protocol = octets[from] ?? 0
    from = to
  }
  return { extensions, protocol, from }
}

/** Nothing may follow: there are enough, or a fragment other than the first, which carries no more headers. */
function isFull(extensions: readonly Ipv6Extension[]): boolean {
  return extensions.length >= MOST_EXTENSIONS || extensions.some(endsChain)
}

function endsChain(extension: Ipv6Extension): boolean {
  return extension.kind === 'fragment' && extension.offset > 0
}

/** Where the extension header at `from` ends; undefined when it is not whole or too short for its kind. */
function endOf(
  octets: Uint8Array,
  from: number,
  limit: number,
  kind: Ipv6Extension['kind'],
): number | undefined {
  if (from + 8 > limit) return undefined
  const to = from + lengthAt(octets, from, kind)
  return to > limit || to < from + FIXED[kind] ? undefined : to
}

function lengthAt(octets: Uint8Array, at: number, kind: Ipv6Extension['kind']): number {
  const units = octets[at + 1] ?? 0
  if (kind === 'fragment') return FIXED.fragment
  // The authentication header counts in units of 4, less 2, for it began its life in IPv4.
  return kind === 'authentication' ? 4 * (units + 2) : 8 * (units + 1)
}

function decodeExtension(
  octets: Uint8Array,
  from: number,
  to: number,
  kind: Ipv6Extension['kind'],
): Ipv6Extension {
  const rest = octets.subarray(from + FIXED[kind], to)
  switch (kind) {
    case 'hop-by-hop':
    case 'destination-options':
      return { kind, octets: rest }
    case 'routing':
      return { kind, type: octets[from + 2] ?? 0, segmentsLeft: octets[from + 3] ?? 0, octets: rest }
    case 'fragment': {
      const field = read16(octets, from + 2)
      return {
        kind,
        offset: field & 0xfff8,
        moreFragments: (field & 1) !== 0,
        id: read32(octets, from + 4),
        reserved: octets[from + 1] ?? 0,
        reservedBits: (field >>> 1) & 3,
      }
    }
    case 'authentication':
      return {
        kind,
        spi: read32(octets, from + 4),
        sequence: read32(octets, from + 8),
        reserved: read16(octets, from + 2),
        octets: rest,
      }
  }
}

/** One option of a hop-by-hop or destination options header (RFC 8200 section 4.2). */
export interface Ipv6Option {
  readonly type: number
  readonly data: Uint8Array
}

const PAD1 = 0
/** RFC 2675 section 2. */
const JUMBO_PAYLOAD = 0xc2

/** The options in their order without Pad1, each a view; the list ends before one that does not fit. */
export function listIpv6Options(octets: Uint8Array): readonly Ipv6Option[] {
  const options: Ipv6Option[] = []
  let at = 0
  while (at + 1 < octets.length) {
    const type = octets[at] ?? PAD1
    if (type === PAD1) {
      at += 1
      continue
    }
    const to = at + 2 + (octets[at + 1] ?? 0)
    if (to > octets.length) break
    options.push({ type, data: octets.subarray(at + 2, to) })
    at = to
  }
  return options
}

function isJumbo(extension: Ipv6Extension): boolean {
  if (extension.kind !== 'hop-by-hop') return false
  return listIpv6Options(extension.octets).some(({ type }) => type === JUMBO_PAYLOAD)
}

/** How many octets the extension headers take. */
export function extensionsLength(extensions: readonly Ipv6Extension[]): number {
  return extensions.reduce((sum, extension) => sum + lengthOf(extension), 0)
}

function lengthOf(extension: Ipv6Extension): number {
  return FIXED[extension.kind] + (extension.kind === 'fragment' ? 0 : extension.octets.length)
}

/**
 * Writes the extension headers one after the other, the last announcing `protocol`.
 * @returns how many octets were written
 * @throws RangeError when a field is out of range, octets have a length that the header cannot tell, something follows
 * a fragment other than the first, there are more than 16, a jumbo payload is among them, `protocol` announces an
 * extension header that belongs into the list, or the buffer is too small
 */
export function encodeExtensions(
  extensions: readonly Ipv6Extension[],
  protocol: number,
  into: Uint8Array,
  at: number,
): number {
  const length = extensionsLength(extensions)
  needRoom(into, at, length)
  needField('number of extension headers', extensions.length, MOST_EXTENSIONS)
  needField('protocol', protocol, 0xff)
  if (!isFull(extensions) && KIND_OF.has(protocol))
    throw new RangeError('an extension header belongs into the list')
  let from = at
  for (const [i, extension] of extensions.entries()) {
    const next = extensions[i + 1]
    if (next !== undefined && endsChain(extension)) {
      throw new RangeError('nothing follows the fragment header of a fragment other than the first')
    }
    into[from] = next === undefined ? protocol : extensionNumber(next)
    encodeExtension(extension, into, from)
    from += lengthOf(extension)
  }
  return length
}

/** Writes all but the first octet. */
function encodeExtension(extension: Ipv6Extension, into: Uint8Array, at: number): void {
  const length = lengthOf(extension)
  if (extension.kind !== 'fragment') {
    const unit = extension.kind === 'authentication' ? 4 : 8
    if (length % unit !== 0 || length < 8) {
      throw new RangeError(`an IPv6 ${extension.kind} header cannot be ${length} octets long`)
    }
    const units = unit === 4 ? length / 4 - 2 : length / 8 - 1
    needField('length of the extension header', units, 0xff)
    into[at + 1] = units
    into.set(extension.octets, at + FIXED[extension.kind])
  }
  if (isJumbo(extension)) throw new RangeError('jumbograms are not made')
  switch (extension.kind) {
    case 'hop-by-hop':
    case 'destination-options':
      return
    case 'routing':
      needField('routing type', extension.type, 0xff)
      needField('segments left', extension.segmentsLeft, 0xff)
      into[at + 2] = extension.type
      into[at + 3] = extension.segmentsLeft
      return
    case 'fragment':
      encodeFragment(extension, into, at)
      return
    case 'authentication':
      needField('reserved', extension.reserved, 0xffff)
      needField('security parameters index', extension.spi, 0xffff_ffff)
      needField('sequence number', extension.sequence, 0xffff_ffff)
      write16(into, at + 2, extension.reserved)
      write32(into, at + 4, extension.spi)
      write32(into, at + 8, extension.sequence)
  }
}

function encodeFragment(
  extension: Extract<Ipv6Extension, { kind: 'fragment' }>,
  into: Uint8Array,
  at: number,
): void {
  const { offset, moreFragments, id, reserved, reservedBits } = extension
  needField('fragment offset', offset, 0xfff8)
  if (offset % 8 !== 0) throw new RangeError(`fragment offset must be a multiple of 8: ${offset}`)
  needField('fragment id', id, 0xffff_ffff)
  needField('reserved', reserved, 0xff)
  needField('reserved bits', reservedBits, 3)
  into[at + 1] = reserved
  write16(into, at + 2, offset | (reservedBits << 1) | (moreFragments ? 1 : 0))
  write32(into, at + 4, id)
}
