/** Milliseconds, to the nanosecond: no more decimals than were measured. */
export function nsToMs(ns: number): number {
  return Math.round(ns) / 1e6
}

/** The same; null for what is not known or no figure. */
export function msOf(ns: number | undefined): number | null {
  return ns === undefined || !Number.isFinite(ns) ? null : nsToMs(ns)
}
