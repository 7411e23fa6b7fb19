import type { HostReport } from '../src/model/host-report.ts'
import { createPortTable, type PortRow, type PortTable } from '../src/model/port-table.ts'
import { continueJournal, createJournal } from '../src/spread/journal.ts'
import type { JournalHeader } from '../src/spread/journal-lines.ts'
import { readJournal } from '../src/spread/read-journal.ts'

export const header: JournalHeader = {
  args: ['-p-', '--checkpoint', 'run.journal', 'grün.example'],
  seed: 4_000_000_000,
  startMs: 1_795_291_200_000,
  plan: '0123456789abcdef0123456789abcdef',
  shard: { index: 3, count: 8 },
}

export function open(port: number, more: Partial<PortRow> = {}): PortRow {
  return { protocol: 'tcp', port, state: 'open', reason: 'syn-ack', ttl: 64, ...more }
}

export function closed(port: number, more: Partial<PortRow> = {}): PortRow {
  return open(port, { state: 'closed', reason: 'reset', ...more })
}

export function rowsOf(table: PortTable | undefined): readonly PortRow[] {
  return [...(table?.rows() ?? [])]
}

export function tableOf(rows: Iterable<PortRow>): PortTable {
  const table = createPortTable()
  for (const row of rows) table.put(row)
  return table
}

export function reportOf(
  address: string,
  rows: readonly PortRow[],
  more: Partial<HostReport> = {},
): HostReport {
  return {
    address,
    family: address.includes(':') ? 6 : 4,
    names: [],
    otherAddresses: [],
    status: { state: 'up', reason: 'echo-reply', ttl: 64 },
    startMs: 1000,
    endMs: 2000,
    ports: tableOf(rows),
    unasked: 0,
    hasVersions: false,
    ...more,
  }
}

/** A report with rows in place of its table, which can be compared and written as JSON. */
export function plain(report: HostReport) {
  return { ...report, ports: report.ports && rowsOf(report.ports) }
}

export function writeHost(report: HostReport): string {
  return JSON.stringify(plain(report))
}

function readHost(value: unknown): HostReport {
  const { ports, ...report } = value as ReturnType<typeof plain>
  return { ...report, ports: ports && tableOf(ports) }
}

/** A file in memory. */
export function memoryFile() {
  let text = ''
  let closed = 0
  return {
    write(octets: string): void {
      // As node writes it: a character is an octet.
      text += Buffer.from(octets, 'latin1').toString('latin1')
    },
    close(): void {
      closed += 1
    },
    /** As a reader of UTF-8 finds it. */
    text: () => Buffer.from(text, 'latin1').toString('utf8'),
    closed: () => closed,
  }
}

export function started() {
  const file = memoryFile()
  return { file, journal: createJournal(file, header, writeHost) }
}

const status = { state: 'up', reason: 'echo-reply', ttl: 64 } as const

export const read = (text: string) => readJournal({ name: 'run.journal', text, readHost })

/** A run with all that can happen in it, which was resumed once; ends under way. */
export function longRun() {
  const { file, journal } = started()
  journal.found(0, {
    address: '10.0.0.1',
    family: 4,
    status: { ...status, state: 'down', reason: 'no-response' },
  })
  journal.found(1, { address: '10.0.0.2', family: 4, status, hardwareAddress: '02:00:00:00:00:01' })
  journal.note('10.0.0.2', open(22))
  journal.note('10.0.0.2', closed(1))
  journal.flush(0)
  journal.note('10.0.0.3', closed(2))
  journal.note('10.0.0.2', closed(2))
  journal.hostDone(1, reportOf('10.0.0.2', [open(22), closed(1), closed(2)], { vendor: 'Grüße' }))
  journal.passed(2, 1)
  journal.note('10.0.0.3', open(80, { from: '10.0.0.254' }))
  journal.close()
  const again = continueJournal(file, 99, writeHost)
  again.note('10.0.0.3', open(443))
  again.hostDone(3, reportOf('fd00::2', []))
  again.flush(5000)
  again.close()
  return file.text()
}
