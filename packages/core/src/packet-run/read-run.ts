import { type Replay as CaptureReplay, createCaptureChannel } from '../io/capture/capture-channel.ts'
import { readCapture } from '../io/capture/read-capture.ts'
import type { SeenPacket } from '../io/packets.ts'
import { LocalFault } from '../model/errors.ts'
import type { Family } from '../model/target.ts'
import type { PacketProbe } from '../probes/packet/packet-probe.ts'
import type { Sighting } from '../probes/packet/sighting.ts'
import type { Aim } from '../run/exchange/ledger.ts'
import { createReplay } from '../run/exchange/replay.ts'
import type { AimedShot } from './aims.ts'
import { captureInput } from './capture-input.ts'
import { listenTo } from './listen.ts'
import type { Observer } from './observer.ts'
import type { PacketRun } from './packet-run.ts'
import { addressOf, protocolOf, type Selection, selection } from './read-selection.ts'
import { addHost, countSent, type HostTally, sentTo } from './tally.ts'
import type { Times } from './times.ts'
import { createTraces, type Trace, tracing } from './trace.ts'

/** What is to be made of a capture. */
export interface ReadOrder {
  /** The file; `-` is standard input. */
  readonly path: string
  readonly selection: Selection
  /** How long a probe waits for its answer, milliseconds. */
  readonly timeoutMs: number
  /** The time to live of each probe says which hop it was for. */
  readonly traceroute: boolean
}

/** What is to be said of a capture besides its probes. */
export interface ReadEnd {
  /** Sentences without a line end. */
  readonly notes: readonly string[]
  readonly traces: readonly Trace[]
  /** From its first packet to its last, nanoseconds. */
  readonly spanNs: number
  readonly endedAtMs: number
  /** Why not all of it could be read. */
  readonly fault?: LocalFault
}

/** Ports and hosts of a capture that are told apart: whoever made it must not fill the memory. */
const MOST_PLACES = 2 ** 17
const ETHERNET_HEADER = 14
/** Dates reach this far to both sides of 1970 (ECMA-262 section 21.4.1.1). */
const LAST_DATE_MS = 8.64e15

/**
 * Replays a capture into the report of a run, with the times of the capture. Rejects with LocalFault when nothing of it
 * can be read; what was read before a fault in the middle counts.
 */
export async function readRun(
  run: PacketRun,
  order: ReadOrder,
  watch: (times: Times) => Observer,
): Promise<ReadEnd> {
  const { io, lines } = run
  const { name, pieces } = captureInput(order.path, io)
  const channel = createCaptureChannel(readCapture(pieces, name))
  let spanNs = 0
  let hasBegun = false
  const times: Times = {
    nowNs: () => spanNs,
    wallMsAt: (timeNs) => dateOf(Number(channel.wallOffsetNs() / 1000n) / 1e3 + timeNs / 1e6),
  }
  const begin = (): void => {
    if (!hasBegun) run.begin(channel.wallOffsetNs() === 0n ? io.clock.wallMs() : times.wallMsAt(0))
    hasBegun = true
  }
  const replay = replayInto(run, order, [...run.observers, watch(times)])
  const see = (packet: SeenPacket): void => {
    spanNs = Math.max(spanNs, packet.timeNs)
    begin()
    replay.see(packet)
  }
  const ended = await channel.play(see, io.interrupted, lines.flush).catch((error: unknown) => {
    if (hasBegun && error instanceof LocalFault) return error
    throw error
  })
  begin()
  replay.end()
  await lines.flush()
  const said = { notes: notesOf(name, ended, replay.leftOut()), traces: replay.traces, spanNs }
  const fault = faultOf(name, ended)
  return { ...said, endedAtMs: times.wallMsAt(spanNs), ...(fault === undefined ? {} : { fault }) }
}

/** Counts the probes of a capture and their answers. */
function replayInto(run: PacketRun, order: ReadOrder, watching: readonly Observer[]) {
  const { tally } = run
  const { traceroute, timeoutMs } = order
  const hosts = new Map<string, HostTally>(tally.hosts.map((host) => [host.host.address, host]))
  const isSelected = selection(order.selection, hosts.size === 0 ? undefined : new Set(hosts.keys()))
  const ways = createTraces()
  const observers = [...watching, tracing(ways.of)]
  const shots = new WeakMap<Aim, AimedShot>()
  let index = 0
  let places = 0
  let leftOut = 0

  const hostAt = (address: string, family: Family): HostTally => {
    const host = hosts.get(address) ?? addHost(tally, { name: undefined, address, family })
    hosts.set(address, host)
    return host
  }
  const isKnown = (sighting: Sighting, probe: PacketProbe): boolean => {
    const host = hosts.get(addressOf(sighting))
    const port = 'destinationPort' in sighting ? sighting.destinationPort : 0
    return host !== undefined && sentTo({ host, protocol: protocolOf(probe), port }) > 0
  }
  const selects = (sighting: Sighting, probe: PacketProbe): boolean => {
    if (!isSelected(sighting, probe)) return false
    if (places < MOST_PLACES || isKnown(sighting, probe)) return true
    leftOut += 1
    return false
  }
  const shot = (_: number, aim: Aim, packet: SeenPacket, sighting: Sighting): void => {
    const { destination, family } = aim.route
    const place = { host: hostAt(destination, family), protocol: protocolOf(aim.probe), port: aim.port }
    const before = sentTo(place)
    if (before === 0) places += 1
    const round = traceroute ? aim.ttl - 1 : before
    const made = { ...aim, ...place, round, index: index++ }
    shots.set(aim, made)
    countSent(tally, made, sighting.length + (sighting.kind === 'arp' ? ETHERNET_HEADER : 0), packet.timeNs)
    if (traceroute) ways.add(made)
    for (const observer of observers) observer.sent?.(made, packet, packet.timeNs)
  }
  const shotOf = (at: number): AimedShot | undefined => {
    const aim = replay.aimOf(at)
    return aim && shots.get(aim)
  }
  const listener = { ...listenTo({ ...run, observers }, shotOf), shot }
  const replay = createReplay({
    timeoutNs: timeoutMs * 1e6,
    selects,
    areAcksProbes: order.selection.flags !== undefined,
    listener,
  })
  return { see: replay.see, end: replay.end, traces: ways.all, leftOut: () => leftOut }
}

function dateOf(ms: number): number {
  return Math.min(LAST_DATE_MS, Math.max(-LAST_DATE_MS, ms))
}

function notesOf(name: string, ended: CaptureReplay | LocalFault, leftOut: number): readonly string[] {
  const unknown = ended instanceof LocalFault ? [] : [...ended.unknown]
  const types = unknown.map(
    ([type, count]) => `${name}: ${counted(count)} of unknown link type ${type} left out`,
  )
  if (leftOut === 0) return types
  return [...types, `${name}: more than ${MOST_PLACES} ports; ${counted(leftOut)} to others left out`]
}

function counted(packets: number): string {
  return packets === 1 ? '1 packet' : `${packets} packets`
}

function faultOf(name: string, ended: CaptureReplay | LocalFault): LocalFault | undefined {
  if (ended instanceof LocalFault) return ended
  return ended.truncated === undefined ? undefined : new LocalFault('EBADMSG', `${name}: ${ended.truncated}`)
}
