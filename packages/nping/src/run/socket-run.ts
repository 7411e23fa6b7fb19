import {
  classify,
  countReceived,
  countSent,
  countSilence,
  createFlight,
  createPace,
  LocalFault,
  type Method,
  type Net,
  type Observation,
  type Probe,
  type Shot,
  type Target,
  type Verdict,
} from '@portkit/core'
import { turnOf } from './rounds.ts'
import type { Run } from './run.ts'
import { USUAL } from './usual.ts'

/** Whoever hears what happens in a run through the system's own sockets. */
export interface SocketObserver {
  asked?(shot: Shot, atNs: number): void
  found?(shot: Shot, observation: Observation, verdict: Verdict, atNs: number): void
  failed?(shot: Shot, fault: LocalFault, atNs: number): void
}

/** A way to ask through sockets, and what to count for it. */
export interface SocketWay {
  readonly probe: Probe
  readonly method: Extract<Method, 'tcp' | 'udp'>
  readonly usualPort: number
  /** Octets of a probe and of an answer, as nping estimates them. */
  readonly sentOctets: number
  receivedOctets(observation: Observation): number
  /** What counts as received: of connections only those that were made. */
  isReceived(observation: Observation): boolean
}

/** Sockets open at once. */
const MOST_IN_FLIGHT = 1000

/** Asks in turn through the system's sockets, and waits until all are answered or their time is over. */
export async function socketRun(
  run: Run,
  way: SocketWay,
  net: Net,
  observers: readonly SocketObserver[],
): Promise<void> {
  const { settings, tally } = run
  const { clock, interrupted } = run.io
  const { ports = [way.usualPort], count = USUAL.rounds, intervalNs } = settings
  const rounds = count === 0 ? Number.POSITIVE_INFINITY : count
  run.begin()
  const pace = createPace(intervalNs, clock.nowNs())
  const flight = createFlight(MOST_IN_FLIGHT)
  const shotOf = (index: number): Shot | undefined => {
    const turn = turnOf(index, rounds, ports.length, tally.hosts.length)
    const host = turn && tally.hosts[turn.host]
    return host && { host, protocol: way.method, port: ports[turn.port] ?? 0, round: turn.round, index }
  }
  for (let k = 0, shot = shotOf(0); shot !== undefined && !interrupted.aborted; shot = shotOf(++k)) {
    await flight.room()
    const waitMs = Math.max(0, pace.nextNs(k) - clock.nowNs()) / 1e6
    // Without a pause the event loop would never get its turn.
    await clock.sleep(waitMs, interrupted).catch(() => {})
    pace.due(clock.nowNs(), k)
    if (interrupted.aborted) break
    flight.add(askOnce(run, way, net, observers, shot))
    await run.lines.flush()
  }
  await flight.landed()
  await run.lines.flush()
}

async function askOnce(
  run: Run,
  way: SocketWay,
  net: Net,
  observers: readonly SocketObserver[],
  shot: Shot,
): Promise<void> {
  const { clock, interrupted } = run.io
  const sentNs = clock.nowNs()
  countSent(run.tally, shot, way.sentOctets, sentNs)
  for (const observer of observers) observer.asked?.(shot, sentNs)
  try {
    const target = targetOf(shot, way)
    const observation = await way.probe.observe(target, { clock, net }, run.settings.timeoutMs, interrupted)
    const verdict = classify(observation, way.method)
    count(run, way, shot, observation, verdict)
    for (const observer of observers) observer.found?.(shot, observation, verdict, clock.nowNs())
  } catch (fault) {
    if (interrupted.aborted) return
    if (!(fault instanceof LocalFault)) throw fault
    run.tally.refused += 1
    for (const observer of observers) observer.failed?.(shot, fault, clock.nowNs())
  }
  await run.lines.flush()
}

function targetOf({ host, port }: Shot, { method }: SocketWay): Target {
  const { name, address, family } = host.host
  return { host: name ?? address, address, family, port, transport: method }
}

function count(run: Run, way: SocketWay, shot: Shot, o: Observation, verdict: Verdict): void {
  if (!way.isReceived(o)) {
    countSilence(shot, verdict)
    return
  }
  const rttNs = o.kind === 'silence' ? undefined : o.rttNs
  const from = o.kind === 'icmp-error' ? o.from : undefined
  countReceived(run.tally, shot, { octets: way.receivedOctets(o), verdict, from, rttNs })
}
