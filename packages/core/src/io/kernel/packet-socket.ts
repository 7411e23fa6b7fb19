import { localFault } from '../local-fault.ts'
import type { PacketRequest } from '../packets.ts'
import { MOST_INSTRUCTIONS, writeProgram } from './bpf.ts'
import { packetFilter } from './bpf-filter.ts'
import { AF, ETH_P_ALL, OPTION, SOCK, SOCK_FILTER, SOCK_FPROG, SOCKADDR_LL } from './layout.ts'
import type { Libc } from './libc.ts'
import { needPrivilege } from './packet-privilege.ts'
import type { Bound, SenderParts } from './packet-sender.ts'

export interface SocketWish extends Pick<PacketRequest, 'families' | 'interests' | 'departures'> {
  readonly bound: Bound | undefined
  /** Octets that the kernel may keep for us, its own records of them included. */
  readonly bufferOctets: number
}

const WHAT = 'packet socket'

/**
 * A packet socket whose data begins at the network header (packet(7), SOCK_DGRAM). It hears nothing until its filter is
 * attached, so nothing that is not of interest ever gets in. @throws LocalFault
 */
export function openPacketSocket({ libc, options }: SenderParts, wish: SocketWish): number {
  const fd = libc.socket(AF.packet, SOCK.datagram | SOCK.nonblock | SOCK.cloexec, 0)
  if (fd < 0) throw needPrivilege(libc.errno())
  try {
    attach(libc, fd, wish)
    options.setNumber(fd, OPTION.lockFilter, 1)
    if (!options.setNumber(fd, OPTION.timestampNs, 1)) throw localFault(libc.errno(), WHAT)
    // Without CAP_NET_ADMIN as much as the system allows (net.core.rmem_max).
    if (!options.setNumber(fd, OPTION.receiveBufferForce, wish.bufferOctets)) {
      options.setNumber(fd, OPTION.receiveBuffer, wish.bufferOctets)
    }
    // Only saves work, and only since Linux 4.20: the filter lets no departures in either.
    if (!wish.departures) options.setNumber(fd, OPTION.ignoreOutgoing, 1)
    bind(libc, fd, wish.bound)
  } catch (error) {
    libc.close(fd)
    throw error
  }
  return fd
}

/** The kernel copies the program during the call. */
function attach(libc: Libc, fd: number, wish: SocketWish): void {
  const program = packetFilter(wish)
  const { at, view } = scratch(libc)
  view.setUint16(SOCK_FPROG.count, program.length, true)
  view.setBigUint64(SOCK_FPROG.filter, at + BigInt(SOCK_FPROG.length), true)
  writeProgram(program, view, SOCK_FPROG.length)
  const { level, name } = OPTION.attachFilter
  if (libc.setsockopt(fd, level, name, at, SOCK_FPROG.length) !== 0) throw localFault(libc.errno(), WHAT)
}

function bind(libc: Libc, fd: number, bound: Bound | undefined): void {
  const { at, view } = scratch(libc)
  for (let i = 0; i < SOCKADDR_LL.length; i++) view.setUint8(i, 0)
  view.setUint16(SOCKADDR_LL.family, AF.packet, true)
  view.setUint16(SOCKADDR_LL.protocol, ETH_P_ALL)
  view.setUint32(SOCKADDR_LL.index, bound?.index ?? 0, true)
  if (libc.bind(fd, at, SOCKADDR_LL.length) === 0) return
  throw localFault(libc.errno(), bound === undefined ? WHAT : `interface ${bound.name}`, 'interfaceName')
}

let memory: { readonly libc: Libc; readonly made: ReturnType<Libc['allocate']> } | undefined

/** Memory for the arguments of one call, shared by all. */
function scratch(libc: Libc): ReturnType<Libc['allocate']> {
  const octets = SOCK_FPROG.length + MOST_INSTRUCTIONS * SOCK_FILTER.length
  if (memory?.libc !== libc) memory = { libc, made: libc.allocate(octets) }
  return memory.made
}
