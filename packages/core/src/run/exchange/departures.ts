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

/** Instead of an era; the first one counts from 1 in here, so that fresh memory need not be touched. */
const NEVER = 0

/** @param capacity how many shots are remembered, a power of two */
export function createDepartures(capacity: number): Departures {
  const stamps = new Float64Array(capacity)
  const eras = new Uint32Array(capacity)
  const at = (index: number): number => index & (capacity - 1)
  const hasDeparted = (index: number): boolean => eras[at(index)] !== NEVER
  return {
    clear(index) {
      eras[at(index)] = NEVER
    },
    depart(index, atNs, era) {
      if (hasDeparted(index)) return false
      stamps[at(index)] = atNs
      eras[at(index)] = era + 1
      return true
    },
    hasDeparted,
    departedNs: (index, era) => (eras[at(index)] === era + 1 ? stamps[at(index)] : undefined),
  }
}
