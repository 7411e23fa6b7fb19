import { errorRecord, recordLine } from '../cli/json.ts'
import type { HopRecord } from '../cli/json-records.ts'
import type { ResultRecord } from '../cli/json-result.ts'
import { totalRecord, verdictRecord } from '../cli/json-run.ts'
import type { Lines } from '../cli/lines.ts'
import { msOf } from '../cli/nanoseconds.ts'
import type { LocalFault } from '../model/errors.ts'
import type { Hop } from './hop.ts'
import { probedBy } from './json-report.ts'
import { type HostTally, portsOf, rttOf, type Tally } from './tally.ts'

/** How a run ended. */
export interface JsonEnd {
  readonly tool: string
  readonly atMs: number
  readonly elapsedNs: number
  readonly interrupted: boolean
  /** What broke the run off. */
  readonly fault?: LocalFault | undefined
  readonly traces: readonly Way[]
}

/** The hops to a port. */
type Way = { readonly host: HostTally; readonly port: number; hops(): readonly Hop[] }

/** Records that are made before they are written. */
const AT_ONCE = 1000

/** One record for what broke the run off, one for each port that was probed, and one for all. */
export async function jsonClosing(tally: Tally, end: JsonEnd, lines: Lines): Promise<void> {
  const { tool, atMs, fault } = end
  if (fault !== undefined) lines.line(recordLine(errorRecord(tool, atMs, fault)))
  let made = 0
  for (const host of tally.hosts) {
    for (const record of verdicts(host, end)) {
      lines.line(recordLine(record))
      if (++made % AT_ONCE === 0) await lines.flush()
    }
  }
  lines.line(recordLine(total(tally, end)))
}

function* verdicts(host: HostTally, { tool, atMs, traces }: JsonEnd): Generator<ResultRecord> {
  const ways = new Map(traces.filter((trace) => trace.host === host).map((trace) => [trace.port, trace]))
  for (const port of portsOf(host)) {
    const { verdict, from, sent, received, rtt } = port
    const facts = { atMs, verdict, from, sent, received, rtt }
    const hops = ways.get(port.port)?.hops().map(hopRecord)
    yield verdictRecord({ tool, target: probedBy(host, port) }, { ...facts, hops })
  }
}

function total(tally: Tally, { tool, atMs, elapsedNs, interrupted }: JsonEnd): ResultRecord {
  const { sent, received, sentOctets, receivedOctets, again, late, refused, dropped } = tally
  const counts = { sent, received, sentOctets, receivedOctets, again, late, refused, dropped }
  return totalRecord(tool, {
    ...counts,
    atMs,
    elapsedNs,
    rtt: rttOf(tally),
    quantiles: tally.rtt,
    interrupted,
  })
}

function hopRecord({ ttl, rounds: [answer] }: Hop): HopRecord {
  return { ttl, from: answer?.address ?? null, rttMs: msOf(answer?.rttNs) }
}
