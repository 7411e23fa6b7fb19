import type { Verdict } from '../model/observation.ts'
import { createQuantiles, type Quantiles } from '../model/quantiles.ts'
import type { Protocol } from '../model/target.ts'
import { createPortTallies, type PortTallies, type PortTally, type RttSums } from './port-tallies.ts'

/** One address that is pinged. */
export interface PingHost {
  /** What the user typed, when it was a name. */
  readonly name: string | undefined
  readonly address: string
  readonly family: 4 | 6
}

type Sums = { -readonly [K in keyof RttSums]: RttSums[K] }

export interface HostTally {
  readonly host: PingHost
  sent: number
  received: number
  readonly rtt: Sums
  /** Of all hosts. */
  readonly ports: PortTallies
  /** This host's rows in it, by protocol and number of the port. */
  readonly rows: Map<number, number>
}

/** What a run counts. Each probe counts once, whatever else comes: `received` never exceeds `sent`. */
export interface Tally {
  readonly hosts: HostTally[]
  readonly ports: PortTallies
  /** Of all hosts. */
  readonly rtt: Quantiles
  sent: number
  sentOctets: number
  received: number
  receivedOctets: number
  /** Further answers to probes that were answered already. */
  again: number
  /** First answers after the time was over. */
  late: number
  /** Probes that the system did not send. */
  refused: number
  /** Packets that came faster than they were taken in. */
  dropped: number
  /** On the clock; undefined before the first and the last probe. */
  firstSentNs: number | undefined
  lastSentNs: number | undefined
}

interface Place {
  readonly host: HostTally
  readonly protocol: Protocol
  readonly port: number
}

/** An answer as the tally wants it. */
export interface Received {
  readonly octets: number
  readonly verdict: Verdict
  readonly from: string | undefined
  readonly rttNs: number | undefined
}

export function createTally(hosts: readonly PingHost[]): Tally {
  const ports = createPortTallies()
  return {
    hosts: hosts.map((host) => tallyOf(host, ports)),
    ports,
    rtt: createQuantiles(),
    sent: 0,
    sentOctets: 0,
    received: 0,
    receivedOctets: 0,
    again: 0,
    late: 0,
    refused: 0,
    dropped: 0,
    firstSentNs: undefined,
    lastSentNs: undefined,
  }
}

/** One more host, which nobody named. */
export function addHost(tally: Tally, host: PingHost): HostTally {
  const added = tallyOf(host, tally.ports)
  tally.hosts.push(added)
  return added
}

function tallyOf(host: PingHost, ports: PortTallies): HostTally {
  return { host, sent: 0, received: 0, rtt: noRtt(), ports, rows: new Map() }
}

/** What is known of a host's ports, in the order in which they were asked. */
export function* portsOf({ ports, rows }: HostTally): Generator<PortTally> {
  for (const row of Float64Array.from(rows.values()).sort()) yield ports.of(row)
}

/** Whether a port was open, or a host answered where there are no ports. */
export function isAnyOpen({ hosts }: Tally): boolean {
  return hosts.some(hasOpen)
}

function hasOpen({ ports, rows }: HostTally): boolean {
  for (const row of rows.values()) if (isOpen(ports.verdict(row))) return true
  return false
}

function isOpen(verdict: Verdict | undefined): boolean {
  return verdict?.state === 'open' || verdict?.state === 'up'
}

export function countSent(tally: Tally, place: Place, octets: number, atNs: number): void {
  tally.sent += 1
  tally.sentOctets += octets
  tally.firstSentNs ??= atNs
  tally.lastSentNs = atNs
  place.host.sent += 1
  tally.ports.countSent(rowOf(place))
}

export function countReceived(tally: Tally, place: Place, answer: Received): void {
  const { octets, verdict, from, rttNs } = answer
  tally.received += 1
  tally.receivedOctets += octets
  const { host } = place
  host.received += 1
  const row = rowOf(place)
  tally.ports.countReceived(row)
  judge(tally.ports, row, verdict, stranger(from, host.host))
  if (rttNs === undefined) return
  tally.rtt.add(rttNs)
  addRtt(host.rtt, rttNs)
  // How long a router on the way took says nothing of the port.
  if (verdict.reason !== 'time-exceeded') tally.ports.addRtt(row, rttNs)
}

/** Probes of one port so far. */
export function sentTo({ host, protocol, port }: Place): number {
  const row = host.rows.get(FIRST_KEY[protocol] + port)
  return row === undefined ? 0 : host.ports.sent(row)
}

/** Round trips of all hosts. */
export function rttOf({ hosts }: Tally): RttSums {
  const all = noRtt()
  for (const { rtt } of hosts) {
    if (rtt.samples === 0) continue
    all.minNs = all.samples === 0 ? rtt.minNs : Math.min(all.minNs, rtt.minNs)
    all.maxNs = Math.max(all.maxNs, rtt.maxNs)
    all.sumNs += rtt.sumNs
    all.samples += rtt.samples
  }
  return all
}

function noRtt(): Sums {
  return { samples: 0, minNs: 0, maxNs: 0, sumNs: 0 }
}

function addRtt(rtt: Sums, rttNs: number): void {
  rtt.minNs = rtt.samples === 0 ? rttNs : Math.min(rtt.minNs, rttNs)
  rtt.maxNs = Math.max(rtt.maxNs, rttNs)
  rtt.sumNs += rttNs
  rtt.samples += 1
}

/** An answer whose time was over: it is not received, but what it says of the port is true. */
export function countLate(tally: Tally, place: Place, verdict: Verdict, from: string): void {
  tally.late += 1
  judge(tally.ports, rowOf(place), verdict, stranger(from, place.host.host))
}

/** A probe that stayed without an answer. */
export function countSilence(place: Place, verdict: Verdict): void {
  judge(place.host.ports, rowOf(place), verdict, undefined)
}

const FIRST_KEY: Readonly<Record<Protocol, number>> = { tcp: 0, udp: 0x1_0000, icmp: 0x2_0000, arp: 0x3_0000 }

function rowOf({ host, protocol, port }: Place): number {
  const key = FIRST_KEY[protocol] + port
  const known = host.rows.get(key)
  if (known !== undefined) return known
  const made = host.ports.add(protocol, port)
  host.rows.set(key, made)
  return made
}

/** Who answered instead of the host. Packets carry no zone. */
function stranger(from: string | undefined, { address }: PingHost): string | undefined {
  return from === address || from === address.split('%', 1)[0] ? undefined : from
}

/** Answers that differ: what the target itself said outweighs a router, and anything said outweighs silence. */
function judge(ports: PortTallies, row: number, verdict: Verdict, from: string | undefined): void {
  const before = ports.verdict(row)
  if (before === undefined || strength(verdict) > strength(before)) ports.judge(row, verdict, from)
}

const STRENGTH: Readonly<Record<Verdict['state'], number>> = {
  open: 8,
  up: 8,
  closed: 7,
  unfiltered: 6,
  filtered: 5,
  'closed|filtered': 5,
  'no answer': 4,
  'open|filtered': 4,
  unknown: 3,
}

function strength({ state, reason }: Verdict): number {
  return reason === 'no-response' ? 1 : STRENGTH[state]
}
