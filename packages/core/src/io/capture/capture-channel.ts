import { isLinkTypeKnown } from '../../wire/link.ts'
import type { SeenPacket } from '../packets.ts'
import type { Captured, CapturedPacket, CaptureEnd } from './captured-packet.ts'

/** What became of a capture that was played. */
export interface Replay extends CaptureEnd {
  /** Packets that were left out because nobody here knows their link type, by link type. */
  readonly unknown: ReadonlyMap<number, number>
  /** It was stopped before its end. */
  readonly isStopped: boolean
}

/** A capture file in the place of a `PacketChannel`: the packets come from the past, and none can be sent. */
export interface CaptureChannel {
  /** What to add to `timeNs` of a packet for nanoseconds since 1970; 0 before the first packet with a time. */
  wallOffsetNs(): bigint
  /**
   * Hands over all packets in the order of the file, then tells how it ended. Stops early, without an error, once the
   * signal is aborted. Rejects with what `readCapture` rejects with, or `see` throws. To be called once.
   * @param turn called after each packet: the next one is read when it resolves, at once without a promise
   */
  play(see: (packet: SeenPacket) => void, signal: AbortSignal, turn?: Turn): Promise<Replay>
}

type Turn = () => Promise<void> | undefined

/**
 * Plays packets of a capture file as `PacketChannel.drain` hands over live ones. Their times count from the first one.
 * A packet that has no time is in an era of its own: nothing can be said of how long it took.
 */
export function createCaptureChannel(captured: Captured): CaptureChannel {
  let wallOffsetNs: bigint | undefined
  let timeless = 0
  const seen = (packet: CapturedPacket): SeenPacket => {
    wallOffsetNs ??= packet.timeNs
    const timeNs = packet.timeNs === undefined ? 0 : Number(packet.timeNs - (wallOffsetNs ?? 0n))
    const era = packet.timeNs === undefined ? ++timeless : 0
    return seenPacket(packet, timeNs, era)
  }
  return {
    wallOffsetNs: () => wallOffsetNs ?? 0n,
    play: (see, signal, turn) => play(captured, (packet) => see(seen(packet)), signal, turn),
  }
}

function seenPacket({ linkType, octets, length }: CapturedPacket, timeNs: number, era: number): SeenPacket {
  return {
    linkType,
    octets,
    from: 0,
    to: octets.length,
    length,
    direction: 'unknown',
    timeNs,
    era,
    isHeaderRebuilt: false,
  }
}

async function play(
  captured: Captured,
  see: (packet: CapturedPacket) => void,
  signal: AbortSignal,
  turn: Turn | undefined,
): Promise<Replay> {
  const unknown = new Map<number, number>()
  let packets = 0
  try {
    for (let next = await step(captured, signal); next !== undefined; next = await step(captured, signal)) {
      if (next.done === true) return { ...next.value, unknown, isStopped: false }
      packets++
      const { linkType } = next.value
      if (isLinkTypeKnown(linkType)) see(next.value)
      else unknown.set(linkType, (unknown.get(linkType) ?? 0) + 1)
      const written = turn?.()
      if (written !== undefined) await written
    }
    return { packets, truncated: undefined, unknown, isStopped: true }
  } finally {
    // Ends the reader, and with it the file; nothing happens when it has ended by itself.
    await captured.return({ packets, truncated: undefined })
  }
}

type Step = IteratorResult<CapturedPacket, CaptureEnd>

/** undefined once the signal is aborted: then the source may have ended anywhere, also inside the file's header. */
async function step(captured: Captured, signal: AbortSignal): Promise<Step | undefined> {
  if (signal.aborted) return undefined
  try {
    const next = await captured.next()
    return signal.aborted && next.done === true ? undefined : next
  } catch (error) {
    if (signal.aborted) return undefined
    throw error
  }
}
