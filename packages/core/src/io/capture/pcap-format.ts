import { captureFault } from './captured-packet.ts'
import type { LookAhead } from './look-ahead.ts'

/** What the magic number of a classic capture file tells (draft-ietf-opsawg-pcap, section 4). */
export interface PcapFormat {
  readonly isLittleEndian: boolean
  /** Nanoseconds of one unit in the second field of a time stamp. */
  readonly unitNs: 1n | 1000n
  /** Octets before each packet: 24 in the files of old patched tcpdumps (Alexey Kuznetsov's), which add the interface. */
  readonly recordHeader: 16 | 24
}

export interface PcapHeader extends PcapFormat {
  readonly linkType: number
}

export const PCAP_HEADER_LENGTH = 24

/** Octets of the file header. */
export const PCAP_AT = { magic: 0, major: 4, minor: 6, snapLength: 16, linkType: 20 } as const

/** Octets of a record, before the packet. */
export const RECORD_AT = { seconds: 0, fraction: 4, captured: 8, length: 12 } as const

/** Magic numbers as the machine that wrote them meant them. */
export const PCAP_MAGIC = { microseconds: 0xa1b2c3d4, nanoseconds: 0xa1b23c4d, patched: 0xa1b2cd34 } as const

const FORMATS: readonly { readonly magic: number; readonly format: Omit<PcapFormat, 'isLittleEndian'> }[] = [
  { magic: PCAP_MAGIC.microseconds, format: { unitNs: 1000n, recordHeader: 16 } },
  { magic: PCAP_MAGIC.nanoseconds, format: { unitNs: 1n, recordHeader: 16 } },
  { magic: PCAP_MAGIC.patched, format: { unitNs: 1000n, recordHeader: 24 } },
]

/** The format by the first four octets of a file, which are here already; undefined when it is no classic capture. */
export function pcapFormat(head: LookAhead): PcapFormat | undefined {
  for (const isLittleEndian of [true, false]) {
    const found = FORMATS.find(({ magic }) => magic === head.uint32(PCAP_AT.magic, isLittleEndian))
    if (found !== undefined) return { ...found.format, isLittleEndian }
  }
  return undefined
}

/** Takes the file header. Rejects with LocalFault EBADMSG when it is not whole or of another version than 2.4. */
export async function takePcapHeader(head: LookAhead, format: PcapFormat, name: string): Promise<PcapHeader> {
  if (!(await head.fill(PCAP_HEADER_LENGTH))) {
    throw captureFault(name, `it ends inside its header, after ${head.held} of ${PCAP_HEADER_LENGTH} octets`)
  }
  const [major, minor] = [PCAP_AT.major, PCAP_AT.minor].map((at) => head.uint16(at, format.isLittleEndian))
  // Before version 2.3 the two lengths of a record stood the other way round.
  if (major !== 2 || minor !== 4) {
    throw captureFault(name, `it has version ${major}.${minor} of the capture format, only 2.4 is known`)
  }
  // The upper bits tell of a frame check sequence behind the packets, which nobody needs: IP headers have their own lengths.
  const linkType = head.uint32(PCAP_AT.linkType, format.isLittleEndian) & 0xffff
  head.pass(PCAP_HEADER_LENGTH)
  return { ...format, linkType }
}
