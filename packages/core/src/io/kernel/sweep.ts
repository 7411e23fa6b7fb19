import type { Clock, ConnectFact, Sweep, SweepRequest } from '../io.ts'
import type { QueuedError } from './error-queue.ts'
import { ERRNO, gather, judge } from './judge.ts'
import { AF, SOCK, SOCKADDR_IN, SOCKADDR_IN6, TCP_STATE } from './layout.ts'
import type { Libc } from './libc.ts'
import type { PendingSlot } from './pending.ts'
import { readSockaddr, writeSockaddr } from './sockaddr.ts'
import type { TcpSockets } from './socket.ts'

/** Longer waits cost less asleep. */
const PATIENCE_NS = 2e5
const AT = { address: 0, length: 32, end: 40 } as const
/** What is left of a connection attempt that failed: it had one SYN, since a second one takes a second. */
const ENDED = { state: TCP_STATE.close, rttNs: 0, syns: 1 } as const
const WHAT = 'connect'

export interface SweepParts {
  readonly libc: Libc
  readonly clock: Clock
  readonly sockets: TcpSockets
  readonly takeIcmp: (fd: number) => QueuedError | undefined
  readonly pending: PendingSlot
}

/**
 * Asks port after port with as little work as can be. A refused port takes two calls of connect() and no new socket:
 * the second call fetches the answer, and Linux then makes the socket as good as new (tcp_disconnect).
 */
export class KernelSweep implements Sweep {
  readonly #parts: SweepParts
  readonly #target: SweepRequest
  readonly #memory: ReturnType<Libc['allocate']>
  readonly #length: number
  #fd: number | undefined
  #patienceNs = PATIENCE_NS

  /** @throws LocalFault ENODEV for the zone of an interface that is not there */
  constructor(parts: SweepParts, target: SweepRequest) {
    this.#parts = parts
    this.#target = target
    this.#memory = parts.libc.allocate(AT.end)
    this.#length = writeSockaddr(this.#memory.view, AT.address, target, 0)
  }

  look(port: number): ConnectFact | undefined {
    const { clock, sockets, pending } = this.#parts
    pending.clear()
    this.#fd ??= sockets.open({ ...this.#target, port })
    const fd = this.#fd
    this.#memory.view.setUint16(SOCKADDR_IN.port, port)
    const startNs = clock.nowNs()
    const errno = this.#knock(fd, startNs)
    const elapsedNs = clock.nowNs() - startNs
    if (errno === ERRNO.EALREADY) {
      // A host that is far or silent is soon not waited for at all.
      this.#patienceNs /= 2
      this.#fd = undefined
      const request = { ...this.#target, port }
      pending.put({ fd, startNs, errno: ERRNO.EINPROGRESS, seenNs: undefined, request })
      return undefined
    }
    this.#patienceNs = PATIENCE_NS
    return this.#judge(fd, errno, elapsedNs)
  }

  end(): void {
    this.#parts.pending.clear()
    this.#drop('fin')
  }

  /** The errno of the answer, 0 for a handshake, EALREADY while there is none; undefined for a failure of this machine. */
  #knock(fd: number, startNs: number): number | undefined {
    let errno = this.#connect(fd)
    if (errno !== ERRNO.EINPROGRESS) return errno === 0 || errno === ERRNO.ECONNREFUSED ? errno : undefined
    do errno = this.#connect(fd)
    while (errno === ERRNO.EALREADY && this.#parts.clock.nowNs() - startNs < this.#patienceNs)
    return errno
  }

  #connect(fd: number): number {
    const { libc } = this.#parts
    return libc.connect(fd, this.#memory.at, this.#length) === 0 ? 0 : libc.errnoNumber()
  }

  #judge(fd: number, errno: number | undefined, elapsedNs: number): ConnectFact | undefined {
    let fact: ConnectFact | undefined
    try {
      fact = errno === 0 ? this.#handshake(fd, elapsedNs) : this.#failure(fd, errno, elapsedNs)
      return fact
    } finally {
      if (fact?.kind !== 'refused') this.#drop(this.#target.close)
    }
  }

  #handshake(fd: number, elapsedNs: number): ConnectFact | undefined {
    return judge(
      gather(this.#parts.sockets, () => undefined, fd, elapsedNs),
      WHAT,
    )
  }

  /** Faults of this machine, and connections that were reset at once, are left to the ordinary way, which tells more. */
  #failure(fd: number, error: number | undefined, elapsedNs: number): ConnectFact | undefined {
    if (error === undefined || error === ERRNO.ECONNRESET || error === ERRNO.EPIPE) return undefined
    const icmp = this.#parts.takeIcmp(fd)
    const local = { address: icmp === undefined ? '' : this.#localAddress(), port: 0 }
    return judge({ error, info: ENDED, local, elapsedNs, takeIcmp: () => icmp }, WHAT)
  }

  /** The address that packets to the target leave by, from a datagram socket that sends none. */
  #localAddress(): string {
    const { libc } = this.#parts
    const { sourceAddress, family } = this.#target
    if (sourceAddress !== undefined) return sourceAddress
    const fd = libc.socket(family === 4 ? AF.inet : AF.inet6, SOCK.datagram | SOCK.cloexec, 0)
    const { at, view } = libc.allocate(AT.end)
    view.setUint32(AT.length, SOCKADDR_IN6.length, true)
    const known =
      libc.connect(fd, this.#memory.at, this.#length) === 0 &&
      libc.getsockname(fd, at, at + BigInt(AT.length)) === 0
    libc.close(fd)
    return (known ? readSockaddr(view, AT.address)?.address : undefined) ?? ''
  }

  #drop(how: 'fin' | 'rst'): void {
    if (this.#fd !== undefined) this.#parts.sockets.close(this.#fd, how)
    this.#fd = undefined
  }
}
