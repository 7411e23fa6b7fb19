import type { PortState, Transport } from '@portkit/core'
import {
  type PortRow,
  type PortTable,
  PROTOCOLS,
  type ReasonTally,
  type StateTally,
} from '../model/port-table.ts'
import type { PortSpan } from './port-ranges.ts'
import { ResultFault } from './read-fault.ts'

/** Neighbouring ports of which the same is known. */
interface Run extends PortSpan {
  /** Of all of them: its own port does not matter. */
  readonly row: PortRow
}

const PORTS = 65_536
/** The ports of both protocols, and again as many: some scanners list a port with every answer. */
const MOST_PORTS = 4 * PORTS

/** Collects the ports of a host that is read. */
export interface ReadTable {
  /** Ports of which the same is known; the row's own port does not matter. @throws ResultFault for more ports than there can be */
  add(span: PortSpan, row: PortRow): void
  /** What was added last is right where ports were added twice. */
  done(): PortTable
}

/** Its memory grows with what was read, not with the ports that there could be: results have many hosts. */
export function createReadTable(): ReadTable {
  const added: Run[] = []
  let ports = 0
  return {
    add({ from, to }, row) {
      ports += to - from + 1
      if (ports > MOST_PORTS) throw new ResultFault('a host has more ports than there are')
      added.push({ from, to, row })
    },
    done: () => tableOf(new Map(PROTOCOLS.map((protocol) => [protocol, settled(added, protocol)]))),
  }
}

/** The runs of one protocol, ascending, without what later ones say otherwise. */
function settled(added: readonly Run[], protocol: Transport): readonly Run[] {
  const runs = added.filter(({ row }) => row.protocol === protocol)
  const inOrder = runs.every(({ from }, i) => from > (runs[i - 1]?.to ?? -1))
  if (inOrder) return runs
  const sorted = runs.toSorted((a, b) => a.from - b.from)
  if (sorted.every(({ from }, i) => from > (sorted[i - 1]?.to ?? -1))) return sorted
  const places = new Int32Array(PORTS)
  for (const [i, { from, to }] of runs.entries()) places.fill(i + 1, from, to + 1)
  return [...piecesOf(places, runs)]
}

/** Neighbouring ports that the same run was the last to have; 0 is none. */
function* piecesOf(places: Int32Array, runs: readonly Run[]): Generator<Run> {
  for (let from = 0; from < PORTS; ) {
    const place = places[from] ?? 0
    let to = from
    while (to + 1 < PORTS && places[to + 1] === place) to += 1
    const run = runs[place - 1]
    if (run !== undefined) yield { from, to, row: run.row }
    from = to + 1
  }
}

function tableOf(columns: ReadonlyMap<Transport, readonly Run[]>): PortTable {
  let size = 0
  for (const runs of columns.values()) size += portsIn(runs)
  return {
    size,
    *rows(isWanted = () => true) {
      for (const runs of columns.values()) {
        for (const run of runs) if (isWanted(run.row.state, run.row.protocol)) yield* rowsOf(run)
      }
    },
    row(protocol, port) {
      const run = runAt(columns.get(protocol) ?? [], port)
      return run && { ...run.row, port }
    },
    has: (protocol, port) => runAt(columns.get(protocol) ?? [], port) !== undefined,
    tallies() {
      const tallies = [...columns].flatMap(([protocol, runs]) => talliesOf(protocol, runs))
      return tallies.sort((a, b) => b.count - a.count)
    },
    portsOf(state, protocol, reason) {
      const ports: number[] = []
      for (const { from, to, row } of columns.get(protocol) ?? []) {
        if (row.state !== state || (reason !== undefined && row.reason !== reason)) continue
        for (let port = from; port <= to; port += 1) ports.push(port)
      }
      return ports
    },
  }
}

function* rowsOf({ from, to, row }: Run): Generator<PortRow> {
  for (let port = from; port <= to; port += 1) yield { ...row, port }
}

function portsIn(runs: readonly PortSpan[]): number {
  return runs.reduce((sum, { from, to }) => sum + to - from + 1, 0)
}

/** The run that has the port, if any: they ascend. */
function runAt(runs: readonly Run[], port: number): Run | undefined {
  let low = 0
  let high = runs.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((runs[middle]?.to ?? port) < port) low = middle + 1
    else high = middle
  }
  const run = runs[low]
  return run !== undefined && run.from <= port ? run : undefined
}

function talliesOf(protocol: Transport, runs: readonly Run[]): readonly StateTally[] {
  const states = new Map<PortState, Map<string, number>>()
  for (const { from, to, row } of runs) {
    const reasons = states.get(row.state) ?? new Map<string, number>()
    reasons.set(row.reason, (reasons.get(row.reason) ?? 0) + to - from + 1)
    states.set(row.state, reasons)
  }
  return [...states].map(([state, counts]) => {
    const reasons: ReasonTally[] = [...counts].map(([reason, count]) => ({ reason, protocol, count }))
    const count = reasons.reduce((sum, tally) => sum + tally.count, 0)
    return { state, protocol, count, reasons: reasons.sort((a, b) => b.count - a.count) }
  })
}
