import { anyWord, type Verdict } from '../model/observation.ts'
import type { Quantiles } from '../model/quantiles.ts'
import type { Probed } from '../model/target.ts'
import { head, targetFields } from './json.ts'
import type { HopRecord, RttSumsRecord, TotalRecord, VerdictRecord } from './json-records.ts'
import { nsToMs } from './nanoseconds.ts'

/** Round trips as sums, nanoseconds. */
export interface RttTotals {
  readonly samples: number
  readonly minNs: number
  readonly maxNs: number
  readonly sumNs: number
}

export interface VerdictFacts extends Pick<VerdictRecord, 'sent' | 'received'> {
  readonly atMs: number
  readonly verdict: Verdict | undefined
  readonly from: string | undefined
  readonly rtt: RttTotals
  /** Of a traceroute. */
  readonly hops?: readonly HopRecord[] | undefined
}

/** What a run found out about one port, or about a host. */
export function verdictRecord(
  { tool, target }: { readonly tool: string; readonly target: Probed },
  { atMs, verdict, from, sent, received, rtt, hops }: VerdictFacts,
): VerdictRecord {
  return {
    ...head('verdict', tool, atMs),
    ...targetFields({ target }),
    state: verdict?.state ?? null,
    word: verdict === undefined ? null : anyWord(verdict),
    reason: verdict?.reason ?? null,
    from: from ?? null,
    sent,
    received,
    rttMs: sumsRecord(rtt),
    ...(hops === undefined ? {} : { hops }),
  }
}

type Counts = 'sent' | 'received' | 'sentOctets' | 'receivedOctets' | 'again' | 'late' | 'refused' | 'dropped'

export interface TotalFacts extends Pick<TotalRecord, Counts | 'interrupted'> {
  readonly atMs: number
  readonly elapsedNs: number
  /** Of all targets together; `quantiles` has the same samples. */
  readonly rtt: RttTotals
  readonly quantiles: Pick<Quantiles, 'percentile'>
}

/** The end of a run over many ports. */
export function totalRecord(
  tool: string,
  { atMs, elapsedNs, rtt, quantiles, interrupted, ...counts }: TotalFacts,
): TotalRecord {
  const { sent, received, sentOctets, receivedOctets, again, late, refused, dropped } = counts
  const sums = sumsRecord(rtt)
  const rank = (percent: number): number => nsToMs(quantiles.percentile(percent) ?? 0)
  return {
    ...head('total', tool, atMs),
    sent,
    received,
    lost: Math.max(0, sent - received),
    sentOctets,
    receivedOctets,
    again,
    late,
    refused,
    dropped,
    rttMs: sums === null ? null : { ...sums, median: rank(50), p95: rank(95), p99: rank(99) },
    elapsedMs: nsToMs(elapsedNs),
    interrupted,
  }
}

function sumsRecord({ samples, minNs, maxNs, sumNs }: RttTotals): RttSumsRecord | null {
  if (samples === 0) return null
  return { min: nsToMs(minNs), avg: nsToMs(sumNs / samples), max: nsToMs(maxNs), samples }
}
