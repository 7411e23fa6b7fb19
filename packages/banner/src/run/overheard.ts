import type { ByteStream, Clock } from '@portkit/core'
import { joined } from '../dialogue/transcript.ts'

/** What both sides say at first, which is enough to see why they did not understand each other. */
const MOST = 4096

/** The beginning of what went over a stream, in both directions. */
export interface Overheard {
  readonly stream: ByteStream
  readonly sent: Uint8Array
  readonly received: Uint8Array
  /** Nanoseconds to the first octet that came; undefined when none did. */
  readonly firstNs: number | undefined
}

/** A stream that is listened to while somebody else, who tells nothing of it, shakes hands over it. */
export function overhear(stream: ByteStream, clock: Clock): Overheard {
  const startNs = clock.nowNs()
  const sent = beginning()
  const received = beginning()
  let firstNs: number | undefined
  return {
    stream: {
      local: stream.local,
      remote: stream.remote,
      broken: stream.broken,
      async read(most) {
        const octets = await stream.read(most)
        if (octets !== undefined) {
          firstNs ??= clock.nowNs() - startNs
          received.add(octets)
        }
        return octets
      },
      write(octets) {
        sent.add(octets)
        return stream.write(octets)
      },
      endWrite: () => stream.endWrite(),
      close: (how) => stream.close(how),
    },
    get sent() {
      return sent.octets()
    },
    get received() {
      return received.octets()
    },
    get firstNs() {
      return firstNs
    },
  }
}

function beginning() {
  const pieces: Uint8Array[] = []
  let left = MOST
  return {
    add(octets: Uint8Array): void {
      if (left === 0) return
      const piece = octets.slice(0, left)
      left -= piece.length
      pieces.push(piece)
    },
    octets: (): Uint8Array => joined(pieces),
  }
}
