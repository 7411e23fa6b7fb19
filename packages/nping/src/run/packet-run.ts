import {
  type AimedShot,
  type Aims,
  createExchange,
  type PacketChannel,
  runVolley,
  withChannel,
} from '@portkit/core'
import { listenerOf } from './listener.ts'
import { orderOf } from './order.ts'
import { type PacketMode, ttlOf } from './probe-of.ts'
import { turnOf } from './rounds.ts'
import type { Run } from './run.ts'
import { USUAL } from './usual.ts'

/** Sends a run's packets in their turn and hears the answers. Rejects with LocalFault when the way breaks down. */
export function packetRun(run: Run, mode: PacketMode): Promise<void> {
  return withChannel(run, orderOf(run, mode), (watched, aims, channel) =>
    shootAll(watched, mode, aims, channel),
  )
}

async function shootAll(
  run: Run,
  protocol: PacketMode,
  { probes, aimAt }: Aims,
  channel: PacketChannel,
): Promise<void> {
  const { settings, tally, lines } = run
  const { clock, random, interrupted } = run.io
  const { count = USUAL.rounds, noCapture, timeoutMs, intervalNs } = settings
  const ports = portsOf(run, protocol)
  const rounds = count === 0 ? Number.POSITIVE_INFINITY : count
  const ttl = ttlOf(settings, random)
  const aim = (k: number): AimedShot | undefined => {
    const turn = turnOf(k, rounds, ports.length, tally.hosts.length)
    if (turn === undefined) return undefined
    const { host, port, round } = turn
    return aimAt(host, { protocol, port: ports[port] ?? 0, round, index: k }, ttl)
  }
  const shotOf = (index: number): AimedShot | undefined => exchange.aimOf(index)
  const listener = listenerOf(run, shotOf)
  const timeoutNs = timeoutMs * 1e6
  const capacity = capacityFor(rounds * ports.length * tally.hosts.length)
  const exchange = createExchange<AimedShot>({ channel, clock, probes, timeoutNs, listener, capacity })
  await runVolley({
    exchange,
    channel,
    clock,
    aim,
    intervalNs,
    wait: !noCapture,
    signal: interrupted,
    turn: lines.flush,
  })
}

/** Shots that are remembered: all of a small run. */
const CAPACITY = { least: 2 ** 10, most: 2 ** 17 } as const

function capacityFor(shots: number): number {
  const wanted = Math.min(Math.max(shots, CAPACITY.least), CAPACITY.most)
  return 2 ** Math.ceil(Math.log2(wanted))
}

/** What a mode asks when no ports are named; without ports in the protocol it is one question a host. */
export function portsOf({ settings }: Run, mode: PacketMode): readonly number[] {
  switch (mode) {
    case 'tcp':
      return settings.ports ?? [USUAL.tcpPort]
    case 'udp':
      return settings.ports ?? [USUAL.udpPort]
    case 'icmp':
    case 'arp':
      return [0]
  }
}
