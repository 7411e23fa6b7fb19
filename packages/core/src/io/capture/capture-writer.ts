import { LONGEST_PACKET } from './captured-packet.ts'
import { PCAP_AT, PCAP_HEADER_LENGTH, PCAP_MAGIC, RECORD_AT } from './pcap-format.ts'

/** Writes a classic capture file with nanoseconds, little-endian, which libpcap reads since 1.5 of 2013. */
export interface CaptureWriter {
  /**
   * Adds a packet. Its octets are only read during the call; those beyond 262144 are left out.
   * @param timeNs nanoseconds since 1970; times that the format cannot say (before 1970, after 2106) are moved to its ends
   * @param octets from the header of the file's link type on
   * @param length octets that it had on the wire
   * @throws what the sink throws
   */
  packet(timeNs: bigint, octets: Uint8Array, length: number): void
  /** Hands everything that was collected to the sink. To be called in the end. @throws what the sink throws */
  flush(): void
}

/** Takes octets and is done with them when it returns, such as a file that is written to directly. */
export interface CaptureSink {
  write(octets: Uint8Array): void
}

/** Packets are collected up to here, because each write is a system call. */
const COLLECTED = 65_536
const RECORD_HEADER = 16

/**
 * Writes the file header at once; all packets are of one link type. The sink stays its owner's to close.
 * @throws what the sink throws
 */
export function createCaptureWriter(sink: CaptureSink, linkType: number): CaptureWriter {
  const collected = new Uint8Array(COLLECTED + RECORD_HEADER + LONGEST_PACKET)
  const view = new DataView(collected.buffer)
  let used = fileHeader(view, linkType)
  const flush = (): void => {
    if (used === 0) return
    const octets = collected.subarray(0, used)
    // Not written twice when the sink throws: part of it may be in the file already.
    used = 0
    sink.write(octets)
  }
  flush()
  return {
    packet(timeNs, octets, length) {
      const captured = octets.length > LONGEST_PACKET ? octets.subarray(0, LONGEST_PACKET) : octets
      recordHeader(view, used, timeNs, captured.length, length)
      collected.set(captured, used + RECORD_HEADER)
      used += RECORD_HEADER + captured.length
      if (used >= COLLECTED) flush()
    },
    flush,
  }
}

/** draft-ietf-opsawg-pcap, section 4. */
function fileHeader(view: DataView, linkType: number): number {
  view.setUint32(PCAP_AT.magic, PCAP_MAGIC.nanoseconds, true)
  view.setUint16(PCAP_AT.major, 2, true)
  view.setUint16(PCAP_AT.minor, 4, true)
  view.setUint32(PCAP_AT.snapLength, LONGEST_PACKET, true)
  view.setUint32(PCAP_AT.linkType, linkType, true)
  return PCAP_HEADER_LENGTH
}

const SECOND_NS = 1_000_000_000n
const LAST_NS = 2n ** 32n * SECOND_NS - 1n

/** draft-ietf-opsawg-pcap, section 5. */
function recordHeader(view: DataView, at: number, timeNs: bigint, captured: number, length: number): void {
  const time = timeNs < 0n ? 0n : timeNs > LAST_NS ? LAST_NS : timeNs
  view.setUint32(at + RECORD_AT.seconds, Number(time / SECOND_NS), true)
  view.setUint32(at + RECORD_AT.fraction, Number(time % SECOND_NS), true)
  view.setUint32(at + RECORD_AT.captured, captured, true)
  view.setUint32(at + RECORD_AT.length, Math.max(captured, length), true)
}
