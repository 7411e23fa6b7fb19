import { csvRow, isoTime, type Line, type ProbeResult, word } from '@portkit/core'
import { isShown, type Reporter, type RunView } from './reporter.ts'
import type { Settings } from './settings.ts'
import { statusLines } from './status.ts'

const COLUMNS = [
  'time',
  'host',
  'address',
  'port',
  'seq',
  'state',
  'word',
  'reason',
  'rtt_ms',
  'elapsed_ms',
  'clock',
  'syns',
  'error',
] as const
type Row = Partial<Record<(typeof COLUMNS)[number], string | number | undefined>>

/** One row a probe (RFC 4180), with a header row and without a summary, for spreadsheets. */
export function csvReporter(settings: Settings, { lanes }: Pick<RunView, 'lanes'>): Reporter {
  return {
    start: () => [csvRow(COLUMNS)],
    result: (_, { result }) => (isShown(word(result.verdict), settings) ? [row(rowOf(result))] : []),
    fault: (_, { target, seq, startedAtMs, error }) => [
      row({ ...placeOf(target), time: isoTime(startedAtMs), seq, error: error.message }),
    ],
    moved: () => [],
    // Rows have no place for it: stderr has.
    request: (request) => (request === 'status' || request === 'summary' ? statusLines(lanes) : []),
    end: () => [],
  }
}

function placeOf({ host, address, port }: ProbeResult['target']): Row {
  return { host, address, port }
}

function rowOf({ target, seq, startedAtMs, observation: o, verdict }: ProbeResult): Row {
  const start = {
    ...placeOf(target),
    time: isoTime(startedAtMs),
    seq,
    ...verdict,
    word: word(verdict),
    syns: o.syns,
  }
  if (o.kind === 'silence') return { ...start, elapsed_ms: ms(o.waitedNs) }
  return {
    ...start,
    rtt_ms: o.rttNs === undefined ? undefined : ms(o.rttNs),
    elapsed_ms: ms(o.elapsedNs),
    clock: o.clock,
  }
}

function ms(ns: number): string {
  return (ns / 1e6).toFixed(6)
}

function row(values: Row): Line {
  return csvRow(COLUMNS.map((column) => values[column]))
}
