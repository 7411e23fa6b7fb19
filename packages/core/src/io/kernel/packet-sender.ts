import { LocalFault } from '../../model/errors.ts'
import { readIpv4, readIpv6 } from '../../wire/octets.ts'
import { localFault } from '../local-fault.ts'
import type { OutgoingPacket, SendOutcome } from '../packets.ts'
import { AF, IPPROTO_RAW, MSG, OPTION, SOCK } from './layout.ts'
import type { Libc } from './libc.ts'
import { type Arena, giveBackArena, takeArena } from './packet-arena.ts'
import type { PacketCalls } from './packet-calls.ts'
import { needPrivilege } from './packet-privilege.ts'
import { DESTINATION_AT, fillSlot, kindOf, type PacketKind } from './packet-slot.ts'
import type { SocketOptions } from './socket-options.ts'

export interface SenderParts {
  readonly libc: Libc
  readonly calls: PacketCalls
  readonly options: SocketOptions
}

/** The interface that a channel is bound to. */
export interface Bound {
  readonly name: string
  readonly index: number
}

const BATCH = 64
/** Longer packets go one by one. */
const COMMON_ROOM = 2048
const LONGEST = 65535
const SEND_BUFFER = 4 << 20
/** The sockets that only send take in errors at most. */
const RECEIVE_BUFFER = 4096

/** Sends whole packets; owns a socket for each kind of them, opened when it is needed, and its memory. */
export class PacketSender {
  readonly #parts: SenderParts
  readonly #bound: Bound | undefined
  readonly #common: Arena
  #long: Arena | undefined
  readonly #sockets = new Map<PacketKind, number>()

  constructor(parts: SenderParts, bound: Bound | undefined) {
    this.#parts = parts
    this.#bound = bound
    this.#common = takeArena(parts.libc, BATCH, COMMON_ROOM)
  }

  /** Opens the socket for a kind of packets, if it is not open yet. @throws LocalFault */
  open(kind: PacketKind): number {
    const known = this.#sockets.get(kind)
    if (known !== undefined) return known
    const { libc } = this.#parts
    const flags = SOCK.nonblock | SOCK.cloexec
    const fd =
      kind === 'arp'
        ? libc.socket(AF.packet, SOCK.datagram | flags, 0)
        : libc.socket(kind === 4 ? AF.inet : AF.inet6, SOCK.raw | flags, IPPROTO_RAW)
    if (fd < 0) throw needPrivilege(libc.errno())
    this.#sockets.set(kind, fd)
    this.#prepare(fd, kind)
    return fd
  }

  send(packets: readonly OutgoingPacket[], count: number): SendOutcome {
    let sent = 0
    let isRetry = false
    while (sent < count) {
      const outcome = this.#sendRun(packets, sent, count)
      if (typeof outcome === 'number') {
        sent += outcome
        isRetry = false
      } else if (outcome === undefined) return { sent, fault: undefined }
      // An error that came for an earlier packet may be told instead of sending; the second try sends.
      else if (isRetry) return { sent, fault: outcome }
      else isRetry = true
    }
    return { sent, fault: undefined }
  }

  close(): void {
    for (const fd of this.#sockets.values()) this.#parts.libc.close(fd)
    this.#sockets.clear()
    giveBackArena(this.#common)
    if (this.#long !== undefined) giveBackArena(this.#long)
  }

  /** @throws LocalFault ENODEV */
  #prepare(fd: number, kind: PacketKind): void {
    const { libc, options } = this.#parts
    if (!options.setNumber(fd, OPTION.sendBufferForce, SEND_BUFFER)) {
      options.setNumber(fd, OPTION.sendBuffer, SEND_BUFFER)
    }
    options.setNumber(fd, OPTION.receiveBuffer, RECEIVE_BUFFER)
    if (kind === 'arp') return
    // Without it Linux says nothing when its queue for the interface is full and drops the packet (raw(7)).
    options.setNumber(fd, kind === 4 ? OPTION.receiveErrors : OPTION.receiveErrors6, 1)
    if (this.#bound === undefined || options.setDevice(fd, this.#bound.name)) return
    throw localFault(libc.errno(), `interface ${this.#bound.name}`, 'interfaceName')
  }

  /** Sends packets of one kind in one call; gives how many, undefined where there is no room, or why the first one failed. */
  #sendRun(packets: readonly OutgoingPacket[], from: number, to: number): number | undefined | LocalFault {
    const first = packets[from]
    const kind = first && kindOf(first)
    if (first === undefined || kind === undefined) {
      return new LocalFault('EINVAL', 'neither an IP packet nor an ARP message, or one of impossible length')
    }
    let fd: number
    try {
      fd = this.open(kind)
    } catch (error) {
      if (error instanceof LocalFault) return error
      throw error
    }
    const arena = first.length > COMMON_ROOM ? this.#longArena() : this.#common
    const filled = this.#fill(arena, kind, packets, from, to)
    const { libc, calls } = this.#parts
    const sent = calls.sendmmsg(fd, arena.at, filled, MSG.dontWait | MSG.noSignal)
    if (sent > 0) return sent
    const errno = libc.errno()
    return errno === 'EAGAIN' || errno === 'ENOBUFS' ? undefined : faultOf(errno, first, kind)
  }

  /** Puts in what fits and is of that kind; gives how many packets that are. */
  #fill(
    arena: Arena,
    kind: PacketKind,
    packets: readonly OutgoingPacket[],
    from: number,
    to: number,
  ): number {
    const most = Math.min(arena.slots, to - from)
    for (let slot = 0; slot < most; slot++) {
      const packet = packets[from + slot]
      if (packet === undefined || packet.length > arena.room || kindOf(packet) !== kind) return slot
      fillSlot(arena, slot, packet, kind, this.#bound?.index ?? 0)
    }
    return most
  }

  #longArena(): Arena {
    this.#long ??= takeArena(this.#parts.libc, 1, LONGEST)
    return this.#long
  }
}

function faultOf(errno: string, packet: OutgoingPacket, kind: PacketKind): LocalFault {
  const what = `send to ${destinationOf(packet, kind)}`
  if (errno !== 'EMSGSIZE') return localFault(errno, what)
  return new LocalFault(
    errno,
    `${what}: ${packet.length} octets are more than the interface takes at once (its MTU)`,
  )
}

function destinationOf({ octets }: OutgoingPacket, kind: PacketKind): string {
  if (kind === 4) return readIpv4(octets, DESTINATION_AT[4])
  return kind === 6 ? readIpv6(octets, DESTINATION_AT[6]) : 'the link (ARP)'
}
