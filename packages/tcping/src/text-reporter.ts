import { err, escapeControl, type Line, out, type Services, type Word, word } from '@portkit/core'
import { header, place, probeLine } from './format.ts'
import { renderHistogram } from './histogram.ts'
import type { LaneState } from './lane-state.ts'
import type { Paint } from './paint.ts'
import { isShown, type Reporter, type RunView } from './reporter.ts'
import type { Settings } from './settings.ts'
import { statusLines } from './status.ts'
import { report, summary } from './summary.ts'
import { stamp } from './timestamp.ts'

export interface TextOptions {
  readonly settings: Settings
  readonly view: RunView
  readonly services: Services
  readonly paint: Paint
  columns(): number
  readonly unicode: boolean
}

/** A round trip this many times the median is worth a look. */
const SLOW = 2

/** ping's look with the three states in front. */
export function textReporter(options: TextOptions): Reporter {
  const { settings, view, paint } = options
  const several = view.lanes.length > 1
  const stampOf = (atMs: number, atNs: number): string =>
    stamp(settings.timestamp, atMs, (atNs - view.startNs) / 1e6)

  return {
    start: () => view.lanes.map((lane) => out(heading(lane, options))),
    result(lane, { result, startedNs }, previous) {
      const shown = word(result.verdict)
      if (!isShown(shown, settings)) return []
      if (settings.dots) return shown === 'open' ? [] : [out('.')]
      const slowNs = paint.active ? slowerThan(lane) : undefined
      const style = { several, verbose: settings.verbose, nowMs: view.wallMs(), slowNs, ...paintsOf(paint) }
      const time = stampOf(result.startedAtMs, startedNs)
      return [out(time + probeLine(result, style)), ...notices(lane, previous, settings, time)]
    },
    fault: (_, { target, seq, error }) => [
      err(`tcping: ${place(target, several)}: seq=${seq}: ${escapeControl(error.message)}\n`),
    ],
    moved(lane, from, to) {
      const time = stampOf(view.wallMs(), view.nowNs())
      return [out(`${time}address of ${escapeControl(lane.target.host)} changed: ${from} -> ${to}\n`)]
    },
    request: (request) => (request === 'tick' || request === 'resize' ? [] : asked(request, options)),
    end() {
      // Nothing could be probed, and why is said already.
      if (view.lanes.every((lane) => lane.broken)) return []
      const ends = view.lanes.map((lane) => endOf(lane, options))
      return [out(`\n${ends.join('\n')}`), ...hints(view.lanes, settings)]
    },
  }
}

function heading(lane: LaneState, { settings, services }: TextOptions): string {
  const service = settings.numeric ? undefined : services.nameOf(lane.target.port, 'tcp')
  const line = header(lane.target, service)
  if (!settings.verbose || lane.lookupNs === undefined) return line
  const all = lane.addresses.map(({ address }) => address).join(', ')
  return `${line}${escapeControl(lane.target.host)} is ${all} (looked up in ${(lane.lookupNs / 1e6).toFixed(1)} ms)\n`
}

function slowerThan(lane: LaneState): number | undefined {
  const median = lane.stats.snapshot().rtt?.medianNs
  return median === undefined ? undefined : SLOW * median
}

function paintsOf(paint: Paint) {
  return { paintWord: (w: Word, text: string) => paint.word(w, text), paintSlow: paint.slow }
}

/** A change is told in words when somebody watches for it with -v. */
function notices(lane: LaneState, previous: Word | undefined, { verbose }: Settings, time: string): Line[] {
  if (!verbose || previous === undefined || previous === lane.last) return []
  return [out(`${time}changed: ${previous} -> ${lane.last}\n`)]
}

function asked(request: 'status' | 'summary', options: TextOptions): Line[] {
  const { lanes } = options.view
  if (request === 'summary') return [out(`${lanes.map((lane) => endOf(lane, options)).join('\n')}\n`)]
  return statusLines(lanes)
}

function endOf(lane: LaneState, { view, settings, paint, columns, unicode }: TextOptions): string {
  const nowMs = view.nowNs() / 1e6
  const snapshot = lane.stats.snapshot(nowMs)
  const text = paint.summary(summary(nameOf(lane, settings), snapshot, lane.elapsedMs), snapshot)
  if (!settings.report) return text
  const buckets = lane.stats
    .histogram(10, 'linear')
    .map(({ fromNs, toNs, count }) => ({ fromMs: fromNs / 1e6, toMs: toNs / 1e6, count }))
  const picture = renderHistogram(buckets, Math.min(columns(), 100), { unicode })
  return [text, ...report(snapshot, lane.clock), ...picture.map((line) => `${line}\n`)].join('')
}

/** With --all-addresses the name alone would not tell one summary from the next. */
function nameOf({ target: { host, address, port } }: LaneState, { allAddresses }: Settings): string {
  const which = allAddresses && host !== address ? ` (${address})` : ''
  return `${escapeControl(host)}${which} port ${port}`
}

/** Somebody whose first address is dead would like to know that there is another one. */
function hints(lanes: readonly LaneState[], { allAddresses }: Settings): Line[] {
  if (allAddresses) return []
  const texts = lanes.flatMap((lane) => {
    const { sent, answered } = lane.stats.snapshot()
    const others = lane.addresses.filter(({ address }) => address !== lane.target.address)
    if (sent === 0 || answered > 0 || others.length === 0) return []
    const list = others.map(({ address }) => address).join(', ')
    const host = escapeControl(lane.target.host)
    return [`tcping: ${host} has other addresses: ${list} (--all-addresses probes them too)\n`]
  })
  // A host with many ports is told of once.
  return [...new Set(texts)].map(err)
}
