import { aligned } from './aligned.ts'
import type { Colours } from './colours.ts'
import { fixed, milliseconds } from './figures.ts'
import { escapeControl } from './terminal.ts'

/** What was found out about one port of one target, or about the target itself. */
export interface VerdictRow {
  /** Its address, or its name and address. */
  readonly target: string
  /** `22/tcp`; undefined for echo requests and ARP. */
  readonly port: string | undefined
  /** `open`, `closed`, `filtered`, `up`, ...: any word. */
  readonly state: string
  readonly reason: string
  /** Who answered, when it was not the target. */
  readonly from?: string | undefined
  readonly sent: number
  readonly received: number
  /** Nanoseconds; undefined without a round trip. */
  readonly rtt?: { readonly minNs: number; readonly avgNs: number; readonly maxNs: number } | undefined
}

/** How a table is to look. */
export interface Look {
  readonly colours: Colours
  /** Columns of the terminal; undefined: no limit. */
  readonly width?: number | undefined
}

/** Round trips of the whole run; `percentile` by nearest rank in nanoseconds, as core's `Quantiles` has it. */
export interface RttRanks {
  count(): number
  percentile(percent: number): number | undefined
}

/** Up to so many ports of a target in one state, for one reason, are shown one by one. */
const MOST_ALIKE = 25
/** With fewer round trips the high percentiles are just the maximum. */
const LEAST_FOR_PERCENTILES = 10
const PERCENTS = [50, 90, 95, 99] as const
const ALWAYS_SHOWN: ReadonlySet<string> = new Set(['open', 'up'])

const TITLES = ['TARGET', 'PORT', 'STATE', 'REASON', 'FROM', 'RTT', 'RCVD/SENT']

/** The verdicts, one line each, then what was left out of them; empty without rows. Keeps only what it shows. */
export function verdictTable(rows: Iterable<VerdictRow>, look: Look): string {
  const { shown, crowds, areTargetsNamed } = sifted(rows)
  const areCounted = shown.some(({ sent, received }) => sent > 1 || received > 1)
  const cells = shown.map((row) => cellsOf(row, areCounted, look.colours))
  const table = shown.length === 0 ? '' : aligned([TITLES, ...cells], look.width)
  return table + notShown(crowds, areTargetsNamed)
}

/** `percentiles: p50 0.034ms | p90 ... `; empty with fewer than ten round trips. */
export function percentilesLine(ranks: RttRanks): string {
  if (ranks.count() < LEAST_FOR_PERCENTILES) return ''
  const parts = PERCENTS.map((percent) => `p${percent}: ${milliseconds(ranks.percentile(percent) ?? 0)}`)
  return `Rtt percentiles: ${parts.join(' | ')}\n`
}

/** Rows that only their port tells apart. There may be 65,536, and none of these words has a line end. */
function kindOf({ target, state, reason }: VerdictRow): string {
  return `${target}\n${state}\n${reason}`
}

/** Rows of one kind, all of them as long as they are few enough to be shown. */
interface Crowd {
  readonly row: VerdictRow
  readonly rows: VerdictRow[]
  size: number
}

/** What is shown, in its order, and the kinds with too many rows for that. There may be 65,536 rows. */
function sifted(rows: Iterable<VerdictRow>) {
  const shown = new Set<VerdictRow>()
  const crowds = new Map<string, Crowd>()
  const targets = new Set<string>()
  for (const row of rows) {
    targets.add(row.target)
    const crowd = isAlwaysShown(row) ? undefined : crowdOf(crowds, row)
    if (crowd === undefined || crowd.size <= MOST_ALIKE) shown.add(row)
    else for (const one of crowd.rows.splice(0)) shown.delete(one)
  }
  return {
    shown: [...shown],
    crowds: [...crowds.values()].filter(({ size }) => size > MOST_ALIKE),
    areTargetsNamed: targets.size > 1,
  }
}

function isAlwaysShown({ port, state }: VerdictRow): boolean {
  return port === undefined || ALWAYS_SHOWN.has(state)
}

/** The crowd of a row's kind, with the row in it. */
function crowdOf(crowds: Map<string, Crowd>, row: VerdictRow): Crowd {
  const kind = kindOf(row)
  const crowd = crowds.get(kind) ?? { row, rows: [], size: 0 }
  crowds.set(kind, crowd)
  crowd.size += 1
  if (crowd.size <= MOST_ALIKE) crowd.rows.push(row)
  return crowd
}

function notShown(crowds: readonly Crowd[], areTargetsNamed: boolean): string {
  return crowds
    .map(({ row, size }) => {
      const where = areTargetsNamed ? ` on ${escapeControl(row.target)}` : ''
      return `Not shown${where}: ${size} ${escapeControl(row.state)} ports (${escapeControl(row.reason)})\n`
    })
    .join('')
}

function cellsOf(row: VerdictRow, areCounted: boolean, colours: Colours): readonly string[] {
  return [
    escapeControl(row.target),
    escapeControl(row.port ?? ''),
    painted(escapeControl(row.state), colours),
    escapeControl(row.reason),
    escapeControl(row.from ?? ''),
    rttText(row.rtt),
    areCounted ? `${row.received}/${row.sent}` : '',
  ]
}

/** One figure when all are alike, else least, average and largest. */
function rttText(rtt: VerdictRow['rtt']): string {
  if (rtt === undefined) return ''
  if (rtt.minNs === rtt.maxNs) return milliseconds(rtt.avgNs)
  return `${[rtt.minNs, rtt.avgNs].map((ns) => fixed(ns / 1e6, 3)).join('/')}/${milliseconds(rtt.maxNs)}`
}

function painted(state: string, colours: Colours): string {
  if (ALWAYS_SHOWN.has(state)) return colours.green(state)
  if (state === 'closed') return colours.red(state)
  return state === 'unfiltered' ? state : colours.magenta(state)
}
