import { localDateTime, localTime, type StatsSnapshot } from '@portkit/core'
import { count, packetsLine, rttLines, span } from './format.ts'

/** The summary of one target, in ping's shape, with the states in between; `name` says which target. */
export function summary(name: string, s: StatsSnapshot, elapsedMs: number): string {
  const title = `--- ${name} tcping statistics ---\n`
  return title + packetsLine(s, elapsedMs) + statesLine(s) + rttLines(s)
}

/** `3 open, 1 closed, 1 stealth; last: open; longest outage 2.0 s at 14:03:07`. */
function statesLine({ sent, words, resent, timeline }: StatsSnapshot): string {
  if (sent === 0) return ''
  const states = [`${words.open} open`, `${words.closed} closed`, `${words.stealth} stealth`]
  if (words.unreachable > 0) states.push(`${words.unreachable} unreachable`)
  const parts = [states.join(', ')]
  if (resent > 0) parts.push(`SYN resent in ${count(resent, 'probe')}`)
  if (timeline !== undefined && timeline.changes > 0) {
    parts.push(`last: ${timeline.current.of}`)
    const outage = timeline.down.longest
    if (outage !== undefined) {
      parts.push(`longest outage ${span(outage.lastedMs)} at ${localTime(outage.startedAtMs)}`)
    }
  }
  return `${parts.join('; ')}\n`
}

/** The long block of `--report`: when it was up and down, and what changed. */
export function report({ timeline }: StatsSnapshot, clock: string | undefined): string[] {
  if (timeline === undefined) return []
  const { current, up, down } = timeline
  const rows: [string, string][] = [
    [
      'state',
      `${current.of} since ${localDateTime(current.startedAtMs)} (${span(current.lastedMs)}, ${count(current.probes, 'probe')})`,
    ],
    ['last open', dated(timeline.lastOpenAtMs)],
    ['last not open', dated(timeline.lastNotOpenAtMs)],
    ['up', `${span(up.totalMs)}${longest(up.longest)}`],
    ['down', `${span(down.totalMs)} in ${count(timeline.outages, 'outage')}${longest(down.longest)}`],
    ['changes', `${timeline.changes}`],
    ['new addresses', `${timeline.addressChanges}`],
    ...timeline.recentAddressChanges.map((c): [string, string] => [
      '',
      `${localDateTime(c.atMs)} ${c.from} -> ${c.to}`,
    ]),
    ['clock', clock ?? 'none'],
  ]
  return rows.map(([name, text]) => `${name.padEnd(14)}${text}\n`)
}

function dated(ms: number | undefined): string {
  return ms === undefined ? 'never' : localDateTime(ms)
}

function longest(streak: { lastedMs: number; startedAtMs: number } | undefined): string {
  if (streak === undefined) return ''
  return `, longest ${span(streak.lastedMs)} from ${localDateTime(streak.startedAtMs)}`
}
