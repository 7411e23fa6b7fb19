import {
  classify,
  type PacketChannel,
  type PacketProbe,
  type SeenPacket,
  type Sighting,
  sight,
  type Verdict,
} from '@portkit/core'
import { KINDS } from '../model/scan-kind.ts'
import type { Hit } from './gun.ts'
import type { PacketDepartures } from './packet-departures.ts'
import type { Places } from './packet-places.ts'
import type { PacketKind } from './packet-probes.ts'
import type { Tracer } from './packet-trace.ts'

export interface PacketListenerParts {
  readonly kind: PacketKind
  readonly probe: PacketProbe
  /** See `ackDoubt`. */
  readonly doubt: number
  readonly places: Places
  readonly departures: PacketDepartures
  readonly channel: Pick<PacketChannel, 'drain'>
  readonly tracer: Tracer | undefined
}

/** Takes in what has come and finds out which probes it answers. */
export interface PacketListener {
  /** Packets that answered probes, and their octets from the IP header on. */
  readonly received: number
  readonly receivedOctets: number
  /** As `Gun.collect`. */
  collect(hear: (hit: Hit) => void): number
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export function createPacketListener(parts: PacketListenerParts): PacketListener {
  const { kind, probe, doubt, places, channel, tracer } = parts
  const counted = { received: 0, receivedOctets: 0, hits: 0 }
  const hit = emptyHit()
  const timer = createTimer(parts, hit)
  let hear: (hit: Hit) => void = () => {}

  const found = (host: number, port: number, pass: number | undefined): void => {
    if (!timer.time(host, port, pass)) return
    hit.host = host
    hit.port = port
    counted.hits += 1
    hear(hit)
  }
  const take = (sighting: Sighting, packet: SeenPacket): boolean => {
    const claim = probe.claim(sighting)
    if (claim === undefined || claim.role === 'probe') return false
    timer.atNs = packet.timeNs
    hit.verdict = portVerdict(classify(probe.observe(sighting, UNTIMED), KINDS[kind].method))
    hit.ttl = ('ttl' in sighting ? sighting.ttl : undefined) ?? 0
    hit.from = sighting.source === claim.remote ? undefined : sighting.source
    const before = counted.hits
    places.find(claim, found)
    if (counted.hits === before) return false
    counted.received += 1
    counted.receivedOctets += sighting.length
    tracer?.received(packet)
    return true
  }
  const see = (packet: SeenPacket): void => {
    const sighting = packet.direction === 'out' ? undefined : sight(packet)
    if (sighting === undefined || isQuestion(sighting) || take(sighting, packet)) return
    // Of two readings of an acknowledgment the probe takes the lower number, which may be that of another place.
    if (doubt > 0 && sighting.kind === 'tcp') take({ ...sighting, ack: (sighting.ack - doubt) >>> 0 }, packet)
  }
  return {
    get received() {
      return counted.received
    },
    get receivedOctets() {
      return counted.receivedOctets
    },
    collect(listener) {
      hear = listener
      const before = counted.hits
      channel.drain(see)
      return counted.hits - before
    },
  }
}

/** A datagram to the port that it leaves from, on this machine: it comes in as it went out, and looks like an answer. */
function isQuestion(s: Sighting): boolean {
  return s.kind === 'udp' && s.sourcePort === s.destinationPort && s.source === s.destination
}

function emptyHit(): Mutable<Hit> {
  return {
    host: 0,
    port: 0,
    pass: undefined,
    verdict: { state: 'filtered', reason: 'no-response' },
    ttl: 0,
    from: undefined,
    rttNs: undefined,
  }
}

/** The gun times by what it has noted itself. */
const UNTIMED = { rttNs: undefined, clock: 'process', elapsedNs: 0 } as const

/** Writes pass and round trip of an answer that came `atNs` into the hit. */
function createTimer({ places, departures }: PacketListenerParts, hit: Mutable<Hit>) {
  const timer = {
    atNs: 0,
    /** False when the probe has been answered before. */
    time(host: number, port: number, pass: number | undefined): boolean {
      const first = places.numberOf(host, port, 0)
      // A port that was asked once can only answer that.
      const asked = pass ?? (departures.isOnly(first) ? 0 : undefined)
      const rtt = asked === undefined ? undefined : departures.answered(first + asked, timer.atNs)
      hit.pass = asked
      hit.rttNs = rtt === 'again' ? undefined : rtt
      return rtt !== 'again'
    },
  }
  return timer
}

/** A packet whose time is over on the way (a loop of routers, a small --ttl) never got to the port: something kept it. */
function portVerdict(verdict: Verdict): Verdict {
  return verdict.state === 'unknown' ? { ...verdict, state: 'filtered' } : verdict
}
