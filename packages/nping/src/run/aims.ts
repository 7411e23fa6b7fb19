import { type Aim, LocalFault, type PacketChannel, type PacketProbe, type Route } from '@portkit/core'
import { recorded } from './capture-report.ts'
import { openChannel, type WayTo, waysTo } from './channel.ts'
import { tellWays } from './debug.ts'
import { fragmenting } from './fragmenting.ts'
import type { Shot } from './observer.ts'
import { type PacketMode, type Probes, probesOf } from './probe-of.ts'
import type { Turn } from './rounds.ts'
import type { Run } from './run.ts'
import type { HostTally } from './tally.ts'

/** A probe of the run together with its packet: one object serves the exchange and the report. */
export interface AimedShot extends Aim, Shot {}

/** What the packets of a run are made of. */
export interface Aims {
  readonly probes: readonly PacketProbe[]
  /** undefined when there is no such host. */
  aimAt(protocol: PacketMode, turn: Turn, port: number, ttl: number, index: number): AimedShot | undefined
}

/** Where there is no way, each shot is told why. */
function aimsAt(probes: Probes, ways: readonly WayTo[], hosts: readonly HostTally[]): Aims {
  const ends = ways.map((way, i) => {
    const host = hosts[i]
    if (host === undefined) return undefined
    const { family, address } = host.host
    const probe = probes.of(family)
    if (!(way instanceof LocalFault)) return { host, probe, route: way }
    const route: Route = { family, source: '', destination: address, ...NO_WAY }
    return { host, probe: { ...probe, build: () => refuse(way) }, route }
  })
  return {
    probes: probes.all,
    aimAt(protocol, turn, port, ttl, index) {
      const end = ends[turn.host]
      if (end === undefined) return undefined
      const { host, probe, route } = end
      return { probe, route, port, ttl, host, protocol, round: turn.round, index }
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

/**
 * Opens the way for a run's packets, and closes it behind the work. Rejects with LocalFault when it cannot be opened,
 * or breaks down. The work's own `Run` has whoever else has to hear of it.
 */
export async function withChannel<T>(
  run: Run,
  mode: PacketMode,
  work: (watched: Run, aims: Aims, channel: PacketChannel) => Promise<T>,
): Promise<T> {
  const { settings, io, tally } = run
  const hosts = tally.hosts.map(({ host }) => host)
  const families = [...new Set(hosts.map(({ family }) => family))]
  const probes = probesOf(settings, mode, families, io.random)
  const ways = await waysTo(hosts, settings, io)
  const channel = await openChannel(settings, probes.all, families, io)
  try {
    const done = await recorded(run, mode, channel, (watched) => {
      run.begin()
      tellWays(run, channel, ways)
      const { mtu } = settings.ip
      // ARP and neighbour discovery are never cut.
      const cutting = mtu === undefined || mode === 'arp' ? channel : fragmenting(channel, io.clock, mtu)
      return work(watched, aimsAt(probes, ways, tally.hosts), cutting)
    })
    const fault = channel.fault()
    if (fault !== undefined) throw fault
    return done
  } finally {
    tally.dropped = channel.dropped()
    channel.close()
  }
}
