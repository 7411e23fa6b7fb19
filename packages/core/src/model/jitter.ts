/** Mean difference between neighbours, folded in the order of the probes. */
export interface Jitter {
  readonly lastNs: number | undefined
  readonly differences: number
  readonly meanNs: number
}

export const noJitter: Jitter = { lastNs: undefined, differences: 0, meanNs: 0 }

/**
 * Adds the next round-trip time. Differences are taken as in RFC 3550 section 6.4.1, but their plain mean
 * is kept instead of its running one, so that the figure speaks of the whole run.
 */
export function withRtt({ lastNs, differences, meanNs }: Jitter, rttNs: number): Jitter {
  if (lastNs === undefined) return { lastNs: rttNs, differences, meanNs }
  const difference = Math.abs(rttNs - lastNs)
  const count = differences + 1
  return { lastNs: rttNs, differences: count, meanNs: meanNs + (difference - meanNs) / count }
}

/** Mean difference in nanoseconds; undefined before the second sample. */
export function jitterNs({ differences, meanNs }: Jitter): number | undefined {
  return differences === 0 ? undefined : meanNs
}
