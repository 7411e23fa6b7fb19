import { createQuantiles, type Quantiles, type Verdict } from '@portkit/core'
import type { RttSums } from '../words/statistics.ts'

/** One address that is pinged. */
export interface PingHost {
  /** What the user typed, when it was a name. */
  readonly name: string | undefined
  readonly address: string
  readonly family: 4 | 6
}

export type Protocol = 'tcp' | 'udp' | 'icmp' | 'arp'

/** What is known of one port of a host; its number is 0 where the protocol has none. */
export interface PortTally {
  readonly protocol: Protocol
  readonly port: number
  sent: number
  received: number
  /** Of the strongest answer so far; undefined as long as nothing is known. */
  verdict: Verdict | undefined
  /** Who sent that answer, when it was not the host itself. */
  from: string | undefined
  readonly rtt: Sums
}

type Sums = { -readonly [K in keyof RttSums]: RttSums[K] }

export interface HostTally {
  readonly host: PingHost
  sent: number
  received: number
  readonly rtt: Sums
  /** By protocol and number. */
  readonly ports: Map<number, PortTally>
}

/** What a run counts. Each probe counts once, whatever else comes: `received` never exceeds `sent`. */
export interface Tally {
  readonly hosts: HostTally[]
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
  return {
    hosts: hosts.map(tallyOf),
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
  const added = tallyOf(host)
  tally.hosts.push(added)
  return added
}

function tallyOf(host: PingHost): HostTally {
  return { host, sent: 0, received: 0, rtt: noRtt(), ports: new Map() }
}

/** Whether a port was open, or a host answered where there are no ports. */
export function isAnyOpen({ hosts }: Tally): boolean {
  return hosts.some(({ ports }) => [...ports.values()].some(({ verdict }) => isOpen(verdict)))
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
  portOf(place).sent += 1
}

export function countReceived(tally: Tally, place: Place, answer: Received): void {
  const { octets, verdict, from, rttNs } = answer
  tally.received += 1
  tally.receivedOctets += octets
  const { host } = place
  host.received += 1
  const of = portOf(place)
  of.received += 1
  judge(of, verdict, from === host.host.address ? undefined : from)
  if (rttNs === undefined) return
  tally.rtt.add(rttNs)
  addRtt(host.rtt, rttNs)
  addRtt(of.rtt, rttNs)
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
  judge(portOf(place), verdict, from === place.host.host.address ? undefined : from)
}

/** A probe that stayed without an answer. */
export function countSilence(place: Place, verdict: Verdict): void {
  judge(portOf(place), verdict, undefined)
}

const FIRST_KEY: Readonly<Record<Protocol, number>> = { tcp: 0, udp: 0x1_0000, icmp: 0x2_0000, arp: 0x3_0000 }

function portOf({ host, protocol, port }: Place): PortTally {
  const key = FIRST_KEY[protocol] + port
  const known = host.ports.get(key)
  if (known !== undefined) return known
  const made = { protocol, port, sent: 0, received: 0, verdict: undefined, from: undefined, rtt: noRtt() }
  host.ports.set(key, made)
  return made
}

/** Answers that differ: what the target itself said outweighs a router, and anything said outweighs silence. */
function judge(of: PortTally, verdict: Verdict, from: string | undefined): void {
  if (of.verdict !== undefined && strength(verdict) <= strength(of.verdict)) return
  of.verdict = verdict
  of.from = from
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
