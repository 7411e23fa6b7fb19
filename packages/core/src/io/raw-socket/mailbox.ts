import { LINK_TYPE } from '../../wire/link.ts'
import type { SeenPacket } from '../packets.ts'

/** Room for what came and was not drained yet, whatever the network sends. */
const MOST_PACKETS = 16_384
const MOST_OCTETS = 32 << 20
const MOST_A_DRAIN = 4096

/** What came in, copied and cut, until somebody drains it. */
export interface Mailbox {
  /** Copies a packet: `head` and then `rest`. */
  put(head: Uint8Array, rest: Uint8Array, timeNs: number, isHeaderRebuilt: boolean): void
  drain(see: (packet: SeenPacket) => void, most?: number): number
  ready(signal: AbortSignal): Promise<void>
  dropped(): number
  /** Ends a wait, also the later ones. */
  rouse(): void
  /** Throws all away and takes in nothing more. */
  close(): void
}

interface Kept {
  readonly octets: Uint8Array
  readonly length: number
  readonly timeNs: number
  readonly isHeaderRebuilt: boolean
}

/** Packets are cut to `snapLength` octets; those that find no room are counted as dropped. */
export function createMailbox(snapLength: number): Mailbox {
  const pile = createPile()
  const bell = createBell(() => pile.size() > 0)
  let dropped = 0
  let isClosed = false
  return {
    put(head, rest, timeNs, isHeaderRebuilt) {
      if (isClosed) return
      const length = head.length + rest.length
      const octets = joined(head, rest, Math.min(length, snapLength))
      if (pile.add({ octets, length, timeNs, isHeaderRebuilt })) bell.ring()
      else dropped++
    },
    drain(see, most = MOST_A_DRAIN) {
      let count = 0
      for (; count < most; count++) {
        const next = pile.take()
        if (next === undefined) break
        see(shown(next))
      }
      return count
    },
    ready: bell.rung,
    dropped: () => dropped,
    rouse: bell.ringForGood,
    close() {
      isClosed = true
      pile.clear()
      bell.ringForGood()
    },
  }
}

/** A queue of what is kept, with its limits. */
function createPile() {
  let kept: Kept[] = []
  /** How many at the front of `kept` are taken already. */
  let taken = 0
  let held = 0
  const size = (): number => kept.length - taken
  return {
    size,
    /** Whether there was room. */
    add(packet: Kept): boolean {
      if (size() >= MOST_PACKETS || held + packet.octets.length > MOST_OCTETS) return false
      held += packet.octets.length
      kept.push(packet)
      return true
    },
    take(): Kept | undefined {
      const next = kept[taken]
      if (next === undefined) return undefined
      taken++
      held -= next.octets.length
      // Half and half, so that the rest is moved seldom.
      if (taken * 2 >= kept.length) {
        kept = kept.slice(taken)
        taken = 0
      }
      return next
    },
    clear(): void {
      kept = []
      taken = 0
      held = 0
    },
  }
}

/** Wakes the one who waits. */
function createBell(isDue: () => boolean) {
  let isForGood = false
  let wake: (() => void) | undefined
  /** After the package's own call: see RawSocket. */
  const ring = (): void => {
    if (wake !== undefined) setImmediate(wake)
    wake = undefined
  }
  return {
    ring,
    ringForGood(): void {
      isForGood = true
      ring()
    },
    rung(signal: AbortSignal): Promise<void> {
      if (isForGood || signal.aborted || isDue()) return Promise.resolve()
      return new Promise((resolve) => {
        const end = (): void => {
          signal.removeEventListener('abort', end)
          wake = undefined
          resolve()
        }
        wake = end
        signal.addEventListener('abort', end, { once: true })
      })
    },
  }
}

function joined(head: Uint8Array, rest: Uint8Array, length: number): Uint8Array {
  const octets = new Uint8Array(length)
  octets.set(head.subarray(0, length))
  octets.set(rest.subarray(0, Math.max(0, length - head.length)), Math.min(head.length, length))
  return octets
}

function shown({ octets, length, timeNs, isHeaderRebuilt }: Kept): SeenPacket {
  return {
    linkType: LINK_TYPE.raw,
    octets,
    from: 0,
    to: octets.length,
    length,
    direction: 'in',
    timeNs,
    era: 0,
    isHeaderRebuilt,
  }
}
