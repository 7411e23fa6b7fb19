import type { LocalFault } from '../../model/errors.ts'
import { ETHER_TYPE } from '../../wire/ether-type.ts'
import { LINK_TYPE } from '../../wire/link.ts'
import { localFault } from '../local-fault.ts'
import type { SeenPacket } from '../packets.ts'
import {
  CMSG,
  IOVEC,
  MMSGHDR,
  MSG,
  MSGHDR,
  OPTION,
  PACKET_STATISTICS,
  PACKET_TYPE,
  SOCKADDR_LL,
  TIMESPEC,
} from './layout.ts'
import { type Arena, CONTROL_ROOM, giveBackArena, NAME_ROOM, takeArena } from './packet-arena.ts'
import type { PacketClock } from './packet-clock.ts'
import { ETHERNET_LENGTH, writeEthernet } from './packet-frame.ts'
import type { SenderParts } from './packet-sender.ts'

const BATCH = 64
/** Memory comes in few sizes, so that it can be used again. */
const ROOMS = [256, 2048, 65536]

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export interface ReceiverParts extends SenderParts {
  readonly clock: PacketClock
  nowNs(): number
}

/** Takes packets in from a packet socket that is bound already; owns the descriptor and its memory. */
export class PacketReceiver {
  readonly fd: number
  readonly #parts: ReceiverParts
  readonly #arena: Arena
  readonly #snapLength: number
  readonly #seen: Mutable<SeenPacket>
  /** How many messages the last call wrote to: their lengths have to be set again. */
  #used = BATCH
  /** The wall clock was set while packets waited: nobody knows by which one they were stamped. */
  #isMixed = false
  #dropped = 0
  #fault: LocalFault | undefined
  #isOpen = true
  readonly #stamp = { seconds: 0, nanoseconds: 0 }
  readonly #last = { seconds: 0, nanoseconds: 0, index: 0, length: 0 }

  constructor(parts: ReceiverParts, fd: number, snapLength: number) {
    this.fd = fd
    this.#parts = parts
    this.#snapLength = snapLength
    this.#arena = takeArena(parts.libc, BATCH, ROOMS.find((room) => room >= snapLength) ?? snapLength)
    const { view, iovec, octets } = this.#arena
    for (let i = 0; i < BATCH; i++)
      view.setUint32(iovec.base + i * iovec.stride + IOVEC.size, snapLength, true)
    this.#seen = {
      linkType: LINK_TYPE.raw,
      octets,
      from: 0,
      to: 0,
      length: 0,
      direction: 'in',
      timeNs: 0,
      era: 0,
      isHeaderRebuilt: false,
    }
  }

  get fault(): LocalFault | undefined {
    return this.#fault
  }

  drain(see: (packet: SeenPacket) => void, most: number): number {
    let handedOver = 0
    while (handedOver < most && this.#isOpen && this.#fault === undefined) {
      const wanted = Math.min(BATCH, most - handedOver)
      const count = this.#receive(wanted)
      for (let i = 0; i < count && this.#isOpen; i++) {
        if (!this.#read(i)) continue
        handedOver++
        see(this.#seen)
      }
      if (count < wanted) {
        // Nothing waits any more, so whatever comes is stamped by the new wall time.
        this.#isMixed = false
        break
      }
    }
    return handedOver
  }

  dropped(): number {
    if (!this.#isOpen) return this.#dropped
    const statistics = this.#parts.options.get(this.fd, OPTION.packetStatistics, PACKET_STATISTICS.length)
    this.#dropped += statistics?.getUint32(PACKET_STATISTICS.drops, true) ?? 0
    return this.#dropped
  }

  close(): void {
    if (!this.#isOpen) return
    this.dropped()
    this.#isOpen = false
    this.#parts.libc.close(this.fd)
    giveBackArena(this.#arena)
  }

  /** How many packets are in memory now. */
  #receive(wanted: number): number {
    const { libc, calls, clock } = this.#parts
    const { view, header, at } = this.#arena
    for (let i = 0; i < this.#used; i++) {
      view.setUint32(i * header.stride + MSGHDR.nameLength, NAME_ROOM, true)
      view.setUint32(i * header.stride + MSGHDR.controlLength, CONTROL_ROOM, true)
    }
    const count = calls.recvmmsg(this.fd, at, wanted, MSG.dontWait | MSG.truncate, null)
    this.#used = Math.max(0, count)
    if (count < 0) {
      const errno = libc.errno()
      if (errno !== 'EAGAIN' && errno !== 'EINTR') this.#fault = localFault(errno, 'receive packets')
    }
    // Looked at behind the call: whatever was stamped by the new wall time before it is found out.
    if (count > 0) this.#isMixed = clock.wasSet() || this.#isMixed
    return this.#used
  }

  /** Makes `#seen` the packet in that slot; false when it has been seen already. */
  #read(slot: number): boolean {
    const { view, name, data, header, octets } = this.#arena
    const seen = this.#seen
    const at = name.base + slot * name.stride
    const from = data.base + slot * data.stride
    const length = view.getUint32(slot * header.stride + MMSGHDR.octets, true)
    seen.direction = octets[at + SOCKADDR_LL.packetType] === PACKET_TYPE.outgoing ? 'out' : 'in'
    const isStamped = this.#readStamp(slot)
    const index = view.getUint32(at + SOCKADDR_LL.index, true)
    if (isStamped && seen.direction === 'in' && this.#isSecondSight(index, length)) return false
    this.#setTime(isStamped)
    seen.to = from + Math.min(length, this.#snapLength)
    const isArp = view.getUint16(at + SOCKADDR_LL.protocol) === ETHER_TYPE.arp
    if (isArp) writeEthernet(octets, from, at)
    seen.linkType = isArp ? LINK_TYPE.ethernet : LINK_TYPE.raw
    seen.from = isArp ? from - ETHERNET_LENGTH : from
    seen.length = from + length - seen.from
    return true
  }

  #readStamp(slot: number): boolean {
    const { view, control, header } = this.#arena
    const at = control.base + slot * control.stride
    if (view.getUint32(slot * header.stride + MSGHDR.controlLength, true) < CMSG.data + TIMESPEC.length) {
      return false
    }
    // The only control data that was asked for.
    if (view.getInt32(at + CMSG.type, true) !== OPTION.timestampNs.name) return false
    const seconds = at + CMSG.data + TIMESPEC.seconds
    this.#stamp.seconds = view.getUint32(seconds, true) + view.getUint32(seconds + 4, true) * 0x1_0000_0000
    this.#stamp.nanoseconds = view.getUint32(at + CMSG.data + TIMESPEC.nanoseconds, true)
    return true
  }

  /** One packet passes several interfaces (a bond's and its port's) with one stamp. */
  #isSecondSight(index: number, length: number): boolean {
    const { seconds, nanoseconds } = this.#stamp
    const last = this.#last
    const isSame =
      nanoseconds === last.nanoseconds &&
      seconds === last.seconds &&
      length === last.length &&
      index !== last.index
    if (isSame) return true
    last.seconds = seconds
    last.nanoseconds = nanoseconds
    last.index = index
    last.length = length
    return false
  }

  #setTime(isStamped: boolean): void {
    const { clock, nowNs } = this.#parts
    const { seconds, nanoseconds } = this.#stamp
    const isKnown = isStamped && !this.#isMixed
    this.#seen.era = isKnown ? clock.era : clock.lonelyEra()
    this.#seen.timeNs = isKnown ? clock.timeNs(seconds, nanoseconds) : nowNs()
  }
}
