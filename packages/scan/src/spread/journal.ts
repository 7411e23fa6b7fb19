import type { Transport } from '@portkit/core'
import type { HostReport } from '../model/host-report.ts'
import type { PortRow } from '../model/port-table.ts'
import { rangesOf } from '../results/port-ranges.ts'
import {
  doneText,
  type FoundFacts,
  JOURNAL_FORMAT,
  type JournalHeader,
  lineText,
  type PortGroup,
} from './journal-lines.ts'

/**
 * The checkpoint of a run: a file of JSON lines that only ever grows, so that whatever ends the run (a signal, a crash,
 * a full disk) leaves all but what was not written yet. Hosts are told by the index of their share in the run's `Shares`.
 * The first write that fails throws its LocalFault; the file is left as it is from there on.
 */
export interface Journal {
  /** What discovery found. Written of hosts that are up: those of a large network that are not are only counted, by `passed`. */
  found(share: number, host: FoundFacts): void
  /** A port's verdict is known. Kept until the next flush; services are not kept. */
  note(address: string, row: PortRow): void
  /** The report has all of the host: it takes the place of what was noted. Not for a host that was interrupted. */
  hostDone(share: number, report: HostReport): void
  /** Nothing has to be done any more about the first `shares` shares of the run, `down` of which were down. */
  passed(shares: number, down: number): void
  /** Writes what was noted, if the last time is two seconds ago. Call it often. */
  flush(nowMs: number): void
  /** All is done. Closes the file. */
  end(): void
  /** Writes what was noted and closes the file, of a run that goes on another time. Safe to call twice, or after `end`. */
  close(): void
}

/** As core's `System.openOutput` gives it. */
interface Output {
  write(octets: string): void
  close(): void
}

const FLUSH_MS = 2000
/** Senders and times to live are the network's: what waits must not grow with them. */
const MOST_VERDICTS = 4096
const PORTS = 65_536

type Verdict = readonly [Transport, PortRow['state'], string, number, string | undefined]

/** Begins a checkpoint in an empty file. `writeHost` gives a report as JSON in one line. */
export function createJournal(
  output: Output,
  header: JournalHeader,
  writeHost: (report: HostReport) => string,
): Journal {
  output.write(lineText({ portscan: 'checkpoint', format: JOURNAL_FORMAT, ...header }))
  return journalOf(output, writeHost)
}

/** Goes on with the checkpoint of a run that was resumed, in its file opened to be appended to. */
export function continueJournal(
  output: Output,
  atMs: number,
  writeHost: (report: HostReport) => string,
): Journal {
  // The last line may have been cut.
  output.write(`\n${lineText({ kind: 'resumed', atMs })}`)
  return journalOf(output, writeHost)
}

function journalOf(output: Output, writeHost: (report: HostReport) => string): Journal {
  const notes = createNotes()
  let flushedMs = Number.NEGATIVE_INFINITY
  let isOpen = true
  let hasFailed = false

  const append = (line: string): void => {
    if (hasFailed) return
    try {
      output.write(line)
    } catch (error) {
      // Half of the line may be there: with nothing behind it, it is left out when it is read.
      hasFailed = true
      throw error
    }
  }
  const write = (value: unknown): void => append(lineText(value))
  const writeNotes = (): void => {
    for (const [address, groups] of notes.take()) write({ kind: 'ports', address, groups })
  }
  const close = (isEnd: boolean): void => {
    if (!isOpen) return
    isOpen = false
    try {
      writeNotes()
      if (isEnd) write({ kind: 'end' })
    } finally {
      output.close()
    }
  }
  return {
    found(share, { address, family, status, hardwareAddress, times }) {
      if (status.state === 'up')
        write({ kind: 'found', share, host: { address, family, status, hardwareAddress, times } })
    },
    note(address, row) {
      notes.add(address, row)
      if (notes.isFull()) writeNotes()
    },
    hostDone(share, report) {
      notes.forget(report.address)
      append(doneText(share, report.address, writeHost(report)))
    },
    passed(shares, down) {
      write({ kind: 'passed', shares, down })
    },
    flush(nowMs) {
      // A wall clock may be set back.
      if (Math.abs(nowMs - flushedMs) < FLUSH_MS) return
      flushedMs = nowMs
      writeNotes()
    },
    end: () => close(true),
    close: () => close(false),
  }
}

/** Verdicts that wait: a number each, which holds the port and the place of the verdict. */
function createNotes() {
  const waiting = new Map<string, number[]>()
  const verdicts: Verdict[] = []
  const codes = new Map<string, number>()
  let seen: Uint8Array | undefined

  const codeOf = ({ protocol, state, reason, ttl, from }: PortRow): number => {
    const key = `${protocol} ${state} ${ttl} ${reason} ${from ?? ''}`
    const known = codes.get(key)
    if (known !== undefined) return known
    codes.set(key, verdicts.length)
    return verdicts.push([protocol, state, reason, ttl, from]) - 1
  }
  return {
    add(address: string, row: PortRow): void {
      const note = codeOf(row) * PORTS + row.port
      const notes = waiting.get(address)
      if (notes === undefined) waiting.set(address, [note])
      else notes.push(note)
    },
    isFull: () => verdicts.length >= MOST_VERDICTS,
    forget: (address: string) => waiting.delete(address),
    /** What waits, which waits no more. */
    take(): readonly (readonly [string, readonly PortGroup[]])[] {
      seen ??= new Uint8Array(2 * PORTS)
      const marks = seen
      const taken = [...waiting].map(
        ([address, notes]) => [address, groupsOf(notes, verdicts, marks)] as const,
      )
      waiting.clear()
      codes.clear()
      verdicts.length = 0
      return taken
    },
  }
}

/** Of notes about the same port only the last one counts. `seen` has a place for each port, and is left as it was: zero. */
function groupsOf(
  notes: readonly number[],
  verdicts: readonly Verdict[],
  seen: Uint8Array,
): readonly PortGroup[] {
  const placeOf = (note: number): number => {
    const isUdp = verdicts[Math.floor(note / PORTS)]?.[0] === 'udp'
    return (note % PORTS) + (isUdp ? PORTS : 0)
  }
  const ports = new Map<number, number[]>()
  for (let i = notes.length - 1; i >= 0; i -= 1) {
    const note = notes[i] ?? 0
    const place = placeOf(note)
    if (seen[place] === 1) continue
    seen[place] = 1
    const code = Math.floor(note / PORTS)
    const group = ports.get(code)
    if (group === undefined) ports.set(code, [note % PORTS])
    else group.push(note % PORTS)
  }
  for (const note of notes) seen[placeOf(note)] = 0
  return [...ports].flatMap(([code, group]) => {
    const verdict = verdicts[code]
    if (verdict === undefined) return []
    const [protocol, state, reason, ttl, from] = verdict
    const ranges = rangesOf(Uint16Array.from(group).sort())
    return [
      from === undefined
        ? [protocol, state, reason, ttl, ranges]
        : [protocol, state, reason, ttl, ranges, from],
    ]
  })
}
