import type { Io } from '../../io/io.ts'
import type { BackendChoice, PortRange } from '../../io/packets.ts'
import type { Family } from '../../model/target.ts'
import type { PacketProbe } from '../../probes/packet/packet-probe.ts'
import { tcpProbe } from '../../probes/packet/tcp-probe.ts'
import type { Probe } from '../../probes/probe.ts'
import { TCP_FLAG } from '../../wire/tcp-flags.ts'
import { type Asker, createAsker } from './asker.ts'
import { hostAddress, needSingleHost } from './host-address.ts'
import { createKnownRoutes } from './known-routes.ts'
import { needStamps } from './need-stamps.ts'
import { createPerFamily, openAll } from './per-family.ts'

export interface SingleShotOptions {
  readonly backend: BackendChoice
  /** `auto` takes the packet clock where it can be had. */
  readonly clock: 'auto' | 'packet' | 'process'
  /** Families that are to be ready at once; another one is opened when a target needs it. */
  readonly families: readonly Family[]
  readonly sourceAddress?: string | undefined
  /** Not given: some in turn, above those that the system gives to connections. */
  readonly sourcePort?: number | undefined
  readonly interfaceName?: string | undefined
  /** Time to live or hop limit; 64 when not given. */
  readonly ttl?: number | undefined
  readonly tos?: number | undefined
  /** Options, window and DF as the system's own SYN has them. */
  readonly likeSystem?: boolean | undefined
  /** The longest that an observation may take. */
  readonly timeoutMs: number
}

/** Owns its channels. */
export interface SingleShots extends Probe {
  readonly method: 'tcp-syn'
  /** Safe to call twice. */
  close(): void
}

const USUAL_TTL = 64
/** Linux gives connections ports below (ip_local_port_range): none of them is disturbed. */
const FIRST_PORT = 61_000
/**
 * So many are used in turn: where the reset of a half-open connection was lost, its target takes a new SYN from the same
 * port for a stray packet (RFC 9293 section 3.10.7.4) until it gives up.
 */
const PORTS = 64
/** The longest headers, the quote of an ICMPv6 error and some options. */
const SNAP_LENGTH = 256

/**
 * A probe of one SYN each, which opens no connection: the system, which knows nothing of it, resets what answers.
 * Rejects with LocalFault: EPERM without CAP_NET_RAW, ENOTSUP without a backend or the clock that was asked for,
 * ENODEV for an unknown interface.
 */
export async function openSingleShots(
  io: Pick<Io, 'packets' | 'clock' | 'random'>,
  options: SingleShotOptions,
): Promise<SingleShots> {
  const { sourceAddress, interfaceName, ttl = USUAL_TTL } = options
  const ports = portsFor(options.sourcePort, io.random)
  const askers = createPerFamily((family) => open(io, options, family, ports))
  const known = createKnownRoutes()
  let shots = 0
  await openAll(askers, options.families)
  return {
    name: 'tcp-syn',
    method: 'tcp-syn',
    async observe(target, _, timeoutMs, signal) {
      signal?.throwIfAborted()
      const to = hostAddress(target)
      needSingleHost(to)
      const asker = await askers.of(to.family)
      // Asked each time, because the network may be another one since.
      const route = known(await io.packets.route(to, { sourceAddress, interfaceName }))
      const probe = asker.probeOf(shots++)
      return asker.ask({ probe, route, port: target.port, ttl }, timeoutMs, signal)
    },
    close: askers.close,
  }
}

function portsFor(fixed: number | undefined, random: () => number): PortRange {
  if (fixed !== undefined) return [fixed, fixed]
  const first = FIRST_PORT + (random() % (0x1_0000 - FIRST_PORT - PORTS))
  return [first, first + PORTS - 1]
}

async function open(
  io: Pick<Io, 'packets' | 'clock' | 'random'>,
  { clock, backend, interfaceName, likeSystem, tos, timeoutMs }: SingleShotOptions,
  family: Family,
  [first, last]: PortRange,
): Promise<Asker & { probeOf(shot: number): PacketProbe }> {
  const flags = TCP_FLAG.syn
  const probeFrom = (sourcePort: number): PacketProbe =>
    tcpProbe({ flags, sourcePort, likeSystem, tos, random: io.random })
  const usual = probeFrom(first)
  const probes = [usual, ...Array.from({ length: last - first }, (_, i) => probeFrom(first + 1 + i))]
  const channel = await io.packets.open({
    backend,
    interfaceName,
    families: [family],
    interests: [{ ...usual.interest, localPorts: [first, last] }],
    departures: clock !== 'process',
    snapLength: SNAP_LENGTH,
  })
  if (clock === 'packet') needStamps(channel)
  const asker = createAsker({ channel, clock: io.clock, probes, timeoutMs })
  return { probeOf: (shot) => probes[shot % probes.length] ?? usual, ...asker }
}
