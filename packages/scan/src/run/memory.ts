import { type Io, UsageError } from '@portkit/core'
import type { FoundHost } from '../hosts/discover.ts'
import type { HostReport } from '../model/host-report.ts'
import type { PortRow, PortTable } from '../model/port-table.ts'
import type { Settings } from '../settings.ts'
import type { Journal } from '../spread/journal.ts'
import type { FoundFacts, JournalHeader } from '../spread/journal-lines.ts'
import type { JournalState } from '../spread/read-journal.ts'

/** What outlives a run, and what an earlier one left. */
export interface Memory {
  /** Shares that are done with, and how many of their hosts were down. */
  readonly passed: { readonly shares: number; readonly down: number }
  /** Of hosts that are done: told once more, so that files are whole. */
  reports(): Iterable<HostReport>
  /** Whether the share's host was done. */
  isDone(share: number): boolean
  /** What discovery found out about its host, when it did. */
  foundBefore(share: number): FoundFacts | undefined
  /** The verdicts of a host that was under way. */
  tableOf(address: string): PortTable | undefined
  found(share: number, host: FoundHost): void
  row(address: string, row: PortRow): void
  done(share: number, report: HostReport): void
  pass(shares: number, down: number): void
  flush(): void
  /** Nothing is left to do. */
  end(): void
  /** Safe after `end`. */
  close(): void
}

export interface MemoryOptions {
  readonly settings: Pick<Settings, 'checkpoint' | 'resume'>
  readonly io: Pick<Io, 'system' | 'clock'>
  readonly header: JournalHeader
  /** What the checkpoint to go on with has. */
  readonly before?: JournalState | undefined
}

/** Keeps nothing when there is neither a checkpoint to write nor one to go on with. @throws UsageError, LocalFault */
export async function openMemory({ settings, io, header, before }: MemoryOptions): Promise<Memory> {
  if (before !== undefined && before.header.plan !== header.plan) {
    throw new UsageError(
      `${settings.resume}: its targets or ports are not what they were: a file that they come from has changed`,
    )
  }
  const path = settings.resume ?? settings.checkpoint
  const journal = path === undefined ? undefined : await openJournal(path, header, before, io)
  return {
    passed: before?.passed ?? { shares: 0, down: 0 },
    reports: () => before?.reports() ?? [],
    isDone: (share) => before?.finished.has(share) === true,
    foundBefore: (share) => before?.found.get(share),
    tableOf: (address) => before?.tableOf(address),
    found: (share, host) => journal?.found(share, host),
    row: (address, row) => journal?.note(address, row),
    done: (share, report) => journal?.hostDone(share, report),
    pass: (shares, down) => journal?.passed(shares, down),
    flush: () => journal?.flush(io.clock.wallMs()),
    end: () => journal?.end(),
    close: () => journal?.close(),
  }
}

async function openJournal(
  path: string,
  header: JournalHeader,
  before: JournalState | undefined,
  { system, clock }: MemoryOptions['io'],
): Promise<Journal> {
  const [{ continueJournal, createJournal }, { hostText }] = await Promise.all([
    import('../spread/journal.ts'),
    import('./host-text.ts'),
  ])
  const output = system.openOutput(path, before !== undefined)
  return before === undefined
    ? createJournal(output, header, hostText)
    : continueJournal(output, clock.wallMs(), hostText)
}
