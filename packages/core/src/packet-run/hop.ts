/** What one probe of a hop brought. */
export interface HopAnswer {
  readonly address: string
  readonly name?: string | undefined
  /** Nanoseconds; undefined when it could not be measured. */
  readonly rttNs: number | undefined
}

/** One hop of a traceroute: the answers of all rounds in their order, undefined where none came. */
export interface Hop {
  readonly ttl: number
  readonly rounds: readonly (HopAnswer | undefined)[]
}
