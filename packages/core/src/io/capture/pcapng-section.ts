import { captureFault } from './captured-packet.ts'
import type { LookAhead } from './look-ahead.ts'
import { type Block, needOf } from './pcapng-block.ts'

/** A part of a pcapng file with its own byte order and its own interfaces. */
export interface Section {
  readonly isLittleEndian: boolean
  /** Interfaces of the sections before it. */
  readonly before: number
  readonly interfaces: CaptureInterface[]
}

/** What the packets of one interface have in common. */
export interface CaptureInterface {
  readonly linkType: number
  /** Octets that packets are cut to; 0 for no limit. */
  readonly snapLength: number
  readonly ticksPerSecond: bigint
  /** To be added to all its stamps. */
  readonly offsetSeconds: bigint
}

/** More would only serve to fill the memory. */
const MOST_INTERFACES = 65_536

/** It is held as a whole; comments and filters are all that makes it long. */
const LONGEST_DESCRIPTION = 262_144

/** Offsets in a section header block (draft-ietf-opsawg-pcapng, section 4.1). */
const SECTION_AT = { major: 12, end: 24 } as const

/** Offsets in an interface description block (section 4.2). */
const INTERFACE_AT = { linkType: 8, snapLength: 12, options: 16 } as const

/** Options of an interface description (section 4.2). */
const OPTION = { end: 0, resolution: 9, offset: 14 } as const

/** Rejects with LocalFault EBADMSG for another version than 1. */
export async function readSection(
  head: LookAhead,
  block: Block,
  earlier: Section | undefined,
  name: string,
): Promise<Section> {
  await needOf(head, block, SECTION_AT.end, name)
  const major = head.uint16(SECTION_AT.major, block.isLittleEndian)
  if (major !== 1) throw captureFault(name, `it has version ${major} of the pcapng format, only 1 is known`)
  const before = earlier === undefined ? 0 : earlier.before + earlier.interfaces.length
  return { isLittleEndian: block.isLittleEndian, before, interfaces: [] }
}

/** Adds the interface that a block describes to its section. Rejects with LocalFault EBADMSG. */
export async function readInterface(
  head: LookAhead,
  block: Block,
  section: Section,
  name: string,
): Promise<void> {
  if (section.interfaces.length === MOST_INTERFACES) {
    throw captureFault(name, `it describes more than ${MOST_INTERFACES} interfaces`)
  }
  if (block.length > LONGEST_DESCRIPTION) {
    throw captureFault(name, `it describes an interface with ${block.length} octets`)
  }
  const end = block.length - 4
  await needOf(head, block, Math.max(end, INTERFACE_AT.options), name)
  const options = optionsOf(head, INTERFACE_AT.options, end, block.isLittleEndian)
  if (options === undefined) throw captureFault(name, 'an interface of it has an option without an end')
  section.interfaces.push({
    linkType: head.uint16(INTERFACE_AT.linkType, block.isLittleEndian),
    snapLength: head.uint32(INTERFACE_AT.snapLength, block.isLittleEndian),
    ...options,
  })
}

type Options = Pick<CaptureInterface, 'ticksPerSecond' | 'offsetSeconds'>

/** undefined when an option is longer than the block. */
function optionsOf(head: LookAhead, from: number, end: number, isLittle: boolean): Options | undefined {
  let ticksPerSecond = 1_000_000n
  let offsetSeconds = 0n
  for (let at = from; at + 4 <= end; ) {
    const code = head.uint16(at, isLittle)
    const length = head.uint16(at + 2, isLittle)
    if (code === OPTION.end) break
    if (at + 4 + length > end) return undefined
    if (code === OPTION.resolution && length === 1) ticksPerSecond = resolution(head.octets(at + 4, 1)[0])
    if (code === OPTION.offset && length === 8) offsetSeconds = head.int64(at + 4, isLittle)
    at += 4 + padded(length)
  }
  return { ticksPerSecond, offsetSeconds }
}

/** A negative power of 2 with the highest bit set, else of 10. */
function resolution(octet = 6): bigint {
  const exponent = BigInt(octet & 0x7f)
  return octet < 0x80 ? 10n ** exponent : 2n ** exponent
}

/** Everything in pcapng is filled up to a multiple of 4 octets. */
export function padded(length: number): number {
  return 4 * Math.ceil(length / 4)
}
