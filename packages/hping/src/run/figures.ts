import { createRttStats, type Observer, type RttSummary } from '@portkit/core'

/** What a run counts besides its tally. */
export interface Figures extends Observer {
  outOfSequence(): number
  /** Of all first answers whose round trip is known. */
  rtt(): RttSummary | undefined
  /** The flags of the last TCP segment that answered; 0 when none did. */
  lastFlags(): number
}

const FLAGS = 0xff

export function createFigures(): Figures {
  const rtt = createRttStats()
  let newest = -1
  let outOfSequence = 0
  let lastFlags = 0
  return {
    answered({ index }, { kind, sighting, timing }) {
      if (sighting.kind === 'tcp') lastFlags = sighting.flags & FLAGS
      if (kind === 'again') return
      if (index < newest) outOfSequence += 1
      newest = Math.max(newest, index)
      if (timing.rttNs !== undefined) rtt.add(timing.rttNs)
    },
    outOfSequence: () => outOfSequence,
    rtt: rtt.summary,
    lastFlags: () => lastFlags,
  }
}
