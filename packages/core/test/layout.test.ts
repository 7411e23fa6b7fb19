import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import * as layout from '../src/io/kernel/layout.ts'

const hasCompiler = spawnSync('cc', ['--version']).status === 0
const isKnown = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch)

const EVENT = layout.epollEvent(process.arch)
const { OPTION } = layout
/** C expressions and the numbers that we use for them. */
const FACTS: Readonly<Record<string, number>> = {
  AF_UNIX: layout.AF.unix,
  SOCK_DGRAM: layout.SOCK.datagram,
  SO_DEBUG: OPTION.debug.name,
  SO_BROADCAST: OPTION.broadcast.name,
  SO_SNDBUF: OPTION.sendBuffer.name,
  SO_RCVBUF: OPTION.receiveBuffer.name,
  SO_REUSEPORT: OPTION.reusePort.name,
  IP_MINTTL: OPTION.minTtl.name,
  IPV6_MINHOPCOUNT: OPTION.minHopLimit.name,
  TCP_MD5SIG_EXT: OPTION.md5.name,
  TCP_MD5SIG_FLAG_PREFIX: layout.MD5_PREFIX,
  'offsetof(struct tcp_md5sig, tcpm_flags)': layout.MD5SIG.flags,
  'offsetof(struct tcp_md5sig, tcpm_prefixlen)': layout.MD5SIG.prefixLength,
  'offsetof(struct tcp_md5sig, tcpm_keylen)': layout.MD5SIG.keyLength,
  'offsetof(struct tcp_md5sig, tcpm_key)': layout.MD5SIG.key,
  'sizeof(struct tcp_md5sig)': layout.MD5SIG.length,
  'offsetof(struct sockaddr_un, sun_path)': layout.SOCKADDR_UN.path,
  'sizeof(struct sockaddr_un)': layout.SOCKADDR_UN.length,
  EPOLL_CTL_MOD: layout.EPOLL.change,
  EPOLLIN: layout.EPOLL.in,
  EPOLLONESHOT: layout.EPOLL.once,
  'offsetof(struct iovec, iov_len)': layout.IOVEC.size,
  'sizeof(struct iovec)': layout.IOVEC.length,
  MSG_PEEK: layout.MSG.peek,
  MSG_NOSIGNAL: layout.MSG.noSignal,
  SCM_RIGHTS: layout.RIGHTS.type,
  AF_INET: layout.AF.inet,
  AF_INET6: layout.AF.inet6,
  SOCK_STREAM: layout.SOCK.stream,
  SOCK_NONBLOCK: layout.SOCK.nonblock,
  SOCK_CLOEXEC: layout.SOCK.cloexec,
  SO_REUSEADDR: OPTION.reuseAddress.name,
  SO_ERROR: OPTION.error.name,
  SO_LINGER: OPTION.linger.name,
  SO_BINDTODEVICE: OPTION.bindToDevice.name,
  SOL_SOCKET: OPTION.error.level,
  IP_TOS: OPTION.tos.name,
  IP_TTL: OPTION.ttl.name,
  IP_RECVERR: OPTION.receiveErrors.name,
  IP_BIND_ADDRESS_NO_PORT: OPTION.bindAddressNoPort.name,
  IPV6_UNICAST_HOPS: OPTION.hopLimit.name,
  IPV6_RECVERR: OPTION.receiveErrors6.name,
  IPV6_TCLASS: OPTION.trafficClass.name,
  IPPROTO_IPV6: OPTION.trafficClass.level,
  IPPROTO_TCP: OPTION.tcpInfo.level,
  TCP_INFO: OPTION.tcpInfo.name,
  TCP_ESTABLISHED: layout.TCP_STATE.established,
  TCP_SYN_SENT: layout.TCP_STATE.synSent,
  TCP_CLOSE: layout.TCP_STATE.close,
  'offsetof(struct tcp_info, tcpi_state)': layout.TCP_INFO.state,
  'offsetof(struct tcp_info, tcpi_rtt)': layout.TCP_INFO.rtt,
  'offsetof(struct tcp_info, tcpi_total_retrans)': layout.TCP_INFO.totalRetransmits,
  'offsetof(struct sockaddr_in, sin_port)': layout.SOCKADDR_IN.port,
  'offsetof(struct sockaddr_in, sin_addr)': layout.SOCKADDR_IN.address,
  'sizeof(struct sockaddr_in)': layout.SOCKADDR_IN.length,
  'offsetof(struct sockaddr_in6, sin6_port)': layout.SOCKADDR_IN6.port,
  'offsetof(struct sockaddr_in6, sin6_addr)': layout.SOCKADDR_IN6.address,
  'offsetof(struct sockaddr_in6, sin6_scope_id)': layout.SOCKADDR_IN6.scope,
  'sizeof(struct sockaddr_in6)': layout.SOCKADDR_IN6.length,
  'offsetof(struct epoll_event, data)': EVENT.data,
  'sizeof(struct epoll_event)': EVENT.length,
  EPOLL_CTL_ADD: layout.EPOLL.add,
  EPOLL_CTL_DEL: layout.EPOLL.del,
  EPOLLOUT: layout.EPOLL.out,
  EPOLLERR: layout.EPOLL.err,
  EPOLLHUP: layout.EPOLL.hup,
  EPOLL_CLOEXEC: layout.EPOLL.cloexec,
  'offsetof(struct pollfd, events)': layout.POLLFD.events,
  'offsetof(struct pollfd, revents)': layout.POLLFD.revents,
  'sizeof(struct pollfd)': layout.POLLFD.length,
  'offsetof(struct msghdr, msg_namelen)': layout.MSGHDR.nameLength,
  'offsetof(struct msghdr, msg_iov)': layout.MSGHDR.iov,
  'offsetof(struct msghdr, msg_control)': layout.MSGHDR.control,
  'offsetof(struct msghdr, msg_controllen)': layout.MSGHDR.controlLength,
  'sizeof(struct msghdr)': layout.MSGHDR.length,
  MSG_DONTWAIT: layout.MSG.dontWait,
  MSG_ERRQUEUE: layout.MSG.errorQueue,
  'offsetof(struct cmsghdr, cmsg_level)': layout.CMSG.level,
  'offsetof(struct cmsghdr, cmsg_type)': layout.CMSG.type,
  'sizeof(struct cmsghdr)': layout.CMSG.data,
  'offsetof(struct sock_extended_err, ee_origin)': layout.EXTENDED_ERROR.origin,
  'offsetof(struct sock_extended_err, ee_type)': layout.EXTENDED_ERROR.type,
  'offsetof(struct sock_extended_err, ee_code)': layout.EXTENDED_ERROR.code,
  'sizeof(struct sock_extended_err)': layout.EXTENDED_ERROR.offender,
  SO_EE_ORIGIN_LOCAL: layout.ORIGIN.local,
  SO_EE_ORIGIN_ICMP: layout.ORIGIN.icmp,
  SO_EE_ORIGIN_ICMP6: layout.ORIGIN.icmp6,
  ECONNREFUSED: constants.errno.ECONNREFUSED,
}

const HEADERS = [
  'stddef.h',
  'stdio.h',
  'errno.h',
  'poll.h',
  'sys/epoll.h',
  'sys/socket.h',
  'netinet/in.h',
  'netinet/tcp.h',
]
const MORE_HEADERS = ['linux/types.h', 'time.h', 'linux/errqueue.h', 'sys/un.h', 'sys/uio.h', 'linux/in6.h']

it.skipIf(!hasCompiler || !isKnown)(
  `agrees with the system headers on every number (needs 64-bit Linux${hasCompiler ? '' : '; skipped: no C compiler'})`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'portkit-layout-'))
    try {
      const includes = [...HEADERS, ...MORE_HEADERS].map((header) => `#include <${header}>`)
      const prints = Object.keys(FACTS).map((fact) => `printf("%ld\\n", (long)(${fact}));`)
      const source = ['#define _GNU_SOURCE', ...includes, 'int main(void) {', ...prints, 'return 0; }'].join(
        '\n',
      )
      writeFileSync(join(folder, 'facts.c'), source)
      execFileSync('cc', ['-o', join(folder, 'facts'), join(folder, 'facts.c')], { stdio: 'pipe' })
      const numbers = execFileSync(join(folder, 'facts'), { encoding: 'utf8' }).trim().split('\n').map(Number)
      expect(Object.fromEntries(Object.keys(FACTS).map((fact, i) => [fact, numbers[i]]))).toEqual(FACTS)
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)
