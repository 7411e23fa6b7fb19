import { localFault } from '../io/local-fault.ts'
import type {
  OutgoingPacket,
  PacketBackend,
  PacketChannel,
  PacketRequest,
  SeenPacket,
  SendOutcome,
} from '../io/packets.ts'
import type { LocalFault } from '../model/errors.ts'
import type { ClockName } from '../model/observation.ts'
import { isOfInterest } from './sim-packet-interest.ts'
import type { WirePacket } from './sim-packet-world.ts'

/** The machine that a channel is open on. */
export interface ChannelHost {
  nowNs(): number
  /** How often the wall clock was set until now. */
  era(): number
  wallOffsetNs(): bigint
  /** Undefined when the packet was sent. */
  transmit(packet: OutgoingPacket): LocalFault | 'no-room' | undefined
  /** What is wrong with the interface for good. */
  fault(): LocalFault | undefined
  /** The channel was closed. */
  closed(channel: SimPacketChannel): void
}

interface Held {
  readonly packet: WirePacket
  readonly era: number
}

/** A seen packet stands behind something in the array it is shown in, and nothing of it is left after the call. */
const BEFORE = 14
const POISON = 0xa5
const MOST_AT_ONCE = 4096

/** A channel on the virtual clock. Sees what is offered to it while it is open. */
export class SimPacketChannel implements PacketChannel {
  readonly backend: PacketBackend
  readonly clock: ClockName
  readonly #host: ChannelHost
  readonly #request: PacketRequest
  readonly #room: number
  #held: Held[] = []
  #next = 0
  #dropped = 0
  #isOpen = true
  #wake: (() => void) | undefined

  constructor(host: ChannelHost, backend: PacketBackend, request: PacketRequest, room: number) {
    this.#host = host
    const departures = request.departures && backend === 'kernel'
    this.#request = { ...request, departures }
    this.#room = room
    this.backend = backend
    this.clock = departures ? 'packet' : 'process'
  }

  /** Keeps the packet when it is of interest and there is room. */
  offer(packet: WirePacket, interfaceName: string): void {
    const { interfaceName: only = interfaceName } = this.#request
    if (only !== interfaceName || !isOfInterest(this.#request, packet)) return
    if (this.#held.length - this.#next >= this.#room) {
      this.#dropped++
      return
    }
    this.#held.push({ packet, era: this.#host.era() })
    this.wake()
  }

  /** There is something to look at: a packet, or a fault. */
  wake(): void {
    this.#wake?.()
    this.#wake = undefined
  }

  wallOffsetNs(): bigint {
    return this.#host.wallOffsetNs()
  }

  send(packets: readonly OutgoingPacket[], count = packets.length): SendOutcome | Promise<SendOutcome> {
    const outcome = this.#send(packets.slice(0, count))
    return this.backend === 'raw-socket' ? Promise.resolve(outcome) : outcome
  }

  #send(packets: readonly OutgoingPacket[]): SendOutcome {
    if (!this.#isOpen) return { sent: 0, fault: localFault('EBADF', 'send', 'send') }
    for (const [sent, packet] of packets.entries()) {
      const obstacle = this.#host.transmit(packet)
      if (obstacle === 'no-room') return { sent, fault: undefined }
      if (obstacle !== undefined) return { sent, fault: obstacle }
    }
    return { sent: packets.length, fault: undefined }
  }

  drain(see: (packet: SeenPacket) => void, most = MOST_AT_ONCE): number {
    let seen = 0
    while (seen < most && this.#isOpen) {
      const held = this.#held[this.#next]
      if (held === undefined) break
      this.#next++
      seen++
      this.#show(held, see)
    }
    if (this.#next >= this.#held.length) {
      this.#held = []
      this.#next = 0
    }
    return seen
  }

  #show({ packet, era }: Held, see: (packet: SeenPacket) => void): void {
    const { linkType, direction, timeNs } = packet
    const { length } = packet.octets
    const cut = packet.octets.subarray(0, this.#request.snapLength)
    const octets = new Uint8Array(BEFORE + cut.length).fill(POISON)
    octets.set(cut, BEFORE)
    const isStamped = this.clock === 'packet'
    try {
      see({
        linkType,
        octets,
        from: BEFORE,
        to: octets.length,
        length,
        direction,
        timeNs: isStamped ? timeNs : Math.round(this.#host.nowNs()),
        era: isStamped ? era : 0,
        isHeaderRebuilt: this.backend === 'raw-socket' && (cut[0] ?? 0) >>> 4 === 6,
      })
    } finally {
      octets.fill(POISON)
    }
  }

  ready(signal: AbortSignal): Promise<void> {
    const isReady = !this.#isOpen || signal.aborted || this.#held.length > this.#next
    if (isReady || this.fault() !== undefined) return Promise.resolve()
    if (this.#wake !== undefined) throw new Error('somebody waits for this channel already')
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', abort)
        resolve()
      }
      const abort = (): void => {
        this.#wake = undefined
        resolve()
      }
      signal.addEventListener('abort', abort, { once: true })
      this.#wake = wake
    })
  }

  dropped(): number {
    return this.#dropped
  }

  fault(): LocalFault | undefined {
    return this.#host.fault()
  }

  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#held = []
    this.#host.closed(this)
    this.wake()
  }
}
