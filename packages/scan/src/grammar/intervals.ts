/** Sorted runs of numbers, both ends among them, that neither meet nor touch. */
export interface Intervals<T> {
  /** Whether all from `first` to `last` are in it. */
  covers(first: T, last: T): boolean
}

/** Joins runs that overlap or touch; `next` adds one. A look-up takes as many steps as their number has bits. */
export function createIntervals<T extends number | bigint>(
  runs: Iterable<readonly [T, T]>,
  next: (value: T) => T,
): Intervals<T> {
  const sorted = [...runs].sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
  const starts: T[] = []
  const ends: T[] = []
  for (const [start, end] of sorted) {
    const last = ends.at(-1)
    if (last === undefined || start > next(last)) {
      starts.push(start)
      ends.push(end)
    } else if (end > last) ends[ends.length - 1] = end
  }
  return {
    covers(first, last) {
      let low = 0
      let high = starts.length
      while (low < high) {
        const middle = (low + high) >>> 1
        const start = starts[middle]
        if (start !== undefined && start <= first) low = middle + 1
        else high = middle
      }
      const end = ends[low - 1]
      return end !== undefined && end >= last
    },
  }
}
