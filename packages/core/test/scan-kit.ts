import { expect } from 'vitest'
import type { PacketChannel } from '../src/io/packets.ts'
import type { Aim } from '../src/run/exchange/ledger.ts'
import { runScan, type Scan, type ScanOutcome } from '../src/run/exchange/scan.ts'
import { type Behaviour, type SimIo, STILL_RUNNING, type World } from '../src/sim/sim.ts'
import { seededRandom } from '../src/sim/sim-random.ts'
import { aimAt, createLog, type Log, NEVER, openFor, syns, THERE, world } from './exchange-kit.ts'
import { tcpOf } from './sim-packets-kit.ts'

/** A host with ports from 1 on. */
export interface ScannedHost {
  readonly count: number
  /** Ports that never answer. */
  readonly silent?: readonly number[]
  /** Ports that are open; the others refuse. */
  readonly open?: readonly number[]
  readonly afterMs?: number
  /** Answers of a port come so late instead. */
  readonly late?: Readonly<Record<number, number>>
  /** So many of a hundred probes are lost. */
  readonly lossPercent?: number
  /** So many answers a second, and at once, at most. */
  readonly limit?: { readonly perSecond: number; readonly burst: number }
  /** Answers with ICMP errors. */
  readonly byIcmp?: boolean
  readonly seed?: number
}

const SILENCE: Behaviour = { does: 'drop' }

export function scannedWorld(host: ScannedHost, more: Partial<World> = {}): SimIo {
  const { count, silent = [], open = [], afterMs = 0.1, late = {}, lossPercent = 0, byIcmp = false } = host
  const random = seededRandom(host.seed ?? 1)
  const allows = limiter(host.limit, () => io.clock.nowNs())
  const unheard = new Set(silent)
  const accepting = new Set(open)
  const answer = (port: number): Behaviour => {
    const after = late[port] ?? afterMs
    if (byIcmp) return { does: 'icmp', afterMs: after, type: 3, code: 3, from: THERE }
    return { does: accepting.has(port) ? 'accept' : 'refuse', afterMs: after }
  }
  const script = (port: number) => (): Behaviour => {
    if (random() % 100 < lossPercent || unheard.has(port) || !allows()) return SILENCE
    return answer(port)
  }
  const ports = Object.fromEntries(portsTo(count).map((port) => [`${THERE}:${port}`, script(port)]))
  const io: SimIo = world({ ports, ...more })
  return io
}

/** A bucket of tokens. */
function limiter(limit: ScannedHost['limit'], nowNs: () => number): () => boolean {
  let tokens = limit?.burst ?? 0
  let atNs = 0
  return () => {
    if (limit === undefined) return true
    tokens = Math.min(limit.burst, tokens + ((nowNs() - atNs) * limit.perSecond) / 1e9)
    atNs = nowNs()
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}

export function portsTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1)
}

export interface Scanned extends ScanOutcome {
  readonly log: Log
  /** The port of each shot. */
  readonly portOf: (index: number) => number | undefined
  readonly tookMs: number
  /** How many packets left to each port, and whether any came from it until the end. */
  readonly sentTo: ReadonlyMap<number, number>
  readonly heardFrom: ReadonlySet<number>
}

/** As quick as a system of 100,000 shots a second. */
const INTERVAL_NS = 1e4
const PROBE = syns()

type More = Partial<Scan> & {
  readonly backend?: 'kernel' | 'raw-socket'
  /** What stands between the scan and its channel. */
  readonly through?: (channel: PacketChannel) => PacketChannel
}

/** Scans the ports from 1 on until nothing can happen any more. */
export async function scanIn(io: SimIo, count: number, more: More = {}): Promise<Scanned> {
  const { through = (it) => it } = more
  const channel = await openFor(io, [PROBE], more.backend)
  const ports = new Map<number, number>()
  let log = createLog(() => undefined)
  const scan: Scan = {
    channel: through(channel),
    clock: io.clock,
    probes: [PROBE],
    count,
    aimOf: (k) => aimAt(PROBE, k + 1),
    listener(shotOf) {
      const noted = (index: number): Aim | undefined => {
        const aim = shotOf(index)
        if (aim !== undefined) ports.set(index, aim.port)
        return aim
      }
      log = createLog(noted)
      const { sent } = log.listener
      return { ...log.listener, sent: (index, ...rest) => void [noted(index), sent?.(index, ...rest)] }
    },
    intervalNs: INTERVAL_NS,
    signal: NEVER,
    ...more,
  }
  let endNs = 0
  const running = runScan(scan).finally(() => {
    endNs = io.clock.nowNs()
  })
  const outcome = await io.runUntilIdle(running)
  if (outcome === STILL_RUNNING) throw new Error('the scan does not end')
  channel.close()
  expect(io.packets.channels()).toBe(0)
  const portOf = (index: number): number | undefined => ports.get(index)
  return { ...outcome, log, portOf, tookMs: endNs / 1e6, ...traffic(io, endNs) }
}

function traffic(io: SimIo, endNs: number): Pick<Scanned, 'sentTo' | 'heardFrom'> {
  const sentTo = new Map<number, number>()
  const heardFrom = new Set<number>()
  for (const packet of io.wire) {
    if (packet.direction === 'out') {
      const { destinationPort, flags } = tcpOf(packet)
      // The kernel's own resets are none of ours.
      if (flags === 2) sentTo.set(destinationPort, (sentTo.get(destinationPort) ?? 0) + 1)
    } else if (packet.timeNs < endNs && packet.octets[9] === 6) heardFrom.add(tcpOf(packet).sourcePort)
  }
  return { sentTo, heardFrom }
}
