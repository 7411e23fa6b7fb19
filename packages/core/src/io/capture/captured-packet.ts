import { LocalFault } from '../../model/errors.ts'

/** One packet of a capture file. Its octets are part of a larger buffer that nobody changes: they stay valid. */
export interface CapturedPacket {
  /** The 16 low bits of the link type in the file; `decodeLink` takes it. */
  readonly linkType: number
  /** What was captured, from the link-layer header on. */
  readonly octets: Uint8Array
  /** Octets that it had on the wire, never fewer than were captured. */
  readonly length: number
  /** Nanoseconds since 1970; undefined where the file has no time for it (pcapng's simple packets). */
  readonly timeNs: bigint | undefined
  /** Counts the interfaces of the file from 0 on, over all its sections. */
  readonly interfaceId: number
}

/** How a capture ended. */
export interface CaptureEnd {
  /** Packets that were given. */
  readonly packets: number
  /** That the file stops in the middle of something, in words; undefined when it is whole. */
  readonly truncated: string | undefined
}

export type Captured = AsyncGenerator<CapturedPacket, CaptureEnd>

/** No packet of a link type that we know is longer; nor does libpcap read longer ones (its MAXIMUM_SNAPLEN). */
export const LONGEST_PACKET = 262_144

/** A file that is no capture, or one that contradicts itself. */
export function captureFault(name: string, why: string): LocalFault {
  return new LocalFault('EBADMSG', `cannot read ${name}: ${why}`)
}
