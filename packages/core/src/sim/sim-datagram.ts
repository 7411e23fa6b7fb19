import { localFault } from '../io/local-fault.ts'
import { type DatagramSocket, StreamFault } from '../io/streams.ts'
import type { Endpoint } from '../model/target.ts'
import { isRefusal, type SimIcmp } from './sim-icmp.ts'
import { sameEndpoint } from './sim-names.ts'
import { copyOf } from './sim-stream.ts'

interface Datagram {
  readonly from: Endpoint
  readonly octets: Uint8Array
}

/** What a simulated datagram socket needs of its network. */
export interface DatagramRoutes {
  /** @throws LocalFault where nothing is at that address */
  check(peer: Endpoint): void
  send(from: SimDatagramSocket, to: Endpoint, octets: Uint8Array): void
  closed(socket: SimDatagramSocket): void
}

/**
 * A datagram socket: connected, it hears its peer only. A refusal breaks it for good; other ICMP errors are only kept for
 * `takeIcmp`, where they were asked for.
 */
export class SimDatagramSocket implements DatagramSocket {
  readonly local: Endpoint
  readonly broken: Promise<string>
  readonly #routes: DatagramRoutes
  readonly #keepsIcmp: boolean
  #remote: Endpoint | undefined
  #inbox: Datagram[] = []
  readonly #icmp: SimIcmp[] = []
  #fault: string | undefined
  #open = true
  /** Resolved whenever something has happened. */
  #wake: (() => void)[] = []
  #lent: Uint8Array | undefined
  #break: (code: string) => void = () => {}

  constructor(routes: DatagramRoutes, local: Endpoint, remote: Endpoint | undefined, keepsIcmp: boolean) {
    this.#routes = routes
    this.#keepsIcmp = keepsIcmp
    this.broken = new Promise((resolve) => {
      this.#break = resolve
    })
    this.local = local
    this.#remote = remote
  }

  get remote(): Endpoint {
    return this.#remote ?? { address: '', port: 0 }
  }

  async read(most: number): Promise<Uint8Array | undefined> {
    this.#lent?.fill(0xa5)
    this.#lent = undefined
    const datagram = await this.#first()
    if (datagram === undefined) return undefined
    this.#inbox.shift()
    this.#lent = copyOf(datagram.octets, 0, most)
    return this.#lent
  }

  async sender(signal?: AbortSignal): Promise<Endpoint> {
    const datagram = await this.#first(signal)
    if (datagram === undefined) throw new StreamFault('EBADF')
    return datagram.from
  }

  async write(octets: Uint8Array): Promise<void> {
    if (!this.#open) throw new StreamFault('EBADF')
    this.#throwFault()
    if (this.#remote === undefined) throw new StreamFault('EDESTADDRREQ')
    if (octets.length > MOST) throw new StreamFault('EMSGSIZE')
    this.#routes.send(this, this.#remote, copyOf(octets))
  }

  async sendTo(octets: Uint8Array, to: Endpoint): Promise<void> {
    if (!this.#open) throw new StreamFault('EBADF')
    if (this.#remote !== undefined) throw new StreamFault('EISCONN')
    if (octets.length > MOST) throw new StreamFault('EMSGSIZE')
    if (!this.#reaches(to)) throw new StreamFault('EINVAL')
    this.#routes.send(this, to, copyOf(octets))
  }

  async connect(peer: Endpoint): Promise<void> {
    if (!this.#open) throw localFault('EBADF', 'connect on a closed socket', 'connect')
    this.#routes.check(peer)
    this.#remote = peer
    this.#inbox = this.#inbox.filter(({ from }) => sameEndpoint(from, peer))
  }

  takeIcmp(): SimIcmp | undefined {
    return this.#icmp.shift()
  }

  endWrite(): void {}

  close(): void {
    if (!this.#open) return
    this.#open = false
    this.#inbox = []
    this.#routes.closed(this)
    this.#wakeAll()
  }

  /** A datagram comes in; those of others than the peer are dropped. */
  deliver(from: Endpoint, octets: Uint8Array): void {
    if (!this.#open || (this.#remote !== undefined && !sameEndpoint(from, this.#remote))) return
    this.#inbox.push({ from, octets })
    this.#wakeAll()
  }

  /** An ICMP error comes in for a datagram to this peer. */
  refuse(peer: Endpoint, icmp: SimIcmp): void {
    if (!this.#open || this.#remote === undefined || !sameEndpoint(peer, this.#remote)) return
    if (this.#keepsIcmp) this.#icmp.push(icmp)
    if (!isRefusal(icmp, peer.address.includes(':') ? 6 : 4)) return
    this.#fault = 'ECONNREFUSED'
    this.#break(this.#fault)
    this.#wakeAll()
  }

  /** By UDP only its own family; by UNIX datagrams any path. */
  #reaches({ address, port }: Endpoint): boolean {
    if (this.local.port === 0) return true
    return port !== 0 && address.includes(':') === this.local.address.includes(':')
  }

  #wakeAll(): void {
    for (const wake of this.#wake.splice(0)) wake()
  }

  #throwFault(): void {
    if (this.#fault !== undefined) throw new StreamFault(this.#fault)
  }

  /** The next datagram, left where it is; undefined once the socket is closed. */
  async #first(signal?: AbortSignal): Promise<Datagram | undefined> {
    for (;;) {
      signal?.throwIfAborted()
      const first = this.#inbox[0]
      if (first !== undefined || !this.#open) return first
      this.#throwFault()
      await new Promise<void>((resolve) => {
        this.#wake.push(resolve)
        signal?.addEventListener('abort', () => resolve(), { once: true })
      })
    }
  }
}

/** Octets of the largest UDP datagram over IPv4 (RFC 768, RFC 791). */
const MOST = 65_507
