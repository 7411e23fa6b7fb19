/**
 * What benchmarks say, and the arithmetic behind it.
 *
 * @typedef {{ readonly name: string, readonly quick: boolean, readonly note: (text: string) => void }} Context
 * @typedef {{
 *   readonly what: string,
 *   readonly value: number,
 *   readonly unit: string,
 *   readonly limit?: number,
 *   readonly least?: number,
 *   readonly samples: number,
 * }} Figure one with a `limit` or a `least` is a target: it must not be greater, or less; others are there to compare
 * @typedef {{ readonly figures: readonly Figure[], readonly raw: Readonly<Record<string, unknown>> }} Report
 * @typedef {{
 *   readonly samples: number,
 *   readonly median: number,
 *   readonly p95: number,
 *   readonly max: number,
 *   readonly below: number,
 * }} ErrorFigures of |printed - wire|; `below` is the most that was printed below the wire, 0 when nothing was
 */

/**
 * Quantile by nearest rank.
 * @param {readonly number[]} values @param {number} q from 0 to 1
 * @throws {RangeError} when there are no values
 */
export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b)
  const value = sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]
  if (value === undefined) throw new RangeError('a quantile of nothing')
  return value
}

/**
 * The middle value; the mean of the two in the middle for an even number of them.
 * @param {readonly number[]} values
 * @throws {RangeError} when there are no values
 */
export function median(values) {
  const middle = quantile(values, 0.5)
  if (values.length % 2 === 1) return middle
  return (middle + quantile(values, 0.5 + 1 / values.length)) / 2
}

/**
 * How far printed times are from the wire's.
 * @param {readonly { readonly printed: number, readonly wire: number }[]} pairs in one unit
 * @returns {ErrorFigures}
 * @throws {RangeError} when there are none
 */
export function errorFigures(pairs) {
  const signed = pairs.map(({ printed, wire }) => printed - wire)
  const sizes = signed.map(Math.abs)
  return {
    samples: pairs.length,
    median: median(sizes),
    p95: quantile(sizes, 0.95),
    max: Math.max(...sizes),
    below: Math.max(0, ...signed.map((error) => -error)),
  }
}

/**
 * How late each start was against the beat that the first one set, and whether that grows.
 * @param {readonly { readonly seq: number, readonly atMs: number }[]} starts of one target, `seq` from 1
 * @param {number} intervalMs
 * @returns {readonly number[]} milliseconds, negative when early, by number of probe
 */
export function offsetsFromBeat(starts, intervalMs) {
  const ordered = [...starts].sort((a, b) => a.seq - b.seq)
  const [first] = ordered
  if (first === undefined) return []
  return ordered.map(({ seq, atMs }) => atMs - first.atMs - (seq - first.seq) * intervalMs)
}

/** @param {Figure} figure @returns {'reached' | 'missed' | ''} */
export function verdictOf({ value, limit, least }) {
  if (limit === undefined && least === undefined) return ''
  return value <= (limit ?? value) && value >= (least ?? value) ? 'reached' : 'missed'
}

/**
 * Packets a second in the middle of a burst: from when a hundredth has left to when all but a hundredth have, so that a
 * single packet of something else before or after it does not count.
 * @param {readonly (readonly [ms: number, packets: number])[]} changes of a counter
 * @throws {RangeError} when nothing was sent
 */
export function sendingRate(changes) {
  const first = changes[0]?.[1] ?? 0
  const total = (changes.at(-1)?.[1] ?? 0) - first
  const from = changes.find(([, packets]) => packets - first >= total / 100)
  const to = changes.findLast(([, packets]) => packets - first <= total - total / 100)
  if (from === undefined || to === undefined || to[0] <= from[0]) throw new RangeError('a rate of nothing')
  return ((to[1] - from[1]) * 1000) / (to[0] - from[0])
}
