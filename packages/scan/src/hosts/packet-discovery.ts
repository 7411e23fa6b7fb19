import {
  type Aim,
  classify,
  type ExchangeListener,
  type Io,
  LocalFault,
  type PacketChannel,
  type PacketProbe,
  type Reason,
  runScan,
  type ShotAnswer,
} from '@portkit/core'
import type { Tracer } from '../guns/packet-trace.ts'
import type { ScanEvent } from '../model/event.ts'
import type { PacketCounts } from '../model/scan-result.ts'
import type { Settings } from '../settings.ts'
import { type Candidate, isUnreachable, isUp } from './candidate.ts'
import type { PingGroup } from './ping-probes.ts'

interface AskOptions {
  readonly settings: Pick<Settings, 'source' | 'timing' | 'report'>
  readonly io: Pick<Io, 'packets' | 'clock'>
  emit(event: ScanEvent): void
  readonly signal: AbortSignal
  readonly startNs?: number | undefined
  counted?(counts: PacketCounts): void
}

/** One probe at one host. */
interface PingAim extends Aim {
  readonly candidate: Candidate
}

const SNAP_LENGTH = 256
const USUAL_TTL = 64
/** Hosts that sleep or are far answer late, and behind quick ones a pass is short: four take as long as nmap's two. */
const FURTHER_PASSES = 3
/** Of the first round trip that is waited for, where nothing has answered yet. */
const PATIENCE = 0.75
const LONGEST_LINK_MS = 340
/** From probe to probe unless the user says: a burst of thousands would be lost on the way. */
const USUAL_INTERVAL_NS = 1e5

/**
 * Asks all hosts of the group until each has answered, or did not in three passes or more.
 * Rejects with LocalFault as `Packets.open` does, and when the channel fails.
 */
export async function askByPackets(group: PingGroup, options: AskOptions): Promise<void> {
  const { settings, io, signal } = options
  const probes = [...new Set(group.shots.map(({ probe }) => probe))]
  const channel = await io.packets.open({
    backend: 'auto',
    interfaceName: settings.source.interfaceName,
    families: [group.family],
    interests: probes.map(({ interest }) => interest),
    departures: true,
    snapLength: SNAP_LENGTH,
  })
  const over = new AbortController()
  const end = (): void => over.abort()
  signal.addEventListener('abort', end, { once: true })
  try {
    if (signal.aborted) return
    await scanHosts(group, probes, options, channel, over)
    const fault = channel.fault()
    if (fault !== undefined) throw fault
  } finally {
    signal.removeEventListener('abort', end)
    channel.close()
  }
}

async function scanHosts(
  { title, candidates, shots }: PingGroup,
  probes: readonly PacketProbe[],
  options: AskOptions,
  channel: PacketChannel,
  over: AbortController,
): Promise<void> {
  const { settings, io } = options
  const { timing } = settings
  const hosts = distinct(candidates)
  const aims = aimsAt(hosts, shots, settings.source.ttl ?? USUAL_TTL)
  const counts = { sent: 0, sentOctets: 0, received: 0, receivedOctets: 0 }
  const watch = createWatch(hosts.length, over)
  const tracer = await tracerOf(options)
  const warn = once((text) => options.emit({ kind: 'warning', text }))
  const patienceMs = PATIENCE * timing.initialRttMs
  const timeoutMs = title === 'Ping Scan' ? patienceMs : Math.min(patienceMs, LONGEST_LINK_MS)
  await runScan<PingAim>({
    channel,
    clock: io.clock,
    probes,
    count: aims.length,
    aimOf: (k) => unlessUp(at(aims, k)),
    listener: (shotOf) => listenerFor(shotOf, { counts, watch, tracer, warn }),
    retries: Math.min(FURTHER_PASSES, timing.maxRetries),
    timeoutMs,
    intervalNs: intervalFor(timing, hosts.length),
    signal: over.signal,
  })
  copyToTwins(hosts, candidates)
  options.counted?.(counts)
}

/** An address that is listed twice is asked once. */
function distinct(candidates: readonly Candidate[]): readonly Candidate[] {
  return [...new Map(candidates.toReversed().map((each) => [each.host.address, each])).values()].toReversed()
}

function copyToTwins(hosts: readonly Candidate[], candidates: readonly Candidate[]): void {
  if (hosts.length === candidates.length) return
  const byAddress = new Map(hosts.map((each) => [each.host.address, each]))
  for (const candidate of candidates) {
    const { status, hardwareAddress, times } = byAddress.get(candidate.host.address) ?? candidate
    Object.assign(candidate, { status, hardwareAddress, times })
  }
}

/** The first kind of probe at all hosts, then the next kind: a host that answers early gets no further ones. */
function aimsAt(hosts: readonly Candidate[], shots: PingGroup['shots'], ttl: number): readonly PingAim[] {
  return shots.flatMap(({ probe, port }) =>
    hosts.flatMap((candidate) =>
      candidate.route === undefined ? [] : [{ probe, port, ttl, route: candidate.route, candidate }],
    ),
  )
}

const ANSWERED = new LocalFault('ECANCELED', 'it has answered')

function at(aims: readonly PingAim[], k: number): PingAim {
  const aim = aims[k]
  if (aim === undefined) throw new RangeError(`no aim: ${k}`)
  return aim
}

/** Nothing is sent to a host that has answered another probe. */
function unlessUp(aim: PingAim): PingAim {
  if (aim.candidate.status.state !== 'up') return aim
  const probe: PacketProbe = {
    ...aim.probe,
    build() {
      throw ANSWERED
    },
  }
  return { ...aim, probe }
}

/** Ends the scan when all hosts have answered. */
function createWatch(hosts: number, over: AbortController) {
  let waiting = hosts
  return {
    answered(): void {
      waiting -= 1
      if (waiting === 0) over.abort()
    },
  }
}

/** One packet that this machine does not send is told of, not the hundreds that follow. */
function once(say: (text: string) => void): (text: string) => void {
  let isSaid = false
  return (text) => {
    if (!isSaid) say(text)
    isSaid = true
  }
}

interface Ears {
  warn(text: string): void
  readonly counts: { -readonly [K in keyof PacketCounts]: PacketCounts[K] }
  readonly watch: ReturnType<typeof createWatch>
  readonly tracer: Tracer | undefined
}

function listenerFor(
  aimOf: (index: number) => PingAim | undefined,
  { counts, watch, tracer, warn }: Ears,
): ExchangeListener {
  return {
    sent(_index, packet, atNs) {
      counts.sent += 1
      counts.sentOctets += packet.length
      tracer?.sent(packet, atNs)
    },
    answered(index, answer) {
      const candidate = aimOf(index)?.candidate
      if (candidate === undefined) return
      counts.received += 1
      counts.receivedOctets += answer.sighting.length
      tracer?.received(answer.packet)
      const wasUp = candidate.status.state === 'up'
      hear(candidate, answer)
      if (!wasUp && candidate.status.state === 'up') watch.answered()
    },
    refused(_index, fault) {
      if (fault !== ANSWERED) warn(fault.message)
    },
  }
}

/** An error from the host itself shows that it is there, as nmap has it; a router's tells why it is not. */
function hear(candidate: Candidate, { role, sighting, timing, observe }: ShotAnswer): void {
  const observation = observe()
  const reason = REASONS[classify(observation, METHOD).reason] ?? classify(observation, METHOD).reason
  const hasTtl = sighting.kind !== 'arp' && sighting.kind !== 'neighbour'
  const ttl = (hasTtl ? sighting.ttl : undefined) ?? 0
  const isItself = role === 'answer' || sighting.source === candidate.route?.destination
  if (!isItself) {
    isUnreachable(candidate, { reason, ttl, from: sighting.source })
    return
  }
  isUp(candidate, { reason, ttl })
  if (timing.rttNs !== undefined) candidate.times.see(timing.rttNs)
  if (!hasTtl) candidate.hardwareAddress ??= sighting.hardwareAddress
}

/** Only the reason is of interest, which is the same for all of them but UDP. */
const METHOD = 'tcp-syn'

/** Where nmap 7.93 has another word. */
const REASONS: Readonly<Partial<Record<Reason, string>>> = {
  'neighbour-advertisement': 'nd-response',
  'mask-reply': 'addressmask-reply',
}

/** Probes leave no quicker than the user allows, those at one host no quicker than --scan-delay says. */
function intervalFor({ maxRate, minRate, scanDelayMs }: Settings['timing'], hosts: number): number {
  const usual = minRate > 0 ? Math.min(USUAL_INTERVAL_NS, 1e9 / minRate) : USUAL_INTERVAL_NS
  return Math.max(usual, 1e9 / maxRate, (scanDelayMs * 1e6) / hosts)
}

async function tracerOf({ settings, emit, io, startNs }: AskOptions): Promise<Tracer | undefined> {
  if (!settings.report.packetTrace) return undefined
  const { createTracer } = await import('../guns/packet-trace.ts')
  return createTracer({
    startNs: startNs ?? io.clock.nowNs(),
    say: (text) => emit({ kind: 'trace', text }),
  })
}
