import type { PortState, Transport } from '@portkit/core'
import { createPortCells, type PortCells } from './port-cells.ts'

/** nmap lists TCP before UDP. */
export const PROTOCOLS = ['tcp', 'udp'] as const satisfies readonly Transport[]

/** What is said about the service at a port. Texts are the peer's or the table's, not escaped. */
export interface PortService {
  /** `ssh` */
  readonly name: string
  /** `table`: only the port's number says so; `probed`: the service said so itself. */
  readonly method: 'table' | 'probed'
  /** 0 to 10, as nmap counts: 3 from the table, 8 guessed, 10 sure. */
  readonly confidence: number
  readonly product?: string | undefined
  readonly version?: string | undefined
  /** `protocol 2.0` */
  readonly info?: string | undefined
  readonly hostname?: string | undefined
  readonly os?: string | undefined
  readonly tunnel?: 'ssl' | undefined
  readonly cpes?: readonly string[] | undefined
}

/** One port and what is known of it. */
export interface PortRow {
  readonly protocol: Transport
  readonly port: number
  readonly state: PortState
  /** nmap's word: `syn-ack`, `no-response`. */
  readonly reason: string
  /** Time to live of the answer; 0 where it is not known. */
  readonly ttl: number
  /** Who answered, when it was not the host itself. */
  readonly from?: string | undefined
  readonly service?: PortService | undefined
}

/** Ports of one state, protocol and reason. */
export interface ReasonTally {
  readonly reason: string
  readonly protocol: Transport
  readonly count: number
}

/** Ports of one state and protocol. */
export interface StateTally {
  readonly state: PortState
  readonly protocol: Transport
  readonly count: number
  /** By falling count; the earlier port first where counts are equal. */
  readonly reasons: readonly ReasonTally[]
}

/** The ports of one host that have a verdict. Some octets a port: rows are made when they are asked for. */
export interface PortTable {
  /** How many ports it has. */
  readonly size: number
  /** By protocol, then port. `isWanted` is asked with the state first, so that no row is made in vain. */
  rows(isWanted?: (state: PortState, protocol: Transport) => boolean): Iterable<PortRow>
  row(protocol: Transport, port: number): PortRow | undefined
  has(protocol: Transport, port: number): boolean
  /** By falling count; TCP first where counts are equal. */
  tallies(): readonly StateTally[]
  /** Ascending. */
  portsOf(state: PortState, protocol: Transport, reason?: string): readonly number[]
}

/** A table that is being filled. A port that is put again is replaced. */
export interface PortTableDraft extends PortTable {
  put(row: PortRow): void
}

interface Verdict {
  readonly state: PortState
  readonly reason: string
}

/** The ports of one protocol: the verdict's number in the upper octet of a cell, the time to live in the lower one. */
interface Column {
  readonly cells: PortCells
  readonly senders: Map<number, string>
  readonly services: Map<number, PortService>
}

const MOST_VERDICTS = 255
const NONE = new Uint16Array()

/** @throws RangeError for more than 255 different pairs of state and reason */
export function createPortTable(): PortTableDraft {
  const columns = new Map<Transport, Column>()
  const verdicts = createVerdicts()
  let size = 0
  const columnOf = (protocol: Transport): Column => {
    const known = columns.get(protocol)
    if (known !== undefined) return known
    const made = { cells: createPortCells(), senders: new Map(), services: new Map() }
    columns.set(protocol, made)
    return made
  }
  return {
    get size() {
      return size
    },
    put({ protocol, port, state, reason, ttl, from, service }) {
      const { cells, senders, services } = columnOf(protocol)
      if (cells.get(port) === 0) size += 1
      cells.set(port, (verdicts.numberOf(state, reason) << 8) | (ttl & 0xff))
      keep(senders, port, from)
      keep(services, port, service)
    },
    *rows(isWanted = () => true) {
      for (const protocol of PROTOCOLS) {
        const column = columns.get(protocol)
        if (column !== undefined) yield* rowsOf(protocol, column, verdicts, isWanted)
      }
    },
    row(protocol, port) {
      const column = columns.get(protocol)
      return column && rowAt(protocol, port, column, verdicts)
    },
    has: (protocol, port) => (columns.get(protocol)?.cells.get(port) ?? 0) > 0,
    tallies: () => talliesOf(columns, verdicts),
    portsOf(state, protocol, reason) {
      const column = columns.get(protocol)
      const all = column?.cells.ports() ?? NONE
      const ports: number[] = []
      // By index, here and below: iterators leave megabytes behind for all ports.
      for (let i = 0; i < all.length; i += 1) {
        const port = all[i] ?? 0
        const verdict = verdicts.of(column, port)
        if (verdict?.state === state && (reason === undefined || verdict.reason === reason)) ports.push(port)
      }
      return ports
    },
  }
}

function keep<T>(map: Map<number, T>, port: number, value: T | undefined): void {
  if (value !== undefined) map.set(port, value)
  else if (map.size > 0) map.delete(port)
}

/** The pairs of state and reason that a table has, numbered from 1. */
interface Verdicts {
  /** @throws RangeError */
  numberOf(state: PortState, reason: string): number
  of(column: Column | undefined, port: number): Verdict | undefined
  at(number: number): Verdict | undefined
}

function createVerdicts(): Verdicts {
  const verdicts: Verdict[] = []
  // A loop: it is gone through once for each answer.
  const find = (state: PortState, reason: string): number => {
    for (let i = 0; i < verdicts.length; i += 1) {
      if (verdicts[i]?.reason === reason && verdicts[i]?.state === state) return i
    }
    return -1
  }
  return {
    numberOf(state, reason) {
      const known = find(state, reason)
      if (known >= 0) return known + 1
      if (verdicts.length === MOST_VERDICTS) throw new RangeError('more than 255 different reasons')
      return verdicts.push({ state, reason })
    },
    of: (column, port) => verdicts[((column?.cells.get(port) ?? 0) >> 8) - 1],
    at: (number) => verdicts[number - 1],
  }
}

function* rowsOf(
  protocol: Transport,
  column: Column,
  verdicts: Verdicts,
  isWanted: (state: PortState, protocol: Transport) => boolean,
): Generator<PortRow> {
  const ports = column.cells.ports()
  for (let i = 0; i < ports.length; i += 1) {
    const port = ports[i] ?? 0
    const state = verdicts.of(column, port)?.state
    if (state === undefined || !isWanted(state, protocol)) continue
    const row = rowAt(protocol, port, column, verdicts)
    if (row !== undefined) yield row
  }
}

function rowAt(protocol: Transport, port: number, column: Column, verdicts: Verdicts): PortRow | undefined {
  const verdict = verdicts.of(column, port)
  if (verdict === undefined) return undefined
  const from = column.senders.get(port)
  const service = column.services.get(port)
  return {
    protocol,
    port,
    ...verdict,
    ttl: column.cells.get(port) & 0xff,
    ...(from !== undefined && { from }),
    ...(service !== undefined && { service }),
  }
}

function talliesOf(columns: ReadonlyMap<Transport, Column>, verdicts: Verdicts): readonly StateTally[] {
  const tallies: StateTally[] = []
  for (const protocol of PROTOCOLS) {
    const column = columns.get(protocol)
    if (column !== undefined) tallies.push(...talliesIn(column, protocol, verdicts))
  }
  return tallies.sort((a, b) => b.count - a.count)
}

/** In the order of the lowest port of each, then by count: sorting keeps the order of equals. */
function talliesIn({ cells }: Column, protocol: Transport, verdicts: Verdicts): StateTally[] {
  const counts = new Map<number, number>()
  const ports = cells.ports()
  for (let i = 0; i < ports.length; i += 1) {
    const number = cells.get(ports[i] ?? 0) >> 8
    counts.set(number, (counts.get(number) ?? 0) + 1)
  }
  const states = new Map<PortState, ReasonTally[]>()
  for (const [number, count] of counts) {
    const verdict = verdicts.at(number)
    if (verdict === undefined) continue
    const { state, reason } = verdict
    const reasons = states.get(state) ?? []
    reasons.push({ reason, protocol, count })
    states.set(state, reasons)
  }
  return [...states].map(([state, reasons]) => ({
    state,
    protocol,
    count: reasons.reduce((sum, { count }) => sum + count, 0),
    reasons: reasons.sort((a, b) => b.count - a.count),
  }))
}
