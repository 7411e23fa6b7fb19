import {
  type AimedShot,
  type Aims,
  createExchange,
  createTraces,
  type PacketChannel,
  runVolley,
  type Trace,
  type Traces,
  tracing,
  withChannel,
} from '@portkit/core'
import { listenerOf } from './listener.ts'
import { orderOf } from './order.ts'
import { portsOf } from './packet-run.ts'
import { type PacketMode, ttlOf } from './probe-of.ts'
import { turnOf } from './rounds.ts'
import type { Run } from './run.ts'
import { USUAL } from './usual.ts'

/** Raises the time to live with every round until the target answers. Rejects with LocalFault when the way breaks down. */
export async function traceRun(run: Run, mode: PacketMode): Promise<readonly Trace[]> {
  const traces = createTraces()
  for (const host of run.tally.hosts) for (const port of portsOf(run, mode)) traces.add({ host, port })
  await withChannel(run, orderOf(run, mode), (watched, aims, channel) =>
    follow(watched, mode, traces, aims, channel),
  )
  return traces.all
}

async function follow(
  run: Run,
  protocol: PacketMode,
  traces: Traces,
  { probes, aimAt }: Aims,
  channel: PacketChannel,
): Promise<void> {
  const { settings, tally, lines } = run
  const { clock, random, interrupted } = run.io
  const { count = USUAL.hops, noCapture, timeoutMs, intervalNs } = settings
  const ports = portsOf(run, protocol)
  const first = ttlOf(settings, random)
  const rounds = Math.min(count === 0 ? USUAL.mostTtl : count, USUAL.mostTtl - first + 1)
  const aim = (k: number): AimedShot | undefined => {
    const turn = turnOf(k, rounds, ports.length, tally.hosts.length)
    if (turn === undefined) return undefined
    const hop = first + turn.round
    return aimAt(turn.host, { protocol, port: ports[turn.port] ?? 0, round: hop - 1, index: k }, hop)
  }
  const isWanted = (shot: AimedShot): boolean => traces.of(shot)?.isOver === false
  const shotOf = (index: number): AimedShot | undefined => exchange.aimOf(index)
  const observed = { ...run, observers: [...run.observers, tracing(traces.of)] }
  const listener = listenerOf(observed, shotOf)
  const timeoutNs = timeoutMs * 1e6
  const exchange = createExchange<AimedShot>({ channel, clock, probes, timeoutNs, listener })
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
