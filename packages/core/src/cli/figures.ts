/** A fixed number of decimals; what is no number at all, such as a rate over no time, is 0. */
export function fixed(value: number, decimals: number): string {
  return (Number.isFinite(value) ? value : 0).toFixed(decimals)
}

/** Nanoseconds as a table shows round trips: `0.072ms`. */
export function milliseconds(ns: number): string {
  return `${fixed(ns / 1e6, 3)}ms`
}
