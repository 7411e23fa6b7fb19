import type { PacketChannel, Route } from '../src/io/packets.ts'
import type { LocalFault } from '../src/model/errors.ts'
import { classify } from '../src/model/verdict.ts'
import type { PacketProbe } from '../src/probes/packet/packet-probe.ts'
import { tcpProbe } from '../src/probes/packet/tcp-probe.ts'
import { udpProbe } from '../src/probes/packet/udp-probe.ts'
import { createExchange, type Exchange } from '../src/run/exchange/exchange.ts'
import type { Aim } from '../src/run/exchange/ledger.ts'
import type { ExchangeListener } from '../src/run/exchange/listener.ts'
import { type SimIo, simIo, type World } from '../src/sim/sim.ts'
import { flagsOf } from '../src/wire/tcp-flags.ts'

export const OPEN = { does: 'accept', afterMs: 0.2 } as const
export const HERE = '10.0.0.1'
export const THERE = '10.0.0.2'
export const NEVER = new AbortController().signal
const LOCAL_PORT = 40_000

/** Numbers that are always the same. */
function counting(): () => number {
  let next = 0x1234_5678
  return () => {
    next = (Math.imul(next, 1_664_525) + 1_013_904_223) >>> 0
    return next
  }
}

export function syns(more: Partial<Parameters<typeof tcpProbe>[0]> = {}): PacketProbe {
  return tcpProbe({ flags: flagsOf('S'), sourcePort: LOCAL_PORT, random: counting(), ...more })
}

export function datagrams(more: Partial<Parameters<typeof udpProbe>[0]> = {}): PacketProbe {
  return udpProbe({ sourcePort: LOCAL_PORT, random: counting(), ...more })
}

export function routeTo(destination = THERE, source = HERE): Route {
  const family = destination.includes(':') ? 6 : 4
  const way = {
    interfaceName: 'eth0',
    interfaceIndex: 2,
    gateway: undefined,
    hardwareAddress: undefined,
    mtu: 1500,
  }
  return { family, source, destination, ...way }
}

const ROUTES = new Map<string, Route>()

export function aimAt(probe: PacketProbe, port = 22, destination = THERE): Aim {
  const route = ROUTES.get(destination) ?? routeTo(destination)
  ROUTES.set(destination, route)
  return { probe, route, port, ttl: 64 }
}

export function world(more: Partial<World> = {}): SimIo {
  return simIo({ ports: { '10.0.0.2:22': OPEN, '10.0.0.2:24': { does: 'drop' } }, ...more })
}

export function openFor(
  io: SimIo,
  probes: readonly PacketProbe[],
  backend: 'kernel' | 'raw-socket' = 'kernel',
): Promise<PacketChannel> {
  const interests = probes.map(({ interest }) => interest)
  return io.packets.open({ backend, families: [4, 6], interests, departures: true, snapLength: 256 })
}

/** What became of shots, one word after the other for each, and more about their answers. */
export interface Log {
  readonly told: Map<number, string[]>
  readonly verdicts: Map<number, string>
  readonly rttNs: Map<number, number | undefined>
  readonly faults: LocalFault[]
  strangers: number
  readonly listener: ExchangeListener
}

export function createLog(aimOf: (index: number) => Aim | undefined): Log {
  const told = new Map<number, string[]>()
  const tell = (index: number, word: string): void => {
    const words = told.get(index) ?? []
    words.push(word)
    told.set(index, words)
  }
  const log: Log = {
    told,
    verdicts: new Map(),
    rttNs: new Map(),
    faults: [],
    strangers: 0,
    listener: {
      sent: (index) => tell(index, 'sent'),
      departed: (index) => tell(index, 'departed'),
      answered(index, { kind, timing, observe }) {
        tell(index, kind)
        if (kind === 'again') return
        const { state, reason } = classify(observe(), aimOf(index)?.probe.method)
        log.verdicts.set(index, `${state} ${reason}`)
        log.rttNs.set(index, timing.rttNs)
      },
      silent(index, waitedNs) {
        tell(index, 'silent')
        const silence = { kind: 'silence', waitedNs, syns: 1 } as const
        const { state, reason } = classify(silence, aimOf(index)?.probe.method)
        log.verdicts.set(index, `${state} ${reason}`)
      },
      refused(index, fault) {
        tell(index, 'refused')
        log.faults.push(fault)
      },
      stranger: () => {
        log.strangers += 1
      },
    },
  }
  return log
}

export interface Setup {
  readonly io: SimIo
  readonly channel: PacketChannel
  readonly exchange: Exchange
  readonly log: Log
}

/** An exchange in a simulated world. */
export async function setUp(
  io: SimIo,
  probes: readonly PacketProbe[],
  more: { timeoutMs?: number; backend?: 'kernel' | 'raw-socket'; capacity?: number } = {},
): Promise<Setup> {
  const { timeoutMs = 1000, backend = 'kernel', capacity } = more
  const channel = await openFor(io, probes, backend)
  const log = createLog((index) => exchange.aimOf(index))
  const { clock } = io
  const timeoutNs = timeoutMs * 1e6
  const exchange = createExchange({ channel, clock, probes, timeoutNs, listener: log.listener, capacity })
  return { io, channel, exchange, log }
}

/** Lets so many virtual milliseconds pass and takes in what has come. */
export async function pass({ io, exchange }: Pick<Setup, 'io' | 'exchange'>, ms: number): Promise<number> {
  await io.runFor(io.clock.sleep(ms), ms / 1000 + 1)
  return exchange.pump()
}
