import type { PacketChannel, Route } from '../io/packets.ts'
import { UNKNOWN_WAY } from '../io/unknown-way.ts'
import { LocalFault } from '../model/errors.ts'
import type { Family } from '../model/target.ts'
import type { PacketProbe } from '../probes/packet/packet-probe.ts'
import type { Aim } from '../run/exchange/ledger.ts'
import { recorded } from './capture-report.ts'
import type { Shot } from './observer.ts'
import type { PacketRun } from './packet-run.ts'
import { type Reshape, reshaping } from './reshaping.ts'
import type { HostTally } from './tally.ts'
import { openWay, type PacketWay, type WayTo, waysTo } from './way.ts'

/** A probe of the run together with its packet: one object serves the exchange and the report. */
export interface AimedShot extends Aim, Shot {}

/** The kinds of probes that a run sends; the family decides between the two that ask a link. */
export interface Probes {
  readonly all: readonly PacketProbe[]
  of(family: Family): PacketProbe
}

/** What the packets of a run are made of. */
export interface Aims {
  readonly probes: readonly PacketProbe[]
  /** @param host its place in the run's tally; undefined when there is no such host */
  aimAt(host: number, shot: Omit<Shot, 'host'>, ttl: number): AimedShot | undefined
}

/** Where there is no way, each shot is told why. */
function aimsAt(probes: Probes, ways: readonly WayTo[], hosts: readonly HostTally[]): Aims {
  const ends = ways.map((way, i) => {
    const host = hosts[i]
    if (host === undefined) return undefined
    const { family, address } = host.host
    const probe = probes.of(family)
    if (!(way instanceof LocalFault)) return { host, probe, route: way }
    const route: Route = { family, source: '', destination: address, ...UNKNOWN_WAY }
    return { host, probe: { ...probe, build: () => refuse(way) }, route }
  })
  return {
    probes: probes.all,
    aimAt(at, { protocol, port, round, index }, ttl) {
      const end = ends[at]
      if (end === undefined) return undefined
      const { host, probe, route } = end
      return { probe, route, port, ttl, host, protocol, round, index }
    },
  }
}

function refuse(fault: LocalFault): never {
  throw fault
}

/** What a run sends, how, and what becomes of it. */
export interface PacketOrder {
  readonly probes: Probes
  readonly way: PacketWay
  /** What each packet is turned into before it is sent; undefined: as it is. ARP never is. */
  readonly reshape: Reshape | undefined
  /** A capture file for the run's packets. */
  readonly write: string | undefined
  /** Called right after the run has begun. */
  opened?(channel: PacketChannel, ways: readonly WayTo[]): void
}

/**
 * Opens the way for a run's packets, and closes it behind the work. Rejects with LocalFault when it cannot be opened,
 * or breaks down. The work's own run has whoever else has to hear of it.
 */
export async function withChannel<R extends PacketRun, T>(
  run: R,
  order: PacketOrder,
  work: (watched: R, aims: Aims, channel: PacketChannel) => Promise<T>,
): Promise<T> {
  const { io, tally } = run
  const { probes, way, reshape, write } = order
  const hosts = tally.hosts.map(({ host }) => host)
  const families = [...new Set(hosts.map(({ family }) => family))]
  const ways = await waysTo(hosts, way, io)
  const channel = await openWay({ ...way, whole: way.whole || write !== undefined }, probes.all, families, io)
  try {
    const isArp = probes.all.some(({ interest }) => interest.protocol === 'arp')
    const done = await recorded(run, { path: write, hasArp: isArp, reshape }, channel, (watched) => {
      run.begin()
      order.opened?.(channel, ways)
      const sending = reshape === undefined ? channel : reshaping(channel, io.clock, reshape)
      return work(watched, aimsAt(probes, ways, tally.hosts), sending)
    })
    const fault = channel.fault()
    if (fault !== undefined) throw fault
    return done
  } finally {
    tally.dropped = channel.dropped()
    channel.close()
  }
}
