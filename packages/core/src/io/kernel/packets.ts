import { LocalFault } from '../../model/errors.ts'
import type { Address } from '../../model/target.ts'
import type { Clock } from '../io.ts'
import type { PacketChannel, PacketRequest, Route, RouteWay } from '../packets.ts'
import { type Libc, loadLibc } from './libc.ts'
import { findRoute } from './netlink-route.ts'
import { packetCalls } from './packet-calls.ts'
import { KernelPacketChannel } from './packet-channel.ts'
import { PacketClock } from './packet-clock.ts'
import { PacketReceiver } from './packet-receiver.ts'
import { type Bound, PacketSender, type SenderParts } from './packet-sender.ts'
import { openPacketSocket } from './packet-socket.ts'
import { untilStamped, wallReader } from './packet-stamps.ts'
import { createReactor, type Reactor } from './reactor.ts'
import { createSocketOptions } from './socket-options.ts'

/** Whole packets by system calls, in a module of its own: most runs of most tools never need it. */
export interface KernelPackets {
  /**
   * Rejects with LocalFault: EPERM without CAP_NET_RAW, which is all that it takes, ENODEV for an unknown interface,
   * EAFNOSUPPORT for a family that this machine does not speak.
   */
  open(request: PacketRequest): Promise<PacketChannel>
  /** Rejects with LocalFault ENETUNREACH, EHOSTUNREACH, EACCES, ENODEV, EADDRNOTAVAIL for a source that is not ours. */
  route(destination: Address, way: RouteWay): Promise<Route>
}

/** What the kernel may keep for us while nobody drains; a probe's answer takes about 800 octets of it. */
const BUFFER_OCTETS = 64 << 20
const LEAST_SNAP = 64
const MOST_SNAP = 65535

interface Parts extends SenderParts {
  readonly clock: Clock
  readonly wall: ReturnType<typeof wallReader>
  readonly bufferOctets: number
  /** Made when it is first needed; all channels share it. */
  reactor?: Reactor
}

/** undefined where there is no koffi or no 64-bit Linux. */
export function kernelPackets(clock: Clock, bufferOctets = BUFFER_OCTETS): KernelPackets | undefined {
  const libc = loadLibc()
  return libc && createKernelPackets(libc, clock, bufferOctets)
}

function createKernelPackets(libc: Libc, clock: Clock, bufferOctets: number): KernelPackets {
  const calls = packetCalls(libc)
  const options = createSocketOptions(libc)
  const parts: Parts = { libc, calls, options, clock, wall: wallReader({ libc, calls }), bufferOctets }
  return {
    open: (request) => open(parts, request),
    route: async (destination, way) => findRoute(parts, destination, way),
  }
}

async function open(parts: Parts, request: PacketRequest): Promise<PacketChannel> {
  const bound = request.interfaceName === undefined ? undefined : find(parts, request.interfaceName)
  const clock = new PacketClock(parts.clock.nowNs, parts.wall)
  const sender = new PacketSender(parts, bound)
  let receiver: PacketReceiver | undefined
  try {
    for (const family of request.families) sender.open(family)
    if (request.sendOnly !== true) {
      receiver = openReceiver(parts, request, bound, clock)
      await untilStamped(parts, parts.clock, parts.wall)
    }
    parts.reactor ??= createReactor(parts.libc)
    const isStampedBothWays = receiver !== undefined && request.departures
    return new KernelPacketChannel({ sender, receiver, clock, reactor: parts.reactor, isStampedBothWays })
  } catch (error) {
    receiver?.close()
    sender.close()
    throw error
  }
}

function openReceiver(
  parts: Parts,
  request: PacketRequest,
  bound: Bound | undefined,
  clock: PacketClock,
): PacketReceiver {
  const { nowNs } = parts.clock
  const fd = openPacketSocket(parts, { ...request, bound, bufferOctets: parts.bufferOctets })
  const snapLength = Math.min(Math.max(request.snapLength, LEAST_SNAP), MOST_SNAP)
  return new PacketReceiver({ ...parts, clock, nowNs }, fd, snapLength)
}

/** @throws LocalFault ENODEV */
function find({ calls }: Parts, name: string): Bound {
  const index = calls.indexOf(name)
  if (index > 0) return { name, index }
  throw new LocalFault('ENODEV', `no network interface called ${name}`, 'interfaceName')
}
