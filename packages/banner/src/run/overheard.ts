import type { ByteStream, Clock } from '@portkit/core'
import { Gathered } from '../dialogue/gathered.ts'

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
  const sent = new Gathered()
  const received = new Gathered()
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
          addBeginning(received, octets)
        }
        return octets
      },
      write(octets) {
        addBeginning(sent, octets)
        return stream.write(octets)
      },
      endWrite: () => stream.endWrite(),
      close: (how) => stream.close(how),
    },
    get sent() {
      return sent.octets
    },
    get received() {
      return received.octets
    },
    get firstNs() {
      return firstNs
    },
  }
}

function addBeginning(to: Gathered, octets: Uint8Array): void {
  to.add(octets.subarray(0, MOST - to.length))
}
