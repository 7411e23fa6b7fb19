import { type Aim, LocalFault, type PacketChannel, type PacketProbe } from '@portkit/core'
import { recorded } from './capture-report.ts'
import { openChannel, type WayTo, waysTo } from './channel.ts'
import { tellWays } from './debug.ts'
import { fragmenting } from './fragmenting.ts'
import { type PacketMode, type Probes, probesOf } from './probe-of.ts'
import type { Run } from './run.ts'
import type { HostTally } from './tally.ts'

/** What the packets of a run are made of. */
export interface Aims {
  readonly probes: readonly PacketProbe[]
  aimAt(host: number, port: number, ttl: number): Aim | undefined
}

/** Where there is no way, each shot is told why. */
function aimsAt(probes: Probes, ways: readonly WayTo[], hosts: readonly HostTally[]): Aims {
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
