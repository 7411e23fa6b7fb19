import {
  awaitAnswer,
  type Clock,
  type ConnectFact,
  classify,
  type Endpoint,
  errnoOfFact,
  formatEndpoint,
  LocalFault,
  type Net,
  type Silence,
  strerror,
} from '@portkit/core'
import type { ScanEvent } from '../model/event.ts'
import type { PingProbe, Settings } from '../settings.ts'
import { type Aborts, createAborts } from './aborts.ts'
import { type Candidate, type Candidates, isUnreachable, isUp } from './candidate.ts'
import { createGate, type Gate } from './gate.ts'

interface KnockOptions {
  readonly settings: Pick<Settings, 'source' | 'timing' | 'report'>
  readonly io: { readonly clock: Clock }
  readonly net: Net
  readonly signal: AbortSignal
  readonly startNs?: number | undefined
  emit(event: ScanEvent): void
}

/** Hosts that are asked at once; where files run out there will be fewer. */
const MOST_HOSTS = 128
const FURTHER_TRIES = 1
/** nmap's own where it may send no packets. */
const USUAL_PORTS = [80, 443] as const

/** The ports that are knocked at: those of the user's TCP probes, for nothing else can be asked without packets. */
export function knockPorts(probes: readonly PingProbe[]): readonly number[] {
  const ports = probes.flatMap((probe) => (probe.kind === 'syn' || probe.kind === 'ack' ? probe.ports : []))
  return ports.length > 0 ? [...new Set(ports)] : USUAL_PORTS
}

/** Asks by connections: any answer shows that the host is there. Rejects with LocalFault where no socket can be had at all. */
export async function askByConnections(
  candidates: Candidates,
  ports: readonly number[],
  options: KnockOptions,
): Promise<void> {
  const gate = createGate(MOST_HOSTS * ports.length)
  const aborts = createAborts(options.signal)
  const queue = candidates.values()
  const work = async (): Promise<void> => {
    for (const candidate of queue) {
      if (options.signal.aborted) return
      await ask(candidate, ports, { gate, aborts }, options)
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(MOST_HOSTS, candidates.length) }, work))
  } finally {
    aborts.close()
  }
}

/** All its ports at once; the first answer ends it. */
async function ask(
  candidate: Candidate,
  ports: readonly number[],
  { gate, aborts }: { readonly gate: Gate; readonly aborts: Aborts },
  options: KnockOptions,
): Promise<void> {
  const tries = 1 + Math.min(FURTHER_TRIES, options.settings.timing.maxRetries)
  for (let i = 0; i < tries && candidate.status.state !== 'up' && !options.signal.aborted; i += 1) {
    const over = aborts.begin()
    const waits = createAborts(over.signal)
    try {
      await Promise.all(ports.map((port) => knock(candidate, port, { gate, over, waits }, options)))
    } finally {
      aborts.end(over)
      waits.close()
    }
  }
}

/** All of a host's ports at once. */
interface Round {
  readonly gate: Gate
  /** Ended by the first answer. */
  readonly over: AbortController
  readonly waits: Aborts
}

/** Waits until there is room for the socket. Rejects with LocalFault where there is none even for one. */
async function knock(candidate: Candidate, port: number, round: Round, options: KnockOptions): Promise<void> {
  const { gate, over } = round
  while (!over.signal.aborted) {
    await gate.enter()
    try {
      const fault = await tryKnock(candidate, port, round, options)
      if (fault === undefined) return
      if (!gate.narrow()) throw fault
    } finally {
      gate.leave()
    }
  }
}

/** Why this machine had no room for the socket now; undefined when it was asked. */
async function tryKnock(
  candidate: Candidate,
  port: number,
  { over, waits }: Round,
  options: KnockOptions,
): Promise<LocalFault | undefined> {
  const { settings, io, net } = options
  const { address, family } = candidate.host
  const { address: sourceAddress, interfaceName } = settings.source
  const request = { address, family, port, close: 'rst', sourceAddress, interfaceName } as const
  const wait = waits.begin()
  try {
    const attempt = net.connect(request)
    const answer = await awaitAnswer(attempt, io.clock, settings.timing.initialRttMs, wait.signal)
    const fact = 'fact' in answer ? answer.fact : answer
    if (settings.report.packetTrace) trace({ address, port }, fact, options)
    if (learn(candidate, fact)) over.abort()
  } catch (error) {
    if (over.signal.aborted) return undefined
    if (!(error instanceof LocalFault)) throw error
    if (isPassing(error)) return error
    refuse(candidate, error)
  } finally {
    waits.end(wait)
  }
  return undefined
}

/** As nmap 7.93 tells of connections, which it does not know the own address of. */
function trace(to: Endpoint, fact: ConnectFact | Silence, { io, startNs = 0, emit }: KnockOptions): void {
  const seconds = ((io.clock.nowNs() - startNs) / 1e9).toFixed(4)
  emit({
    kind: 'trace',
    text: `CONN (${seconds}s) TCP localhost > ${formatEndpoint(to)} => ${outcome(fact)}`,
  })
}

function outcome(fact: ConnectFact | Silence): string {
  if (fact.kind === 'handshake') return 'Connected'
  return fact.kind === 'silence' ? 'Operation now in progress' : strerror(errnoOfFact(fact))
}

/** Whether the host is up. */
function learn(candidate: Candidate, fact: ConnectFact | Silence): boolean {
  if (fact.kind === 'silence') return false
  if (fact.kind === 'handshake' || fact.kind === 'refused') {
    if (fact.rttNs !== undefined) candidate.times.see(fact.rttNs)
    isUp(candidate, { reason: fact.kind === 'handshake' ? 'syn-ack' : 'conn-refused', ttl: 0 })
    return true
  }
  isUnreachable(candidate, { reason: classify(fact, 'tcp').reason, ttl: 0 })
  return false
}

/** Files and buffers that others give back. */
const PASSING = ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EAGAIN', 'EADDRNOTAVAIL']

function isPassing({ code }: LocalFault): boolean {
  return PASSING.includes(code)
}

const UNREACHABLE: Readonly<Record<string, string>> = {
  ENETUNREACH: 'net-unreach',
  EHOSTUNREACH: 'host-unreach',
  EACCES: 'admin-prohibited',
  EPERM: 'admin-prohibited',
}

/** This machine has no way to it, or its firewall does not let us. */
function refuse(candidate: Candidate, fault: LocalFault): void {
  const reason = UNREACHABLE[fault.code]
  if (reason === undefined) throw fault
  isUnreachable(candidate, { reason, ttl: 0 })
}
