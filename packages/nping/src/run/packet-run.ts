import {
  type Aim,
  createExchange,
  LocalFault,
  type PacketChannel,
  type PacketProbe,
  runVolley,
} from '@portkit/core'
import { openChannel, type WayTo, waysTo } from './channel.ts'
import { fragmenting } from './fragmenting.ts'
import { listenTo } from './listen.ts'
import type { Shot } from './observer.ts'
import { type PacketMode, type Probes, probesOf, ttlOf, USUAL } from './probe-of.ts'
import { turnOf } from './rounds.ts'
import type { Run } from './run.ts'
import type { HostTally } from './tally.ts'

/** Sends a run's packets in their turn and hears the answers. Rejects with LocalFault when the way breaks down. */
export async function packetRun(run: Run, mode: PacketMode): Promise<void> {
  const { settings, io, tally } = run
  const hosts = tally.hosts.map(({ host }) => host)
  const families = [...new Set(hosts.map(({ family }) => family))]
  const probes = probesOf(settings, mode, families, io.random)
  const ways = await waysTo(hosts, settings, io)
  const channel = await openChannel(settings, probes.all, families, io)
  run.begin()
  try {
    await shootAll(run, mode, aimsAt(probes, ways, tally.hosts), channel)
    const fault = channel.fault()
    if (fault !== undefined) throw fault
  } finally {
    tally.dropped = channel.dropped()
    channel.close()
  }
}

async function shootAll(
  run: Run,
  protocol: PacketMode,
  { probes, aimAt }: Aims,
  opened: PacketChannel,
): Promise<void> {
  const { settings, tally, lines } = run
  const { clock, random, interrupted } = run.io
  const { count = USUAL.rounds, noCapture, timeoutMs, intervalNs, ip } = settings
  const ports = portsOf(run, protocol)
  const rounds = count === 0 ? Number.POSITIVE_INFINITY : count
  const ttl = ttlOf(settings, random)
  const channel = ip.mtu === undefined ? opened : fragmenting(opened, clock, ip.mtu)
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

export interface Aims {
  readonly probes: readonly PacketProbe[]
  aimAt(host: number, port: number, ttl: number): Aim | undefined
}

/** Where there is no way, each shot is told why. */
export function aimsAt(probes: Probes, ways: readonly WayTo[], hosts: readonly HostTally[]): Aims {
  const lost = ways.map((way, i): { readonly aim: Omit<Aim, 'port' | 'ttl'> } | undefined => {
    const host = hosts[i]?.host
    if (!(way instanceof LocalFault) || host === undefined) return undefined
    const { family, address } = host
    const route = { family, source: '', destination: address, ...NO_WAY }
    return { aim: { probe: { ...probes.of(family), build: () => refuse(way) }, route } }
  })
  return {
    probes: probes.all,
    aimAt(host, port, ttl) {
      const way = ways[host]
      if (way === undefined) return undefined
      if (way instanceof LocalFault) {
        const none = lost[host]
        return none && { ...none.aim, port, ttl }
      }
      return { probe: probes.of(way.family), route: way, port, ttl }
    },
  }
}

const NO_WAY = {
  interfaceName: undefined,
  interfaceIndex: 0,
  gateway: undefined,
  hardwareAddress: undefined,
} as const

function refuse(fault: LocalFault): never {
  throw fault
}
