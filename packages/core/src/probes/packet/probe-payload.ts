import { sumOf } from '../../wire/checksum.ts'

/** Another payload for each packet, all of the same length. */
export interface PayloadSeries {
  /** In octets. */
  readonly length: number
  /** Of the packet with that index, always the same. Only read before the next call. */
  at(index: number): Uint8Array
}

/** The payload of every packet, or of each. */
export type ProbePayload = Uint8Array | PayloadSeries

/** The series, where the packets differ. */
export function seriesOf(payload: ProbePayload): PayloadSeries | undefined {
  return payload instanceof Uint8Array ? undefined : payload
}

/** What stands in a packet before it is known which one it is. @throws RangeError when a series' length is none */
export function commonPayload(payload: ProbePayload): Uint8Array {
  return payload instanceof Uint8Array ? payload : new Uint8Array(payload.length)
}

/**
 * Writes the payload of a packet.
 * @param at an even offset from where the checksum begins
 * @returns what it adds to the unfolded sum
 * @throws RangeError when it is not as long as the series says
 */
export function writePayload(series: PayloadSeries, index: number, into: Uint8Array, at: number): number {
  const payload = series.at(index)
  if (payload.length !== series.length) {
    throw new RangeError(`a payload of ${payload.length} octets in a series of ${series.length}`)
  }
  into.set(payload, at)
  return sumOf(payload, 0, payload.length)
}
