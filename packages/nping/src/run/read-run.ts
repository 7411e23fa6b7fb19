import {
  type Aim,
  type CaptureReplay,
  createCaptureChannel,
  createReplay,
  type Family,
  type PacketProbe,
  readCapture,
  type SeenPacket,
  type Sighting,
} from '@portkit/core'
import type { Settings } from '../settings.ts'
import { listenTo } from './listen.ts'
import type { Shot } from './observer.ts'
import type { Run } from './run.ts'
import { addHost, countSent, type HostTally } from './tally.ts'

/** What is to be said of a capture besides its probes. */
export interface ReadEnd {
  /** Sentences without a line end. */
  readonly notes: readonly string[]
  /** From its first packet to its last, nanoseconds. */
  readonly spanNs: number
}

/** Replays a capture into the report of a run. Rejects with LocalFault when it cannot be read. */
export async function readRun(run: Run, path: string): Promise<ReadEnd> {
  const { settings, io, tally, observers, lines } = run
  const shots = new WeakMap<Aim, Shot>()
  const hosts = new Map<string, HostTally>(tally.hosts.map((host) => [host.host.address, host]))
  const onlyTo = hosts.size === 0 ? undefined : new Set(hosts.keys())
  const hostAt = (address: string, family: Family): HostTally => {
    const host = hosts.get(address) ?? addHost(tally, { name: undefined, address, family })
    hosts.set(address, host)
    return host
  }
  let index = 0
  const shot = (_: number, aim: Aim, packet: SeenPacket): void => {
    const { destination, family } = aim.route
    const { protocol } = aim.probe.interest
    const made = { host: hostAt(destination, family), protocol, port: aim.port, round: 0, index: index++ }
    shots.set(aim, made)
    countSent(tally, made, packet.length, packet.timeNs)
    for (const observer of observers) observer.sent?.(made, packet, packet.timeNs)
  }
  const aimOf = (at: number): Aim | undefined => replay.aimOf(at)
  const shotOf = (at: number): Shot | undefined => {
    const aim = aimOf(at)
    return aim && shots.get(aim)
  }
  const replay = createReplay({
    timeoutNs: settings.timeoutMs * 1e6,
    selects: selection(settings, onlyTo),
    listener: { ...listenTo(run, { shotOf, aimOf }), shot },
  })
  run.begin()
  let spanNs = 0
  let flushed = Promise.resolve()
  const captured = readCapture(io.system.openInput(path, io.interrupted), path)
  const end = await createCaptureChannel(captured).play((packet) => {
    spanNs = Math.max(spanNs, packet.timeNs)
    replay.see(packet)
    flushed = lines.flush() ?? flushed
  }, io.interrupted)
  replay.end()
  await flushed
  await lines.flush()
  return { notes: notesOf(path, end), spanNs }
}

/** What the command line names is looked for; where it names nothing, all that looks like a probe. */
function selection(settings: Settings, onlyTo: ReadonlySet<string> | undefined) {
  const { mode, ports, given, tcp } = settings
  const flags = given.includes('flags') ? tcp.flags : undefined
  const isNarrowed = mode !== undefined || ports !== undefined || onlyTo !== undefined || flags !== undefined
  if (!isNarrowed) return undefined
  const onPorts = ports && new Set(ports)
  return (sighting: Sighting, probe: PacketProbe): boolean => {
    if (sighting.kind === 'tcp' && !isProbe(sighting.flags, flags)) return false
    const isTo = onlyTo?.has(sighting.kind === 'neighbour' ? sighting.target : sighting.destination) ?? true
    const isPort =
      onPorts === undefined || ('destinationPort' in sighting && onPorts.has(sighting.destinationPort))
    return isTo && isPort && (mode === undefined || MODE_OF[probe.interest.protocol].includes(mode))
  }
}

const SYN = 0x02
const RST_OR_SYN_ACK = [0x04, 0x12] as const

/** Flags that were asked for, or else any but those of answers. */
function isProbe(flags: number, wanted: number | undefined): boolean {
  if (wanted !== undefined) return flags === wanted
  return (flags & SYN) === SYN ? flags !== RST_OR_SYN_ACK[1] : (flags & RST_OR_SYN_ACK[0]) === 0
}

/** Captures do not tell how a probe was made. */
const MODE_OF: Readonly<Record<PacketProbe['interest']['protocol'], readonly string[]>> = {
  tcp: ['tcp', 'tcp-connect'],
  udp: ['udp', 'udp-sockets'],
  icmp: ['icmp'],
  arp: ['arp'],
}

function notesOf(path: string, { truncated, unknown }: CaptureReplay): readonly string[] {
  const types = [...unknown].map(
    ([type, count]) => `${path}: ${count} packets of unknown link type ${type} left out`,
  )
  return truncated === undefined ? types : [...types, `${path}: ${truncated}`]
}
