import type { Libc, Pointer } from './libc.ts'

/** The C calls that only packets need. Those that fail return -1 (0 for an index) and leave the reason in `errno()`. */
export interface PacketCalls {
  sendmmsg(fd: number, messages: Pointer, count: number, flags: number): number
  recvmmsg(fd: number, messages: Pointer, count: number, flags: number, timeout: null): number
  clockGettime(clock: number, time: Pointer): number
  ioctl(fd: number, request: number, argument: Pointer): number
  /** if_nametoindex(3): in the network namespace of this process, whatever /sys shows. */
  indexOf(name: string): number
  /** if_indextoname(3): writes at most 16 octets. null when there is no such interface. */
  nameOf(index: number, name: Pointer): unknown
}

let bound: { readonly libc: Libc; readonly calls: PacketCalls } | undefined

export function packetCalls(libc: Libc): PacketCalls {
  if (bound?.libc !== libc) bound = { libc, calls: bindCalls(libc) }
  return bound.calls
}

function bindCalls(libc: Libc): PacketCalls {
  return {
    sendmmsg: libc.bindMore('int sendmmsg(int, void *, unsigned int, int)'),
    recvmmsg: libc.bindMore('int recvmmsg(int, void *, unsigned int, int, void *)'),
    clockGettime: libc.bindMore('int clock_gettime(int, void *)'),
    ioctl: libc.bindMore('int ioctl(int, unsigned long, void *)'),
    indexOf: libc.bindMore('unsigned int if_nametoindex(const char *)'),
    nameOf: libc.bindMore('void *if_indextoname(unsigned int, void *)'),
  }
}
