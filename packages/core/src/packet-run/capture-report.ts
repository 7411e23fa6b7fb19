import { createCaptureWriter } from '../io/capture/capture-writer.ts'
import type { PacketChannel, SeenPacket } from '../io/packets.ts'
import { LINK_TYPE } from '../wire/link.ts'
import { COST, createCaptureOrder, type Kept, MOST_WAITING } from './capture-order.ts'
import type { Observer, ShownPacket } from './observer.ts'
import type { PacketRun } from './packet-run.ts'
import type { Reshape } from './reshaping.ts'

type Channel = Pick<PacketChannel, 'clock' | 'wallOffsetNs'>

/** What is written, and where to. */
export interface Recording {
  /** undefined: nowhere. */
  readonly path: string | undefined
  /** ARP has no header of IP: a file that may hold it says what is in front of it. */
  readonly hasArp: boolean
  readonly reshape: Reshape | undefined
}

/**
 * Does a run's work and writes its packets to a file, where one is named. The file is made before the work begins, and
 * whole when this resolves. Rejects with LocalFault when it cannot be written.
 */
export async function recorded<R extends PacketRun, T>(
  run: R,
  { path, hasArp, reshape }: Recording,
  channel: Channel,
  work: (watched: R) => Promise<T>,
): Promise<T> {
  if (path === undefined) return work(run)
  const file = run.io.system.openOutput(path)
  try {
    const linkType = hasArp ? LINK_TYPE.ethernet : LINK_TYPE.raw
    const writer = createCaptureWriter(file, linkType)
    const write = ({ wallNs, octets, length }: Kept): void => writer.packet(wallNs, octets, length)
    const report = captureReport({ channel, linkType, reshape }, write)
    try {
      return await work({ ...run, observers: [...run.observers, report] })
    } finally {
      report.end()
      writer.flush()
    }
  } finally {
    file.close()
  }
}

export interface CaptureReportOptions {
  readonly channel: Channel
  readonly linkType: number
  /** Packets leave as these pieces. */
  readonly reshape: Reshape | undefined
}

export interface CaptureReport extends Observer {
  /** Writes what still waits. */
  end(): void
}

/** A packet that was sent, and whose stamp is still to come. */
interface Sent {
  readonly atNs: number
  readonly pieces: readonly Kept[]
}

/**
 * Writes each packet that was sent, once and at the time when it left, as far as that gets known, and each answer to it;
 * all in the order of their times, which stamps that come late may stand against.
 */
export function captureReport(
  { channel, linkType, reshape }: CaptureReportOptions,
  write: (kept: Kept) => void,
): CaptureReport {
  const order = createCaptureOrder(write)
  const sent = new Map<number, Sent>()
  let octets = 0

  const heldNs = (): number => {
    const [oldest] = sent.values()
    return oldest?.atNs ?? Number.POSITIVE_INFINITY
  }
  const kept = (packet: ShownPacket, timeNs: number): Kept => {
    const wallNs = BigInt(Math.round(timeNs)) + channel.wallOffsetNs()
    return { timeNs, wallNs, ...framed(packet, linkType) }
  }
  /** What is known of a packet now is all that will be. */
  const settle = (index: number): readonly Kept[] => {
    const { pieces } = sent.get(index) ?? NOTHING
    if (sent.delete(index)) octets -= costOf(pieces)
    return pieces
  }
  const add = (packets: readonly Kept[]): void => {
    for (const each of packets) order.add(each, heldNs())
  }
  const settleOldest = (): void => {
    for (const index of sent.keys()) {
      if (octets <= MOST_WAITING) return
      add(settle(index))
    }
  }

  return {
    sent(shot, packet, atNs) {
      const pieces = piecesOf(packet, reshape).map((piece) => kept(piece, atNs))
      if (channel.clock !== 'packet') return add(pieces)
      sent.set(shot.index, { atNs, pieces })
      octets += costOf(pieces)
      settleOldest()
    },
    departed(shot, packet) {
      const pieces = settle(shot.index)
      if (pieces.length === 1 && isWhole(packet)) add([kept(packet, packet.timeNs)])
      else add(pieces.map((piece) => ({ ...piece, ...timeOf(kept(packet, packet.timeNs)) })))
    },
    answered(shot, { packet }) {
      add([...settle(shot.index), kept(packet, packet.timeNs)])
    },
    silent: (shot) => add(settle(shot.index)),
    end() {
      for (const index of sent.keys()) add(settle(index))
      order.end()
    },
  }
}

const NOTHING: Pick<Sent, 'pieces'> = { pieces: [] }

function costOf(pieces: readonly Kept[]): number {
  return pieces.reduce((sum, { octets }) => sum + octets.length + COST, 0)
}

function timeOf({ timeNs, wallNs }: Kept): Pick<Kept, 'timeNs' | 'wallNs'> {
  return { timeNs, wallNs }
}

function isWhole({ from, to, length }: SeenPacket): boolean {
  return to - from === length
}

/** As it leaves: in fragments where that was asked for. */
function piecesOf(packet: ShownPacket, reshape: Reshape | undefined): readonly ShownPacket[] {
  const { linkType, octets, from, to } = packet
  if (reshape === undefined || linkType !== LINK_TYPE.raw) return [packet]
  return reshape(octets.subarray(from, to), to - from).map((piece) => {
    const { length } = piece
    return { linkType, octets: piece, from: 0, to: length, length }
  })
}

const ETHERNET_HEADER = 14
const ETHER_TYPES: Readonly<Record<number, readonly [number, number]>> = { 4: [0x08, 0x00], 6: [0x86, 0xdd] }

/** A copy, as the file wants it. Between ARP, IP gets a header whose hardware addresses are zero: nobody told them. */
function framed(
  { linkType, octets, from, to, length }: ShownPacket,
  wanted: number,
): Pick<Kept, 'octets' | 'length'> {
  if (linkType === wanted) return { octets: octets.slice(from, to), length }
  const frame = new Uint8Array(ETHERNET_HEADER + to - from)
  frame.set(ETHER_TYPES[(octets[from] ?? 0) >>> 4] ?? [], 12)
  frame.set(octets.subarray(from, to), ETHERNET_HEADER)
  return { octets: frame, length: ETHERNET_HEADER + length }
}
