/** Numbers and record layouts of 64-bit little-endian Linux (x86-64 and arm64 alike); offsets in octets. */

export const AF = { unix: 1, inet: 2, inet6: 10, netlink: 16, packet: 17 } as const

export const SOCK = { stream: 1, datagram: 2, raw: 3, nonblock: 0o4000, cloexec: 0o2000000 } as const

/** socket(7), ip(7), ipv6(7), tcp(7), packet(7). */
export const OPTION = {
  debug: { level: 1, name: 1 },
  reuseAddress: { level: 1, name: 2 },
  error: { level: 1, name: 4 },
  broadcast: { level: 1, name: 6 },
  sendBuffer: { level: 1, name: 7 },
  receiveBuffer: { level: 1, name: 8 },
  linger: { level: 1, name: 13 },
  reusePort: { level: 1, name: 15 },
  bindToDevice: { level: 1, name: 25 },
  attachFilter: { level: 1, name: 26 },
  sendBufferForce: { level: 1, name: 32 },
  receiveBufferForce: { level: 1, name: 33 },
  timestampNs: { level: 1, name: 35 },
  lockFilter: { level: 1, name: 44 },
  tos: { level: 0, name: 1 },
  ttl: { level: 0, name: 2 },
  receiveErrors: { level: 0, name: 11 },
  minTtl: { level: 0, name: 21 },
  bindAddressNoPort: { level: 0, name: 24 },
  hopLimit: { level: 41, name: 16 },
  receiveErrors6: { level: 41, name: 25 },
  trafficClass: { level: 41, name: 67 },
  minHopLimit: { level: 41, name: 73 },
  tcpInfo: { level: 6, name: 11 },
  md5: { level: 6, name: 32 },
  packetStatistics: { level: 263, name: 6 },
  ignoreOutgoing: { level: 263, name: 23 },
} as const

export type SocketOption = (typeof OPTION)[keyof typeof OPTION]

/** struct sockaddr_in, ip(7). */
export const SOCKADDR_IN = { family: 0, port: 2, address: 4, length: 16 } as const

/** struct sockaddr_in6, ipv6(7). */
export const SOCKADDR_IN6 = { family: 0, port: 2, address: 8, scope: 24, length: 28 } as const

/** struct sockaddr_un, unix(7). */
export const SOCKADDR_UN = { family: 0, path: 2, length: 110 } as const

/** struct sockaddr_ll, packet(7); `protocol` is big-endian. */
export const SOCKADDR_LL = {
  family: 0,
  protocol: 2,
  index: 4,
  packetType: 10,
  addressLength: 11,
  address: 12,
  length: 20,
} as const

/** sll_pkttype, linux/if_packet.h: how the packet passed this machine. */
export const PACKET_TYPE = { host: 0, broadcast: 1, otherHost: 3, outgoing: 4 } as const

/** struct tpacket_stats, packet(7); read and set back to zero at once. */
export const PACKET_STATISTICS = { drops: 4, length: 8 } as const

/** struct tcp_md5sig, linux/tcp.h: the peer as a socket address, then which part of it counts. */
export const MD5SIG = {
  peer: 0,
  flags: 128,
  prefixLength: 129,
  keyLength: 130,
  interfaceIndex: 132,
  key: 136,
  length: 216,
} as const

/** tcpm_flags: `prefixLength` says how much of the peer's address counts. */
export const MD5_PREFIX = 1

/** struct tcp_info, linux/tcp.h. `rtt` in microseconds. */
export const TCP_INFO = { state: 0, rtt: 68, totalRetransmits: 100, length: 104 } as const

/** tcpi_state, net/tcp_states.h. */
export const TCP_STATE = { established: 1, synSent: 2, close: 7 } as const

/** struct epoll_event is packed on x86-64 only. */
export function epollEvent(arch: string): { events: number; data: number; length: number } {
  return arch === 'x64' ? { events: 0, data: 4, length: 12 } : { events: 0, data: 8, length: 16 }
}

export const EPOLL = {
  add: 1,
  del: 2,
  change: 3,
  in: 1,
  out: 4,
  err: 8,
  hup: 16,
  once: 0x40000000,
  cloexec: 0o2000000,
} as const

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

/** struct mmsghdr, recvmmsg(2): a struct msghdr and how many octets were received or sent. */
export const MMSGHDR = { octets: 56, length: 64 } as const

/** struct timespec, clock_gettime(2). */
export const TIMESPEC = { seconds: 0, nanoseconds: 8, length: 16 } as const

export const CLOCK_REALTIME = 0

/** struct sock_filter and struct sock_fprog, linux/filter.h. */
export const SOCK_FILTER = { code: 0, jt: 2, jf: 3, k: 4, length: 8 } as const
export const SOCK_FPROG = { count: 0, filter: 8, length: 16 } as const

/** The protocol number of whole packets, header included (raw(7)), and the one for all packets (packet(7)). */
export const IPPROTO_RAW = 255
export const ETH_P_ALL = 3

/** struct iovec, readv(2). */
export const IOVEC = { base: 0, size: 8, length: 16 } as const

export const MSG = { peek: 2, truncate: 0x20, dontWait: 0x40, errorQueue: 0x2000, noSignal: 0x4000 } as const

/** struct cmsghdr, cmsg(3); items are aligned to 8 octets. */
export const CMSG = { itemLength: 0, level: 8, type: 12, data: 16 } as const

/** struct in_pktinfo in control data, ip(7): the interface that a packet leaves by. */
export const PACKET_INFO = { level: 0, type: 8, index: 0, length: 12 } as const

/** struct ifreq, netdevice(7): with a hardware address its type (1 for Ethernet) and its octets, or with the MTU. */
export const IFREQ = { name: 0, hardwareType: 16, hardwareAddress: 18, mtu: 16, length: 40 } as const
export const SIOCGIFMTU = 0x8921
export const SIOCGIFHWADDR = 0x8927

/** rtnetlink(7): struct nlmsghdr, struct nlmsgerr, struct rtmsg, struct rtattr, and their numbers. */
export const NLMSG = { size: 0, type: 4, flags: 6, sequence: 8, data: 16 } as const
export const NLMSG_TYPE = { error: 2, newRoute: 24, getRoute: 26 } as const
export const NLM_REQUEST = 1
export const RTMSG = { family: 0, destinationBits: 1, sourceBits: 2, kind: 7, length: 12 } as const
export const RTA = { size: 0, type: 2, data: 4 } as const
export const RTA_TYPE = {
  destination: 1,
  source: 2,
  outInterface: 4,
  gateway: 5,
  preferredSource: 7,
  metrics: 8,
  via: 18,
} as const
/** The attribute within RTA_METRICS. */
export const RTAX_MTU = 2
export const RTN = { blackhole: 6, unreachable: 7, prohibit: 8 } as const

/** Descriptors in control data, unix(7). */
export const RIGHTS = { level: 1, type: 1 } as const

/** struct sock_extended_err, ip(7); the offender's socket address follows at `offender`. */
export const EXTENDED_ERROR = { errno: 0, origin: 4, type: 5, code: 6, offender: 16 } as const

/** ee_origin, linux/errqueue.h. */
export const ORIGIN = { local: 1, icmp: 2, icmp6: 3 } as const
