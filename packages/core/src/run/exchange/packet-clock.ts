import type { Io } from '../../io/io.ts'
import type { BackendChoice, Interest, PacketChannel, PortRange } from '../../io/packets.ts'
import type { Observation } from '../../model/observation.ts'
import type { Endpoint, Family, Target } from '../../model/target.ts'
import { sight } from '../../probes/packet/sight.ts'
import type { Probe } from '../../probes/probe.ts'
import { TCP_FLAG } from '../../wire/tcp-flags.ts'
import { hostAddress } from './host-address.ts'
import { needStamps } from './need-stamps.ts'
import { createPerFamily, openAll, type Renewable } from './per-family.ts'
import { createSynFlows, type SynAnswer, type SynFlow, type SynFlows } from './syn-flows.ts'

export interface PacketClockOptions {
  readonly backend: BackendChoice
  /** Families that are to be ready at once; another one is opened when a target needs it. */
  readonly families: readonly Family[]
  /** Of the targets. */
  readonly ports: readonly number[]
  /** The one that all connections leave from, where it is fixed. */
  readonly sourcePort?: number | undefined
  readonly interfaceName?: string | undefined
}

/** Times connections by the stamps of their packets. Owns its channels. */
export interface PacketClock {
  /**
   * The same probe; where the SYN and its answer were seen, the round trip is the time between them. An answer that may
   * be another connection's as well leaves the probe's own time.
   */
  of(probe: Probe): Probe
  /** Safe to call twice. */
  close(): void
}

/** The longest headers, and what an ICMPv6 error quotes. */
const SNAP_LENGTH = 256
/** Ports that are looked for one by one. */
const MOST_PORTS = 32
/** The two clocks may differ by so much. */
const SLACK_NS = 0.1e6
const { syn, rst, ece, cwr } = TCP_FLAG

/**
 * Rejects with LocalFault: EPERM without CAP_NET_RAW, ENOTSUP where the kernel backend cannot be had, ENODEV for an
 * unknown interface.
 */
export async function openPacketClock(
  { packets, clock }: Pick<Io, 'packets' | 'clock'>,
  { backend, families, ports, sourcePort, interfaceName }: PacketClockOptions,
): Promise<PacketClock> {
  const watchers = createPerFamily(async (family) => {
    const channel = await packets.open({
      backend,
      interfaceName,
      families: [family],
      interests: interestsIn(ports),
      departures: true,
      snapLength: SNAP_LENGTH,
    })
    needStamps(channel)
    return createWatcher(channel)
  })
  await openAll(watchers, families)
  return {
    of: (probe) => ({
      ...probe,
      async observe(target, io, timeoutMs, signal) {
        const watcher = await watchers.of(hostAddress(target).family)
        const end = watcher.begin()
        try {
          const fromNs = clock.nowNs()
          const observing = probe.observe(target, io, timeoutMs, signal)
          const calledNs = clock.nowNs()
          const observation = await observing
          watcher.drain()
          const window = { fromNs, calledNs, toNs: clock.nowNs() }
          const flow = flowOf(observation, watcher.flows, { target, sourcePort, ...window })
          if (flow !== undefined) watcher.flows.take(flow)
          return flow === undefined ? observation : timedBy(flow, observation)
        } finally {
          end()
        }
      },
    }),
    close: watchers.close,
  }
}

/** SYNs of connections also when they offer congestion notification (RFC 3168 section 6.1.1). */
function interestsIn(ports: readonly number[]): readonly Interest[] {
  const wanted = [...new Set(ports)]
  const [least, most] = [Math.min(...wanted), Math.max(...wanted)]
  const ranges: readonly PortRange[] =
    wanted.length <= MOST_PORTS ? wanted.map((port) => [port, port]) : [[least, most]]
  return ranges.flatMap((remotePorts) =>
    [syn, syn | ece | cwr].map((departingFlags) => ({
      protocol: 'tcp',
      remotePorts,
      departingFlags,
      arrivingFlags: syn | rst,
    })),
  )
}

interface Watcher extends Renewable {
  readonly flows: SynFlows
  /** A probe begins; the result ends it. */
  begin(): () => void
  drain(): void
}

/** Packets that are taken in at once at most: a flood must not hold up the probes. */
const MOST_AT_ONCE = 65_536

function createWatcher(channel: PacketChannel): Watcher {
  const flows = createSynFlows()
  let underWay = 0
  const drain = (): void => {
    channel.drain((packet) => {
      const sighting = sight(packet)
      if (sighting !== undefined) flows.see(sighting)
    }, MOST_AT_ONCE)
  }
  return {
    flows,
    begin() {
      drain()
      // What other programs did meanwhile is nothing to any probe.
      if (underWay === 0) flows.clear()
      underWay += 1
      return () => {
        underWay -= 1
      }
    },
    drain,
    fault() {
      if (underWay === 0) drain()
      return channel.fault()
    },
    close: () => channel.close(),
  }
}

const ANSWER = {
  handshake: 'syn-ack',
  refused: 'rst',
  'icmp-error': 'icmp-error',
} as const satisfies Partial<Record<Observation['kind'], SynAnswer>>

type Answered = Extract<Observation, { kind: keyof typeof ANSWER }>

interface Ask {
  readonly target: Target
  readonly sourcePort: number | undefined
  readonly fromNs: number
  /** When the call that connects was over. */
  readonly calledNs: number
  readonly toNs: number
}

/** The attempt that led to this; undefined when none, or more than one, may have. */
function flowOf(o: Observation, flows: SynFlows, ask: Ask): SynFlow | undefined {
  if (!isAnswered(o)) return undefined
  const { target, sourcePort, fromNs, calledNs, toNs } = ask
  const remote = onWire(target)
  const fits = ({ departed, answer, local }: SynFlow): boolean =>
    departed.atNs >= fromNs - SLACK_NS &&
    departed.atNs <= toNs + SLACK_NS &&
    answer?.kind === ANSWER[o.kind] &&
    (sourcePort === undefined || sourcePort === local.port)
  const local = localOf(o)
  const found = local === undefined ? flows.to(remote) : [flows.from(local, remote)]
  const likely = [...found].filter((flow) => flow !== undefined).filter(fits)
  // Most SYNs leave within the call; a later one had to wait for its neighbour's hardware address.
  const atOnce = likely.filter(({ departed }) => departed.atNs <= calledNs + SLACK_NS)
  const [first, second] = atOnce.length > 0 ? atOnce : likely
  return second === undefined ? first : undefined
}

function isAnswered(o: Observation): o is Answered {
  return o.kind in ANSWER
}

/** A connection that came about says where it began. */
function localOf(o: Answered): Endpoint | undefined {
  return o.kind === 'handshake' && o.local.port !== 0 ? onWire(o.local) : undefined
}

/** As packets name it, which have no zones. */
function onWire({ address, port }: Endpoint): Endpoint {
  const { address: plain } = hostAddress({ address, family: address.includes(':') ? 6 : 4 })
  return { address: plain.split('%')[0] ?? plain, port }
}

/** Which of several SYNs was answered is not known: that is no round trip. */
function timedBy({ departed, answer, syns }: SynFlow, o: Observation): Observation {
  if (o.kind === 'silence' || answer === undefined) return o
  if (syns > 1) return { ...o, rttNs: undefined, syns: Math.max(syns, o.syns ?? 0) }
  const rttNs = answer.atNs - departed.atNs
  const isComparable = answer.era === departed.era && rttNs >= 0
  return isComparable ? { ...o, rttNs, clock: 'packet', syns: o.syns ?? 1 } : o
}
