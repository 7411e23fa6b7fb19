import { type Captured, type CapturedPacket, captureFault } from './captured-packet.ts'
import type { LookAhead } from './look-ahead.ts'
import { lengthsComplaint } from './pcap-batches.ts'
import { BLOCK, type Block, CutShort, enterBlock, leaveBlock, needOf } from './pcapng-block.ts'
import { type CaptureInterface, padded, readInterface, readSection, type Section } from './pcapng-section.ts'

/** Offsets in an enhanced or obsolete packet block (draft-ietf-opsawg-pcapng, sections 4.3 and A.1). */
const PACKET_AT = { interface: 8, high: 12, low: 16, captured: 20, length: 24, octets: 28 } as const

/** Offsets in a simple packet block (section 4.4). */
const SIMPLE_AT = { length: 8, octets: 12 } as const

/**
 * Captures of several interfaces and sections (draft-ietf-opsawg-pcapng); blocks without packets are passed over
 * without being held. Rejects with LocalFault EBADMSG for a block that cannot be true.
 */
export async function* readPcapng(head: LookAhead, name: string): Captured {
  let section: Section | undefined
  let packets = 0
  try {
    while (head.held > 0 || (await head.fill(1))) {
      const block = await enterBlock(head, section?.isLittleEndian ?? true, name)
      const found = await readBlock(head, block, section, name)
      await leaveBlock(head, block, name)
      if (found.kind === 'section') section = found.section
      if (found.kind !== 'packet') continue
      packets++
      yield found.packet
    }
  } catch (error) {
    if (!(error instanceof CutShort)) throw error
    if (section === undefined) throw captureFault(name, 'it ends inside its header')
    return { packets, truncated: `it ends inside a block, behind packet ${packets}` }
  }
  return { packets, truncated: undefined }
}

type Found =
  | { readonly kind: 'section'; readonly section: Section }
  | { readonly kind: 'packet'; readonly packet: CapturedPacket }
  | { readonly kind: 'nothing' }

const NOTHING: Found = { kind: 'nothing' }

async function readBlock(
  head: LookAhead,
  block: Block,
  section: Section | undefined,
  name: string,
): Promise<Found> {
  if (block.type === BLOCK.section) {
    return { kind: 'section', section: await readSection(head, block, section, name) }
  }
  if (section === undefined) throw captureFault(name, 'it does not start with a section header')
  switch (block.type) {
    case BLOCK.interface:
      await readInterface(head, block, section, name)
      return NOTHING
    case BLOCK.enhancedPacket:
    case BLOCK.obsoletePacket:
      return { kind: 'packet', packet: await stampedPacket(head, block, section, name) }
    case BLOCK.simplePacket:
      return { kind: 'packet', packet: await simplePacket(head, block, section, name) }
    default:
      return NOTHING
  }
}

async function stampedPacket(
  head: LookAhead,
  block: Block,
  section: Section,
  name: string,
): Promise<CapturedPacket> {
  await needOf(head, block, PACKET_AT.octets, name)
  const u32 = (at: number): number => head.uint32(at, block.isLittleEndian)
  const isObsolete = block.type === BLOCK.obsoletePacket
  const id = isObsolete ? head.uint16(PACKET_AT.interface, block.isLittleEndian) : u32(PACKET_AT.interface)
  const from = interfaceOf(section, id, name)
  const [captured, length] = [u32(PACKET_AT.captured), u32(PACKET_AT.length)]
  const ticks = (BigInt(u32(PACKET_AT.high)) << 32n) | BigInt(u32(PACKET_AT.low))
  return {
    linkType: from.linkType,
    octets: await octetsOf(head, block, { at: PACKET_AT.octets, captured, length }, name),
    length,
    timeNs: timeNs(ticks, from),
    interfaceId: section.before + id,
  }
}

async function simplePacket(
  head: LookAhead,
  block: Block,
  section: Section,
  name: string,
): Promise<CapturedPacket> {
  await needOf(head, block, SIMPLE_AT.octets, name)
  const { linkType, snapLength } = interfaceOf(section, 0, name)
  const length = head.uint32(SIMPLE_AT.length, block.isLittleEndian)
  const captured = snapLength === 0 ? length : Math.min(length, snapLength)
  const octets = await octetsOf(head, block, { at: SIMPLE_AT.octets, captured, length }, name)
  return { linkType, octets, length, timeNs: undefined, interfaceId: section.before }
}

interface Extent {
  readonly at: number
  readonly captured: number
  readonly length: number
}

async function octetsOf(
  head: LookAhead,
  block: Block,
  { at, captured, length }: Extent,
  name: string,
): Promise<Uint8Array> {
  const complaint = lengthsComplaint(captured, length)
  if (complaint !== undefined) throw captureFault(name, `a packet of it ${complaint}`)
  await needOf(head, block, at + padded(captured), name)
  return head.octets(at, captured)
}

function interfaceOf({ interfaces }: Section, id: number, name: string): CaptureInterface {
  const found = interfaces[id]
  if (found === undefined) {
    throw captureFault(name, `a packet of it is from interface ${id}, and it describes ${interfaces.length}`)
  }
  return found
}

const SECOND_NS = 1_000_000_000n

function timeNs(ticks: bigint, { ticksPerSecond, offsetSeconds }: CaptureInterface): bigint {
  return (ticks * SECOND_NS) / ticksPerSecond + offsetSeconds * SECOND_NS
}
