import { type CaptureEnd, captureFault, LONGEST_PACKET } from './captured-packet.ts'
import type { LookAhead } from './look-ahead.ts'
import { PCAP_AT, PCAP_HEADER_LENGTH, PCAP_MAGIC, type PcapHeader, RECORD_AT } from './pcap-format.ts'

/** A small capture file of its own, checked: a header that every reader knows, and whole records with sane lengths. */
export interface PcapBatch {
  readonly file: Buffer
  readonly packets: number
}

/** Octets that one batch goes beyond by one packet at most. */
const BATCH_LENGTH = 65_536

/**
 * Cuts a classic capture into batches of the packets that are here already, so that a slow file is read as it comes. The
 * header of each batch says microseconds, whatever the unit is, and the records are the short ones of 16 octets.
 * Rejects with LocalFault EBADMSG at a record that cannot be true, once all before it were given.
 */
export async function* pcapBatches(
  head: LookAhead,
  header: PcapHeader,
  name: string,
): AsyncGenerator<PcapBatch, CaptureEnd> {
  for (let packets = 0; ; ) {
    const walk = walkRecords(head, header)
    if (walk.records > 0) {
      packets += walk.records
      const file = batchOf(head, header, walk)
      head.pass(walk.to)
      yield { file, packets: walk.records }
    } else if (walk.complaint !== undefined) {
      throw captureFault(name, `packet ${packets + 1} ${walk.complaint}`)
    } else if (!(await head.fill(walk.needed))) {
      const truncated = head.held === 0 ? undefined : `it ends inside packet ${packets + 1}`
      return { packets, truncated }
    }
  }
}

/** The records that are whole. Without any: why, or how many octets are needed for the first. */
interface Walk {
  readonly records: number
  /** Behind the last of them. */
  readonly to: number
  readonly needed: number
  readonly complaint: string | undefined
}

function walkRecords(head: LookAhead, { isLittleEndian, recordHeader }: PcapHeader): Walk {
  let records = 0
  let to = 0
  let needed = recordHeader
  while (head.held >= to + recordHeader && to < BATCH_LENGTH) {
    const captured = head.uint32(to + RECORD_AT.captured, isLittleEndian)
    const complaint = lengthsComplaint(captured, head.uint32(to + RECORD_AT.length, isLittleEndian))
    if (complaint !== undefined) return { records, to, needed, complaint }
    needed = recordHeader + captured
    if (head.held < to + needed) break
    to += needed
    records++
  }
  return { records, to, needed, complaint: undefined }
}

/** Offloading makes packets of some hundred kilobytes; what is far beyond is no length. */
const LONGEST_ON_WIRE = 2 ** 26

/** What is wrong with the lengths of a packet; undefined when nothing is. */
export function lengthsComplaint(captured: number, length: number): string | undefined {
  if (captured > LONGEST_PACKET) {
    return `claims ${captured} captured octets, where ${LONGEST_PACKET} are the most that there can be`
  }
  if (length > LONGEST_ON_WIRE) return `claims ${length} octets on the wire`
  if (captured > length) return `claims ${captured} captured octets of ${length} on the wire`
  return undefined
}

const PLAIN_RECORD_HEADER = 16

function batchOf(head: LookAhead, { isLittleEndian, recordHeader }: PcapHeader, walk: Walk): Buffer {
  const surplus = recordHeader - PLAIN_RECORD_HEADER
  const file = Buffer.alloc(PCAP_HEADER_LENGTH + walk.to - surplus * walk.records)
  const view = new DataView(file.buffer, file.byteOffset, file.length)
  view.setUint32(PCAP_AT.magic, PCAP_MAGIC.microseconds, isLittleEndian)
  view.setUint16(PCAP_AT.major, 2, isLittleEndian)
  view.setUint16(PCAP_AT.minor, 4, isLittleEndian)
  if (surplus === 0) {
    file.set(head.octets(0, walk.to), PCAP_HEADER_LENGTH)
    return file
  }
  for (let from = 0, at = PCAP_HEADER_LENGTH; from < walk.to; ) {
    const captured = head.uint32(from + RECORD_AT.captured, isLittleEndian)
    file.set(head.octets(from, PLAIN_RECORD_HEADER), at)
    file.set(head.octets(from + recordHeader, captured), at + PLAIN_RECORD_HEADER)
    from += recordHeader + captured
    at += PLAIN_RECORD_HEADER + captured
  }
  return file
}
