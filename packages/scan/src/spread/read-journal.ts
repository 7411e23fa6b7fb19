import { UsageError } from '@portkit/core'
import type { HostReport } from '../model/host-report.ts'
import { createPortTable, type PortTableDraft } from '../model/port-table.ts'
import { portsIn } from '../results/port-ranges.ts'
import {
  type FoundFacts,
  formatOf,
  headerIn,
  JOURNAL_FORMAT,
  type JournalHeader,
  type JournalLine,
  jsonOf,
  lineIn,
} from './journal-lines.ts'

/** What a run had done when its checkpoint was written last. Tables and reports are made when they are asked for. */
export interface JournalState {
  readonly header: JournalHeader
  /** Nothing is left to do. */
  readonly hasEnded: boolean
  /** So many shares from the start of the run are done with, and so many of their hosts were down. */
  readonly passed: { readonly shares: number; readonly down: number }
  /** What discovery found, of shares behind those that have no report yet. A name may mean another address by now. */
  readonly found: ReadonlyMap<number, FoundFacts>
  /** Shares behind those that have a report, with their addresses. */
  readonly finished: ReadonlyMap<number, string>
  /** Hosts that have verdicts and no report yet. */
  underway(): Iterable<string>
  /** The verdicts of a host that is under way; undefined when it has none. */
  tableOf(address: string): PortTableDraft | undefined
  /** All reports, in the order in which they were written. @throws UsageError when `readHost` fails */
  reports(): Iterable<HostReport>
}

export interface JournalText {
  /** What messages call it: the file's path. */
  readonly name: string
  readonly text: string
  /** Reads what `writeHost` gave; throws, or gives undefined, for anything else. */
  readonly readHost: (value: unknown) => HostReport | undefined
}

/** A PortTable has room for so many pairs of state and reason. */
const MOST_VERDICTS = 255

/**
 * Reads a checkpoint. A line that was cut is left out where a crash can leave one: at the end, or before the run was
 * resumed. What is kept is small: where in the text the reports and verdicts are.
 * @throws UsageError for a file that is none, is damaged, or has another format
 */
export function readJournal({ name, text, readHost }: JournalText): JournalState {
  const damaged = (at: number): UsageError =>
    new UsageError(`${name}: line ${lineNumber(text, at)} of the checkpoint is damaged`)
  const first = lineFrom(text, 0)
  const header = readHeader(name, jsonOf(first))
  const state = createState()
  let cutAt: number | undefined
  for (const { at, line } of linesOf(text, first.length)) {
    const value = jsonOf(line)
    const known = lineIn(value)
    if (cutAt !== undefined && known !== undefined && known.kind !== 'resumed') throw damaged(cutAt)
    if (value === undefined) cutAt ??= at
    else if (known === undefined || !state.take(known, at)) throw damaged(at)
    else cutAt = undefined
  }

  const lineAt = (at: number): JournalLine | undefined => lineIn(jsonOf(lineFrom(text, at)))
  return {
    header,
    hasEnded: state.hasEnded(),
    passed: state.passed(),
    found: state.found,
    finished: state.finished,
    underway: () => state.verdicts.keys(),
    tableOf(address) {
      const places = state.verdicts.get(address)
      return places && tableFrom(places.map(lineAt))
    },
    *reports() {
      for (const at of state.reports) {
        const line = lineAt(at)
        const report = line?.kind === 'done' ? attempt(() => readHost(line.report)) : undefined
        if (report === undefined) throw damaged(at)
        yield report
      }
    },
  }
}

function readHeader(name: string, value: unknown): JournalHeader {
  const header = headerIn(value)
  if (header !== undefined) return header
  const format = formatOf(value)
  if (typeof format !== 'number' || format === JOURNAL_FORMAT) {
    throw new UsageError(`${name}: not a checkpoint of portscan`)
  }
  throw new UsageError(
    `${name}: a checkpoint of format ${format}; this version of portscan reads format ${JOURNAL_FORMAT}`,
  )
}

function createState() {
  const found = new Map<number, FoundFacts>()
  const finished = new Map<number, string>()
  const verdicts = new Map<string, number[]>()
  const reports: number[] = []
  const reasons = new Set<string>()
  let passed = { shares: 0, down: 0 }
  let hasEnded = false

  /** false when it cannot be. */
  const take = (line: JournalLine, at: number): boolean => {
    switch (line.kind) {
      case 'found':
        found.set(line.share, line.host)
        return true
      case 'ports':
        for (const [, state, reason] of line.groups) reasons.add(`${state} ${reason}`)
        noteLine(verdicts, line.address, at)
        return reasons.size <= MOST_VERDICTS
      case 'done':
        found.delete(line.share)
        verdicts.delete(line.address)
        finished.set(line.share, line.address)
        reports.push(at)
        return true
      case 'passed':
        forget(found, line.shares)
        forget(finished, line.shares)
        passed = { shares: line.shares, down: line.down }
        return true
      case 'resumed':
        return true
      case 'end':
        hasEnded = true
        return true
    }
  }
  return { take, found, finished, verdicts, reports, passed: () => passed, hasEnded: () => hasEnded }
}

function forget(hosts: Map<number, unknown>, before: number): void {
  for (const share of hosts.keys()) if (share < before) hosts.delete(share)
}

function noteLine(lines: Map<string, number[]>, address: string, at: number): void {
  const places = lines.get(address)
  if (places === undefined) lines.set(address, [at])
  else places.push(at)
}

function tableFrom(lines: readonly (JournalLine | undefined)[]): PortTableDraft {
  const table = createPortTable()
  for (const line of lines) {
    for (const [protocol, state, reason, ttl, ports, from] of line?.kind === 'ports' ? line.groups : []) {
      for (const port of portsIn(ports) ?? []) table.put({ protocol, port, state, reason, ttl, from })
    }
  }
  return table
}

/** Lines from `start` that are not empty, with where they begin. */
function* linesOf(text: string, start: number): Generator<{ readonly at: number; readonly line: string }> {
  for (let at = start; at < text.length; ) {
    const line = lineFrom(text, at)
    if (line !== '') yield { at, line }
    at += line.length + 1
  }
}

function lineFrom(text: string, at: number): string {
  const end = text.indexOf('\n', at)
  return text.slice(at, end === -1 ? undefined : end)
}

function lineNumber(text: string, at: number): number {
  return text.slice(0, at).split('\n').length
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
