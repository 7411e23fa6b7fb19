import { type Aim, createExchange, type PacketChannel, runVolley } from '@portkit/core'
import { type Aims, withChannel } from './aims.ts'
import { listenTo } from './listen.ts'
import type { Shot } from './observer.ts'
import { type PacketMode, ttlOf } from './probe-of.ts'
import { turnOf } from './rounds.ts'
import type { Run } from './run.ts'
import { USUAL } from './usual.ts'

/** Sends a run's packets in their turn and hears the answers. Rejects with LocalFault when the way breaks down. */
export function packetRun(run: Run, mode: PacketMode): Promise<void> {
  return withChannel(run, mode, (watched, aims, channel) => shootAll(watched, mode, aims, channel))
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
  const shotOf = (index: number): Shot | undefined => {
    const turn = turnOf(index, rounds, ports.length, tally.hosts.length)
    const host = turn && tally.hosts[turn.host]
    return host && { host, protocol, port: ports[turn.port] ?? 0, round: turn.round, index }
  }
  const aim = (k: number): Aim | undefined => {
    const turn = turnOf(k, rounds, ports.length, tally.hosts.length)
    return turn && aimAt(turn.host, ports[turn.port] ?? 0, ttl)
  }
  const listener = listenTo(run, { shotOf, aimOf: (index) => exchange.aimOf(index) })
  const exchange = createExchange({ channel, clock, probes, timeoutNs: timeoutMs * 1e6, listener })
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
