import type { LocalFault } from '../../model/errors.ts'
import type { ClockName } from '../../model/observation.ts'
import { localFault } from '../local-fault.ts'
import type { OutgoingPacket, PacketChannel, SeenPacket, SendOutcome } from '../packets.ts'
import type { PacketClock } from './packet-clock.ts'
import type { PacketReceiver } from './packet-receiver.ts'
import type { PacketSender } from './packet-sender.ts'
import type { Reactor } from './reactor.ts'
import { createWaits, type Waits } from './waits.ts'

const MOST = 4096

export interface ChannelParts {
  readonly sender: PacketSender
  /** Not where packets are only sent. */
  readonly receiver: PacketReceiver | undefined
  readonly clock: PacketClock
  readonly reactor: Reactor
  /** Departures are seen. */
  readonly isStampedBothWays: boolean
}

/** Whole packets by system calls. It owns its sockets. */
export class KernelPacketChannel implements PacketChannel {
  readonly backend = 'kernel'
  readonly clock: ClockName
  readonly #parts: ChannelParts
  readonly #waits: Waits | undefined
  readonly #closed = new AbortController()

  constructor(parts: ChannelParts) {
    this.#parts = parts
    this.clock = parts.isStampedBothWays ? 'packet' : 'process'
    this.#waits = parts.receiver && createWaits(parts.reactor, parts.receiver.fd)
  }

  wallOffsetNs(): bigint {
    return this.#parts.clock.wallOffsetNs()
  }

  send(packets: readonly OutgoingPacket[], count = packets.length): SendOutcome {
    if (this.#closed.signal.aborted)
      return { sent: 0, fault: localFault('EBADF', 'send on a closed channel') }
    return this.#parts.sender.send(packets, Math.min(count, packets.length))
  }

  drain(see: (packet: SeenPacket) => void, most = MOST): number {
    return this.#parts.receiver?.drain(see, most) ?? 0
  }

  async ready(signal: AbortSignal): Promise<void> {
    const closed = this.#closed.signal
    if (signal.aborted || closed.aborted) return
    // Behind a fault nothing comes any more: whoever waits all the same must not run in circles.
    if (this.#waits === undefined || this.fault() !== undefined) return untilAborted([signal, closed])
    try {
      await this.#waits.ready('in', signal)
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  dropped(): number {
    return this.#parts.receiver?.dropped() ?? 0
  }

  fault(): LocalFault | undefined {
    return this.#parts.receiver?.fault
  }

  close(): void {
    if (this.#closed.signal.aborted) return
    this.#closed.abort()
    this.#waits?.end()
    this.#parts.receiver?.close()
    this.#parts.sender.close()
  }
}

function untilAborted(signals: AbortSignal[]): Promise<void> {
  const any = AbortSignal.any(signals)
  return new Promise((resolve) => {
    if (any.aborted) resolve()
    else any.addEventListener('abort', () => resolve(), { once: true })
  })
}
