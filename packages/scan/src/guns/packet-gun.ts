import { type Io, LocalFault, type PacketChannel, type PacketProbe, type Route } from '@portkit/core'
import type { PacketCounts } from '../model/scan-result.ts'
import type { Settings } from '../settings.ts'
import type { Gun, GunGroup, GunHost } from './gun.ts'
import { createPacketBatch } from './packet-batch.ts'
import { createPacketDepartures } from './packet-departures.ts'
import { createPacketListener } from './packet-listener.ts'
import { createPlaces, PASSES, type Places } from './packet-places.ts'
import { ackDoubt, type PacketKind, probeOf } from './packet-probes.ts'
import type { PacketTrace, Tracer } from './packet-trace.ts'
import { untilReady } from './until-ready.ts'

export type PacketIo = Pick<Io, 'packets' | 'clock' | 'random'>

export interface PacketGunOptions {
  readonly kind: PacketKind
  /** Hosts without a route are asked for one. */
  readonly group: GunGroup
  readonly io: PacketIo
  readonly source: Settings['source']
  /** What the numbers in packets come from, 32 bits; not given: what nobody can guess. */
  readonly seed?: number | undefined
  /** --packet-trace */
  readonly trace?: PacketTrace | undefined
}

export interface PacketGun extends Gun {
  /** Since it was opened. Received are the packets that answered a probe. */
  counts(): PacketCounts
}

/** Octets of a packet that are looked at: the answer's headers, or an error with those that it quotes. */
const SNAP_LENGTH = 256
const USUAL_TTL = 64
/** Linux and Windows give none of these to connections of their own unless told to (ip_local_port_range ends at 60999). */
const OWN_PORTS = { first: 61_000, count: 4_096 } as const

/**
 * Asks ports by single packets and keeps nothing of a probe: what it needs to know comes back in the answer, by a number
 * that names host, port and pass. Only the times of the latest probes are noted. Probes go in batches of 64: `fire` says
 * `full` when a batch has to be flushed first, and while a flush is under way.
 * Rejects with LocalFault as `Packets.open` does, and with RangeError for a group of more than 2^28 probes.
 */
export async function openPacketGun(options: PacketGunOptions): Promise<PacketGun> {
  const { kind, group, io, source, seed } = options
  const random = seed === undefined ? io.random : seededRandom(seed)
  const sourcePort = source.port ?? OWN_PORTS.first + (random() % OWN_PORTS.count)
  const probe = probeOf({ kind, sourcePort, source, random })
  const routes = await routesTo(group.hosts, io, source)
  const known = routes.map((route) => (route instanceof LocalFault ? undefined : route))
  const places = createPlaces(known, group.ports, probe.hasTokens)
  const tracer = await tracerOf(options.trace)
  const channel = await io.packets.open({
    backend: 'auto',
    interfaceName: source.interfaceName,
    families: [...new Set(group.hosts.map(({ family }) => family))],
    interests: [probe.interest],
    departures: false,
    snapLength: SNAP_LENGTH,
  })
  return createGun({ options, probe, routes, places, channel, tracer })
}

interface Parts {
  readonly options: PacketGunOptions
  readonly probe: PacketProbe
  readonly routes: readonly (Route | LocalFault)[]
  readonly places: Places
  readonly channel: PacketChannel
  readonly tracer: Tracer | undefined
}

function createGun({ options, probe, routes, places, channel, tracer }: Parts): PacketGun {
  const { group, io, source } = options
  const departures = createPacketDepartures()
  const batch = createPacketBatch({
    channel,
    clock: io.clock,
    mostOctets: probe.mostOctets,
    departures,
    tracer,
  })
  const listener = createPacketListener({
    kind: options.kind,
    doubt: ackDoubt(options),
    probe,
    places,
    departures,
    channel,
    tracer,
  })
  const first = { index: 0, port: 0, ttl: source.ttl ?? USUAL_TTL }
  const shot = { ...first, route: NOWHERE }
  return {
    room: () => Number.POSITIVE_INFINITY,
    fire(host, port, pass) {
      const route = routes[host]
      if (route === undefined) throw new RangeError(`no host: ${host}`)
      if (route instanceof LocalFault) return route
      shot.index = places.numberOf(host, port, pass)
      shot.route = route
      shot.port = group.ports[port] ?? 0
      return batch.add(probe, shot)
    },
    flush: (refused) =>
      batch.flush((number, fault) => {
        const pass = number % PASSES
        const place = (number - pass) / PASSES
        const port = place % group.ports.length
        refused?.((place - port) / group.ports.length, port, pass, fault)
      }),
    collect: listener.collect,
    expire: () => 0,
    ready: (ms, signal) => untilReady(channel, io.clock, ms, signal),
    dropped: () => channel.dropped(),
    fault: () => channel.fault(),
    close: () => channel.close(),
    counts: () => ({
      ...batch.counts,
      received: listener.received,
      receivedOctets: listener.receivedOctets,
    }),
  }
}

const NOWHERE: Route = {
  family: 4,
  source: '',
  destination: '',
  interfaceName: undefined,
  interfaceIndex: 0,
  gateway: undefined,
  hardwareAddress: undefined,
  mtu: undefined,
}

async function routesTo(
  hosts: readonly GunHost[],
  { packets }: PacketIo,
  { address, interfaceName }: Settings['source'],
): Promise<readonly (Route | LocalFault)[]> {
  const routes: (Route | LocalFault)[] = []
  for (const host of hosts) {
    routes.push(
      host.route ?? (await packets.route(host, { sourceAddress: address, interfaceName }).catch(faultOnly)),
    )
  }
  return routes
}

function faultOnly(error: unknown): LocalFault {
  if (error instanceof LocalFault) return error
  throw error
}

async function tracerOf(trace: PacketTrace | undefined): Promise<Tracer | undefined> {
  if (trace === undefined) return undefined
  const { createTracer } = await import('./packet-trace.ts')
  return createTracer(trace)
}

/** The same numbers for the same seed (splitmix32). */
function seededRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x9e37_79b9) | 0
    let bits = Math.imul(state ^ (state >>> 16), 0x21f0_aaad)
    bits = Math.imul(bits ^ (bits >>> 15), 0x735a_2d97)
    return (bits ^ (bits >>> 15)) >>> 0
  }
}
