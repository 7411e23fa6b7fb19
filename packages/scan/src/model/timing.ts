/** How patient and how quick a scan is: what -T and the options after it set. Times in milliseconds. */
export interface Timing {
  /** How long the first answers are waited for, the least and the most that is waited for any. */
  readonly initialRttMs: number
  readonly minRttMs: number
  readonly maxRttMs: number
  /** Further tries at a port that does not answer. */
  readonly maxRetries: number
  /** Was it given? Then the scan does not go on by itself when further tries might help. */
  readonly isMaxRetriesFixed: boolean
  /** For all of one host; infinite when there is none. */
  readonly hostTimeoutMs: number
  /** From probe to probe at one host; 0 as fast as it goes. */
  readonly scanDelayMs: number
  /** Probes a second of the whole run: never slower (0: none), never faster (infinite: none). */
  readonly minRate: number
  readonly maxRate: number
  /** Probes under way at once: so many at least, whatever the rate (0: no such wish), and at most. */
  readonly minParallelism: number
  readonly maxParallelism: number
  /** Hosts worked on at once. */
  readonly minHostgroup: number
  readonly maxHostgroup: number
  /** A host with more open ports than this is left: it says yes to everything. Infinite: none is. */
  readonly maxOpen: number
  /** Resets that do not come are not waited for: quicker, and closed ports may be called filtered. */
  readonly defeatsRstLimit: boolean
}
