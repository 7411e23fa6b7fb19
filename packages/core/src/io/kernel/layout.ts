/** Numbers and record layouts of 64-bit little-endian Linux (x86-64 and arm64 alike); offsets in octets. */

export const AF = { inet: 2, inet6: 10 } as const

export const SOCK = { stream: 1, nonblock: 0o4000, cloexec: 0o2000000 } as const

/** socket(7), ip(7), ipv6(7), tcp(7). */
export const OPTION = {
  reuseAddress: { level: 1, name: 2 },
  error: { level: 1, name: 4 },
  linger: { level: 1, name: 13 },
  bindToDevice: { level: 1, name: 25 },
  tos: { level: 0, name: 1 },
  ttl: { level: 0, name: 2 },
  receiveErrors: { level: 0, name: 11 },
  bindAddressNoPort: { level: 0, name: 24 },
  hopLimit: { level: 41, name: 16 },
  receiveErrors6: { level: 41, name: 25 },
  trafficClass: { level: 41, name: 67 },
  tcpInfo: { level: 6, name: 11 },
} as const

export type SocketOption = (typeof OPTION)[keyof typeof OPTION]

/** struct sockaddr_in, ip(7). */
export const SOCKADDR_IN = { family: 0, port: 2, address: 4, length: 16 } as const

/** struct sockaddr_in6, ipv6(7). */
export const SOCKADDR_IN6 = { family: 0, port: 2, address: 8, scope: 24, length: 28 } as const

/** struct tcp_info, linux/tcp.h. `rtt` in microseconds. */
export const TCP_INFO = { state: 0, rtt: 68, totalRetransmits: 100, length: 104 } as const

/** tcpi_state, net/tcp_states.h. */
export const TCP_STATE = { established: 1, synSent: 2, close: 7 } as const

/** struct epoll_event is packed on x86-64 only. */
export function epollEvent(arch: string): { events: number; data: number; length: number } {
  return arch === 'x64' ? { events: 0, data: 4, length: 12 } : { events: 0, data: 8, length: 16 }
}

export const EPOLL = { add: 1, del: 2, in: 1, out: 4, err: 8, hup: 16, cloexec: 0o2000000 } as const

/** struct pollfd, poll(2). */
export const POLLFD = { fd: 0, events: 4, revents: 6, length: 8 } as const

/** struct msghdr, recvmsg(2). */
export const MSGHDR = {
  name: 0,
  nameLength: 8,
  iov: 16,
  iovLength: 24,
  control: 32,
  controlLength: 40,
  flags: 48,
  length: 56,
} as const

export const MSG = { dontWait: 0x40, errorQueue: 0x2000 } as const

/** struct cmsghdr, cmsg(3); items are aligned to 8 octets. */
export const CMSG = { itemLength: 0, level: 8, type: 12, data: 16 } as const

/** struct sock_extended_err, ip(7); the offender's socket address follows at `offender`. */
export const EXTENDED_ERROR = { errno: 0, origin: 4, type: 5, code: 6, offender: 16 } as const

/** ee_origin, linux/errqueue.h. */
export const ORIGIN = { local: 1, icmp: 2, icmp6: 3 } as const
