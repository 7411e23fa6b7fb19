import { type Aim, createExchange, type PacketChannel, runVolley } from '@portkit/core'
import { type Aims, withChannel } from './aims.ts'
import { listenTo } from './listen.ts'
import type { Shot } from './observer.ts'
import { portsOf } from './packet-run.ts'
import { type PacketMode, ttlOf } from './probe-of.ts'
import { turnOf } from './rounds.ts'
import type { Run } from './run.ts'
import { createTrace, type Trace, tracing } from './trace.ts'
import { USUAL } from './usual.ts'

/** Raises the time to live with every round until the target answers. Rejects with LocalFault when the way breaks down. */
export async function traceRun(run: Run, mode: PacketMode): Promise<readonly Trace[]> {
  const ports = portsOf(run, mode)
  const traces = run.tally.hosts.flatMap((host) => ports.map((port) => createTrace(host, port)))
  await withChannel(run, mode, (watched, aims, channel) => follow(watched, mode, traces, aims, channel))
  return traces
}

async function follow(
  run: Run,
  protocol: PacketMode,
  traces: readonly Trace[],
  { probes, aimAt }: Aims,
  channel: PacketChannel,
): Promise<void> {
  const { settings, tally, lines } = run
  const { clock, random, interrupted } = run.io
  const { count = USUAL.hops, noCapture, timeoutMs, intervalNs } = settings
  const ports = portsOf(run, protocol)
  const first = ttlOf(settings, random)
  const rounds = Math.min(count === 0 ? USUAL.mostTtl : count, USUAL.mostTtl - first + 1)
  const shots = new WeakMap<Aim, Shot>()
  const traceOf = ({ host, port }: Shot): Trace | undefined =>
    traces.find((trace) => trace.host === host && trace.port === port)

  const aim = (k: number): Aim | undefined => {
    const turn = turnOf(k, rounds, ports.length, tally.hosts.length)
    const host = turn && tally.hosts[turn.host]
    const port = ports[turn?.port ?? 0] ?? 0
    const next = turn && aimAt(turn.host, port, first + turn.round)
    if (next !== undefined && host !== undefined) {
      shots.set(next, { host, protocol, port, round: first + (turn?.round ?? 0) - 1, index: k })
    }
    return next
  }
  const isWanted = (candidate: Aim): boolean => {
    const shot = shots.get(candidate)
    return shot !== undefined && traceOf(shot)?.isOver === false
  }
  const shotOf = (index: number): Shot | undefined => {
    const flown = exchange.aimOf(index)
    return flown && shots.get(flown)
  }
  const observed = { ...run, observers: [...run.observers, tracing(traceOf)] }
  const listener = listenTo(observed, { shotOf, aimOf: (index) => exchange.aimOf(index) })
  const exchange = createExchange({ channel, clock, probes, timeoutNs: timeoutMs * 1e6, listener })
  await runVolley({
    exchange,
    channel,
    clock,
    aim,
    isWanted,
    intervalNs,
    wait: !noCapture,
    signal: interrupted,
    turn: lines.flush,
  })
}
