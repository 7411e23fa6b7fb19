import type { LocalFault } from '../../model/errors.ts'
import type { Family } from '../../model/target.ts'
import type { Clock } from '../io.ts'
import type { PacketChannel, PacketRequest } from '../packets.ts'
import { listenedFor, PROTOCOL } from './answers.ts'
import { createMailbox, type Mailbox } from './mailbox.ts'
import { interfaceNamed, ownAddresses6 } from './own-interfaces.ts'
import { createOwnSources } from './own-sources.ts'
import { needsKernel } from './packet-way.ts'
import {
  type LoadedPackage,
  loadRawSocket,
  type RawSocket,
  type RawSocketPackage,
} from './raw-socket-package.ts'
import { hear } from './receiver.ts'
import { createSender, type Sender } from './sender.ts'
import { bringOwnHeader, closeSocket, enlargeBuffer, openSocket } from './sockets.ts'

/** Sends packets with a header of their own, of either family, and hears nothing (raw(7)). */
const IPPROTO_RAW = 255
/** No packet that a raw socket hands over is longer, so `length` is always what it was. */
const WHOLE_PACKET = 0x1_0000
/** A sender reads nothing, but a size of 0 would be taken for "not given". */
const NO_PACKET = 1

/** Packets by the package raw-socket, or why there are none. */
export type RawSocketPackets =
  | {
      readonly kind: 'ready'
      /** Rejects with LocalFault: EPERM, ENODEV, EMFILE; ENOTSUP for ARP. */
      open(request: PacketRequest): Promise<PacketChannel>
    }
  | { readonly kind: 'missing'; readonly why: string }

/**
 * The portable backend. Against the kernel's it lacks ARP, departures and their stamps, IPv4 multicast by interface,
 * and for IPv6 the arriving header: source and destination are put in again, hop limit and traffic class are 0. The
 * system's own losses cannot be counted. Only on Linux does the system give TCP and UDP to raw sockets.
 */
export function rawSocketPackets(
  clock: Clock,
  load: () => LoadedPackage = loadRawSocket,
  platform: string = process.platform,
): RawSocketPackets {
  if (platform !== 'linux') return { kind: 'missing', why: 'raw-socket is of use on Linux only' }
  const loaded = load()
  if (loaded.kind === 'missing') return loaded
  return { kind: 'ready', open: async (request) => openChannel(loaded.raw, request, clock) }
}

function openChannel(raw: RawSocketPackage, request: PacketRequest, clock: Clock): PacketChannel {
  const { interests, interfaceName, snapLength, sendOnly = false } = request
  if (interests.some(({ protocol }) => protocol === 'arp')) throw needsKernel('ARP')
  const families = [...new Set(request.families)]
  const mailbox = createMailbox(snapLength)
  const sources = createOwnSources(ownAddresses6)
  const sockets: RawSocket[] = []
  let fault: LocalFault | undefined
  const onFault = (what: LocalFault): void => {
    fault ??= what
    mailbox.rouse()
  }
  const opened = (family: Family, protocol: number, bufferSize: number): RawSocket => {
    const socket = openSocket(raw, { family, protocol, bufferSize, interfaceName })
    sockets.push(socket)
    return socket
  }
  try {
    // Those that listen come first: an answer may be quicker than the next system call.
    for (const family of sendOnly ? [] : families) {
      for (const listened of listenedFor(family, interests)) {
        const socket = opened(family, PROTOCOL[listened], WHOLE_PACKET)
        enlargeBuffer(raw, socket)
        hear({ socket, family, listened, interests, mailbox, sources, clock, onFault })
      }
    }
    const senders = Object.fromEntries(
      families.map((family) => [family, sendingOnly(raw, opened(family, IPPROTO_RAW, NO_PACKET), family)]),
    )
    const sender = createSender({ sockets: senders, sources, nameOf: interfaceNamed, onFault })
    return channelOf({ sender, sockets, mailbox, clock, faultOf: () => fault })
  } catch (error) {
    for (const socket of sockets) closeSocket(socket)
    throw error
  }
}

function sendingOnly(raw: RawSocketPackage, socket: RawSocket, family: Family): RawSocket {
  // Otherwise the process could not end, and a socket that is polled for both hears before it sends.
  socket.pauseRecv()
  if (family === 4) bringOwnHeader(raw, socket)
  return socket
}

interface Parts {
  readonly sender: Sender
  readonly sockets: readonly RawSocket[]
  readonly mailbox: Mailbox
  readonly clock: Clock
  readonly faultOf: () => LocalFault | undefined
}

function channelOf({ sender, sockets, mailbox, clock, faultOf }: Parts): PacketChannel {
  const wallOffsetNs = BigInt(clock.wallMs()) * 1_000_000n - BigInt(Math.round(clock.nowNs()))
  let isClosed = false
  return {
    backend: 'raw-socket',
    clock: 'process',
    wallOffsetNs: () => wallOffsetNs,
    send: sender.send,
    drain: mailbox.drain,
    ready: mailbox.ready,
    dropped: mailbox.dropped,
    fault: faultOf,
    close() {
      if (isClosed) return
      isClosed = true
      for (const socket of sockets) closeSocket(socket)
      sender.close()
      mailbox.close()
    },
  }
}
