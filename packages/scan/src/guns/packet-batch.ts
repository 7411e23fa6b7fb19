import {
  type Clock,
  LocalFault,
  type OutgoingPacket,
  type PacketChannel,
  type PacketProbe,
  type Route,
} from '@portkit/core'
import type { PacketDepartures } from './packet-departures.ts'
import type { Tracer } from './packet-trace.ts'

/** Packets that leave in one call of the system. */
const BATCH = 64

export interface PacketBatchOptions {
  readonly channel: PacketChannel
  readonly clock: Pick<Clock, 'nowNs'>
  /** The longest packet. */
  readonly mostOctets: number
  readonly departures: PacketDepartures
  readonly tracer: Tracer | undefined
}

/** Packets that were sent, and their octets from the IP header on. */
export interface SentCounts {
  readonly sent: number
  readonly sentOctets: number
}

/** Packets that wait to be sent, in buffers that are used again and again. */
export interface PacketBatch {
  readonly counts: SentCounts
  /** As `Gun.fire`. */
  add(probe: PacketProbe, shot: Parameters<PacketProbe['build']>[0]): undefined | 'full' | LocalFault
  /** As `Gun.flush`; probes that cannot be sent at all are told by their numbers. */
  flush(refused: (number: number, fault: LocalFault) => void): number | Promise<number>
}

type Slot = { -readonly [K in keyof OutgoingPacket]: OutgoingPacket[K] }

export function createPacketBatch(options: PacketBatchOptions): PacketBatch {
  const { channel, clock, mostOctets, departures, tracer } = options
  const slots = createSlots(mostOctets)
  const numbers = new Float64Array(BATCH)
  let waiting = 0
  let isSending = false
  const counts = { sent: 0, sentOctets: 0 }

  const note = (from: number, count: number, atNs: number): void => {
    for (let i = from; i < from + count; i += 1) {
      const slot = slots[i] ?? NO_SLOT
      counts.sentOctets += slot.length
      tracer?.sent(slot, atNs)
    }
    counts.sent += count
  }
  const empty = (unsent: number): number => {
    waiting = 0
    isSending = false
    return unsent
  }
  /** Sends from that place on; what cannot be sent at all is left out. */
  const sendFrom = (from: number, refused: Parameters<PacketBatch['flush']>[0]): number | Promise<number> => {
    if (from >= waiting) return empty(0)
    const atNs = clock.nowNs()
    if (from === 0) for (let i = 0; i < waiting; i += 1) departures.note(numbers[i] ?? 0, atNs)
    const goOn = ({ sent: count, fault }: Awaited<ReturnType<PacketChannel['send']>>) => {
      note(from, count, atNs)
      const next = from + count
      if (fault === undefined || next >= waiting) return empty(waiting - next)
      refused(numbers[next] ?? 0, fault)
      return sendFrom(next + 1, refused)
    }
    const outcome = channel.send(from === 0 ? slots : slots.slice(from), waiting - from)
    return outcome instanceof Promise ? outcome.then(goOn) : goOn(outcome)
  }
  return {
    counts,
    add(probe, shot) {
      const slot = slots[waiting]
      if (isSending || slot === undefined) return 'full'
      try {
        slot.length = probe.build(shot, slot.octets)
      } catch (error) {
        return buildFault(error)
      }
      slot.interfaceIndex = linkOf(shot.route)
      numbers[waiting] = shot.index
      waiting += 1
      return undefined
    },
    flush(refused) {
      if (isSending) return 0
      isSending = true
      return sendFrom(0, refused)
    },
  }
}

const NO_SLOT: Slot = { octets: new Uint8Array(), length: 0, interfaceIndex: 0 }

function createSlots(mostOctets: number): readonly Slot[] {
  const memory = new Uint8Array(BATCH * mostOctets)
  return Array.from({ length: BATCH }, (_, i) => ({
    octets: memory.subarray(i * mostOctets, (i + 1) * mostOctets),
    length: 0,
    interfaceIndex: 0,
  }))
}

/** Data that is too long for any packet. */
function buildFault(error: unknown): LocalFault {
  if (error instanceof LocalFault) return error
  if (error instanceof RangeError) return new LocalFault('EMSGSIZE', error.message)
  throw error
}

/** fe80::/10 and groups mean nothing without a link. */
function linkOf({ destination, interfaceIndex }: Route): number {
  return destination.startsWith('f') && /^(fe[89ab][0-9a-f]:|ff)/.test(destination) ? interfaceIndex : 0
}
