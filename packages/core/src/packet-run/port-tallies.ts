import type { Verdict } from '../model/observation.ts'
import type { Protocol } from '../model/target.ts'

/** Round trips in nanoseconds; with `samples` 0 the others mean nothing. */
export interface RttSums {
  readonly samples: number
  readonly minNs: number
  readonly maxNs: number
  readonly sumNs: number
}

/** What is known of one port of a host; its number is 0 where the protocol has none. */
export interface PortTally {
  readonly protocol: Protocol
  readonly port: number
  readonly sent: number
  readonly received: number
  /** Of the strongest answer so far; undefined as long as nothing is known. */
  readonly verdict: Verdict | undefined
  /** Who sent that answer, when it was not the host itself. */
  readonly from: string | undefined
  readonly rtt: RttSums
}

/** A verdict, and who it comes from when that is not the host itself. */
interface Outcome {
  readonly verdict: Verdict
  readonly from: string | undefined
}

/**
 * Tallies of ports by the number of their row. A run may have a great many, and an object for each would take hundreds
 * of octets: numbers are in columns, and rows that came to the same end one after the other share it.
 */
export interface PortTallies {
  /** A row for a port that nothing is known of. */
  add(protocol: Protocol, port: number): number
  sent(row: number): number
  countSent(row: number): void
  countReceived(row: number): void
  addRtt(row: number, rttNs: number): void
  verdict(row: number): Verdict | undefined
  judge(row: number, verdict: Verdict, from: string | undefined): void
  of(row: number): PortTally
}

const FIRST_CAPACITY = 16

export function createPortTallies(): PortTallies {
  let columns = createColumns(FIRST_CAPACITY)
  let rows = 0
  let latest: Outcome | undefined
  const outcomes: (Outcome | undefined)[] = []
  return {
    add(protocol, port) {
      if (rows === columns.port.length) columns = enlarged(columns)
      columns.protocol[rows] = PROTOCOLS.indexOf(protocol)
      columns.port[rows] = port
      outcomes.push(undefined)
      rows += 1
      return rows - 1
    },
    sent: (row) => columns.sent[row] ?? 0,
    countSent: (row) => increment(columns.sent, row),
    countReceived: (row) => increment(columns.received, row),
    addRtt(row, rttNs) {
      const { samples, minNs, maxNs, sumNs } = columns
      const isFirst = samples[row] === 0
      minNs[row] = isFirst ? rttNs : Math.min(minNs[row] ?? 0, rttNs)
      maxNs[row] = Math.max(maxNs[row] ?? 0, rttNs)
      sumNs[row] = (sumNs[row] ?? 0) + rttNs
      increment(samples, row)
    },
    verdict: (row) => outcomes[row]?.verdict,
    judge(row, verdict, from) {
      if (latest === undefined || !isSame(latest, verdict, from)) latest = { verdict, from }
      outcomes[row] = latest
    },
    of(row) {
      const { protocol, port, sent, received, samples, minNs, maxNs, sumNs } = columns
      const at = (column: Column): number => column[row] ?? 0
      return {
        protocol: PROTOCOLS[at(protocol)] ?? 'tcp',
        port: at(port),
        sent: at(sent),
        received: at(received),
        verdict: outcomes[row]?.verdict,
        from: outcomes[row]?.from,
        rtt: { samples: at(samples), minNs: at(minNs), maxNs: at(maxNs), sumNs: at(sumNs) },
      }
    },
  }
}

const PROTOCOLS: readonly Protocol[] = ['tcp', 'udp', 'icmp', 'arp']

type Column = Uint8Array | Uint16Array | Uint32Array | Float64Array

function createColumns(capacity: number) {
  return {
    protocol: new Uint8Array(capacity),
    port: new Uint16Array(capacity),
    sent: new Uint32Array(capacity),
    received: new Uint32Array(capacity),
    samples: new Uint32Array(capacity),
    minNs: new Float64Array(capacity),
    maxNs: new Float64Array(capacity),
    sumNs: new Float64Array(capacity),
  }
}

type Columns = ReturnType<typeof createColumns>

function enlarged(old: Columns): Columns {
  const made = createColumns(old.port.length * 2)
  for (const name of ['protocol', 'port', 'sent', 'received', 'samples', 'minNs', 'maxNs', 'sumNs'] as const)
    made[name].set(old[name])
  return made
}

function increment(column: Uint32Array, row: number): void {
  column[row] = (column[row] ?? 0) + 1
}

function isSame(outcome: Outcome, { state, reason }: Verdict, from: string | undefined): boolean {
  const { verdict } = outcome
  return outcome.from === from && verdict.state === state && verdict.reason === reason
}
