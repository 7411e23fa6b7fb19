/** A stretch of the array that was decoded: the octet at `from` up to but not including the one at `to`. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** What every decoded header says of what follows it. */
export interface Carrier {
  /** Where the payload lies, as far as it was captured; empty when there is none. */
  readonly payload: Span
  /** The header promises more octets than were captured. */
  readonly truncated: boolean
}

/** Where decoding has to stop: `end`, or the end of the array when that comes first. */
export function limitOf(octets: Uint8Array, end: number): number {
  return Math.min(end, octets.length)
}

/** The payload from `from` on that a header promises to end at `promised`, cut down to what was captured. */
export function carried(from: number, promised: number, limit: number): Carrier {
  const to = Math.min(promised, limit)
  return { payload: { from: Math.min(from, to), to }, truncated: promised > limit }
}

/** Where a message at `at` was cut, and how many octets it has: `length`, or when that is not known all before `end`. */
export function bounds(
  octets: Uint8Array,
  at: number,
  end: number,
  length?: number,
): { readonly end: number; readonly length: number } {
  const limit = limitOf(octets, end)
  const whole = length ?? Math.max(0, limit - at)
  return { end: Math.min(limit, at + whole), length: whole }
}
