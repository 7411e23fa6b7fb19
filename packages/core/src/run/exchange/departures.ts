/** When shots were seen on their way out. */
export interface Departures {
  /** For a shot that has not left yet. */
  clear(index: number): void
  /** The first stamp counts: later ones are the interface's copies. False when it has one. */
  depart(index: number, atNs: number, era: number): boolean
  hasDeparted(index: number): boolean
  /** Undefined when there is no stamp, or it is of another era. */
  departedNs(index: number, era: number): number | undefined
}

/** @param capacity how many shots are remembered, a power of two */
export function createDepartures(capacity: number): Departures {
  const stamps = new Float64Array(capacity).fill(Number.NaN)
  const eras = new Int32Array(capacity)
  const at = (index: number): number => index & (capacity - 1)
  const hasDeparted = (index: number): boolean => !Number.isNaN(stamps[at(index)])
  return {
    clear(index) {
      stamps[at(index)] = Number.NaN
    },
    depart(index, atNs, era) {
      if (hasDeparted(index)) return false
      stamps[at(index)] = atNs
      eras[at(index)] = era
      return true
    },
    hasDeparted,
    departedNs: (index, era) =>
      hasDeparted(index) && eras[at(index)] === era ? stamps[at(index)] : undefined,
  }
}
