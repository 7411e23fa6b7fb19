import {
  changeRecord,
  errorRecord,
  probeRecord,
  recordLine,
  type Services,
  type Subject,
  startRecord,
  statsRecord,
  summaryRecord,
  word,
} from '@portkit/core'
import type { LaneState } from './lane-state.ts'
import { isShown, type Reporter, type RunView } from './reporter.ts'
import type { Settings } from './settings.ts'

const TOOL = 'tcping'

/**
 * NDJSON in core's schema. Every probe carries the figures so far: when Ctrl-C ends the whole pipe, the last line
 * that was read has them.
 */
export function jsonReporter(
  settings: Settings,
  view: RunView,
  services: Services,
  version: string,
): Reporter {
  const subjectOf = ({ target }: LaneState): Subject => ({
    tool: TOOL,
    target,
    service: services.nameOf(target.port, 'tcp'),
  })
  const statsOf = (lane: LaneState) => statsRecord(lane.stats.snapshot(view.nowNs() / 1e6))
  const summaries = () =>
    view.lanes.map((lane) => {
      const facts = { atMs: view.wallMs(), elapsedMs: lane.elapsedMs, stats: statsOf(lane) }
      return recordLine(summaryRecord(subjectOf(lane), facts))
    })
  return {
    start: () =>
      view.lanes.map((lane) =>
        recordLine(
          startRecord(subjectOf(lane), {
            version,
            addresses: lane.addresses.map(({ address }) => address),
            lookupNs: lane.lookupNs,
            atMs: view.wallMs(),
            count: settings.count,
            intervalMs: settings.flood ? undefined : settings.intervalMs,
            timeoutMs: settings.timeoutMs,
          }),
        ),
      ),
    result(lane, { result }, previous) {
      const probes = isShown(word(result.verdict), settings)
        ? [recordLine(probeRecord(subjectOf(lane), result, statsOf(lane)))]
        : []
      if (previous === undefined || lane.last === undefined || previous === lane.last) return probes
      const facts = {
        what: 'word',
        from: previous,
        to: lane.last,
        atMs: result.startedAtMs,
        seq: result.seq,
      } as const
      return [...probes, recordLine(changeRecord(subjectOf(lane), facts))]
    },
    fault(_, { error, seq, startedAtMs, target: { host, address, port } }) {
      return [recordLine(errorRecord(TOOL, startedAtMs, error, { host, address, port, seq }))]
    },
    moved: (lane, from, to) => {
      const facts = { what: 'address', from, to, atMs: view.wallMs() } as const
      return [recordLine(changeRecord(subjectOf(lane), facts))]
    },
    request: (request) => (request === 'status' || request === 'summary' ? summaries() : []),
    end: summaries,
  }
}
