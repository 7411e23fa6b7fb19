import { LocalFault } from '../../model/errors.ts'
import type { Endpoint } from '../../model/target.ts'
import { localFault } from '../local-fault.ts'
import { type DatagramSocket, StreamFault } from '../streams.ts'
import type { QueuedError } from './error-queue.ts'
import { MSG } from './layout.ts'
import type { Libc } from './libc.ts'
import type { Reactor } from './reactor.ts'
import { sendToOf } from './send-to.ts'
import { createWaits, type Waits } from './waits.ts'

/** No more of one datagram than this is taken in. */
const MOST = 65536
const MOST_ADDRESS = 112
const MOST_ICMP = 16
const AT = { address: 0, length: MOST_ADDRESS, octets: 120, to: 120 + MOST, end: 120 + MOST + 120 } as const

export type DatagramMemory = ReturnType<Libc['allocate']>

/** What differs between UDP and UNIX datagrams. */
export interface DatagramKind {
  /** Writes a peer's address at the start of the memory; gives its length in octets. @throws LocalFault about `connect` */
  writeAddress(view: DataView, peer: Endpoint): number
  /** The address of that length at the start of the memory. */
  readAddress(view: DataView, length: number): Endpoint
  /** Takes the pending error's number: 0 for none. */
  takeError(fd: number): number
  takeIcmp(fd: number): QueuedError | undefined
}

/** Memory of closed sockets: it is never freed, so it is used again. */
const spare: DatagramMemory[] = []

export function datagramMemory(libc: Libc): DatagramMemory {
  return spare.pop() ?? libc.allocate(AT.end)
}

export function giveBack(memory: DatagramMemory): void {
  spare.push(memory)
}

/** Linux's ECONNREFUSED: the only ICMP error that ends a datagram socket's use, as in nc. */
const ECONNREFUSED = 111

const NOW = MSG.dontWait | MSG.noSignal

export interface DatagramParts {
  readonly libc: Libc
  readonly reactor: Reactor
  readonly kind: DatagramKind
  readonly memory: DatagramMemory
}

/** A datagram socket of system calls, bound or connected already; it owns its descriptor and its memory. */
export class KernelDatagram implements DatagramSocket {
  readonly local: Endpoint
  readonly broken: Promise<string>
  readonly #parts: DatagramParts
  readonly #fd: number
  readonly #waits: Waits
  readonly #icmp: QueuedError[] = []
  #remote: Endpoint
  /** Set by `connect` after `sender`: what others sent before is still in the system's queue. */
  #only: Endpoint | undefined
  #connected: boolean
  #asked = false
  #fault: string | undefined
  #open = true
  #break: (code: string) => void = () => {}

  constructor(parts: DatagramParts, fd: number, local: Endpoint, remote: Endpoint) {
    this.#parts = parts
    this.#fd = fd
    this.#waits = createWaits(parts.reactor, fd)
    this.local = local
    this.#remote = remote
    this.#connected = remote.port !== 0
    this.broken = new Promise((resolve) => {
      this.#break = resolve
    })
    parts.reactor.add(fd, () => this.#look(), 'error')
  }

  get remote(): Endpoint {
    return this.#remote
  }

  async read(most: number): Promise<Uint8Array | undefined> {
    const { view } = this.#parts.memory
    for (;;) {
      const length = await this.#receive(Math.min(most, MOST), 0)
      if (length === undefined) return undefined
      // A copy, because the memory goes to another socket after this one is closed.
      if (this.#counts()) return new Uint8Array(view.buffer, view.byteOffset + AT.octets, length).slice()
    }
  }

  async write(octets: Uint8Array): Promise<void> {
    // An ICMP error for an earlier datagram may be told instead of sending; the second try sends.
    const errno = (await this.#send(octets)) && (await this.#send(octets))
    if (errno !== undefined) throw new StreamFault(errno)
  }

  async sendTo(octets: Uint8Array, to: Endpoint): Promise<void> {
    if (this.#connected) throw new StreamFault('EISCONN')
    const errno = await this.#send(octets, to).catch(asStreamFault)
    if (errno !== undefined) throw new StreamFault(errno)
  }

  async sender(signal?: AbortSignal): Promise<Endpoint> {
    const length = await this.#receive(1, MSG.peek, signal)
    if (length === undefined) throw new StreamFault('EBADF')
    this.#asked = true
    return this.#from()
  }

  async connect(peer: Endpoint): Promise<void> {
    const { libc, kind, memory } = this.#parts
    const octets = kind.writeAddress(memory.view, peer)
    if (!this.#open) throw localFault('EBADF', 'connect on a closed socket', 'connect')
    if (libc.connect(this.#fd, memory.at, octets) !== 0) {
      throw localFault(libc.errno(), `connect to ${peer.address}`, 'connect')
    }
    this.#remote = peer
    this.#connected = true
    if (this.#asked) this.#only = peer
  }

  takeIcmp(): QueuedError | undefined {
    this.#collect()
    return this.#icmp.shift()
  }

  endWrite(): void {}

  close(): void {
    if (!this.#open) return
    this.#open = false
    this.#waits.end()
    this.#parts.reactor.remove(this.#fd)
    this.#parts.libc.close(this.#fd)
    giveBack(this.#parts.memory)
  }

  /** The errno's name if the datagram was not sent. */
  async #send(octets: Uint8Array, to?: Endpoint): Promise<string | undefined> {
    const { libc } = this.#parts
    for (;;) {
      if (this.#fault !== undefined || !this.#open) return this.#fault ?? 'EBADF'
      const sent = to === undefined ? libc.send(this.#fd, octets, octets.length, NOW) : this.#aim(octets, to)
      if (sent >= 0) return undefined
      const errno = libc.errno()
      this.#heard(errno)
      if (errno !== 'EAGAIN') return errno
      await this.#waits.ready('out')
    }
  }

  /** Sends to that address, or gives -1. Memory of its own: a sender's address may be waiting to be read. */
  #aim(octets: Uint8Array, to: Endpoint): number {
    const { libc, kind, memory } = this.#parts
    const { buffer, byteOffset } = memory.view
    const length = kind.writeAddress(new DataView(buffer, byteOffset + AT.to), to)
    return sendToOf(libc)(this.#fd, octets, octets.length, NOW, memory.at + BigInt(AT.to), length)
  }

  /** Octets of the next datagram, at most `most`, that are in memory now; undefined once the socket is closed. */
  async #receive(most: number, flags: number, signal?: AbortSignal): Promise<number | undefined> {
    const { libc, memory } = this.#parts
    const { at, view } = memory
    for (;;) {
      signal?.throwIfAborted()
      if (!this.#open) return undefined
      view.setUint32(AT.length, MOST_ADDRESS, true)
      const from = at + BigInt(AT.length)
      const octets = at + BigInt(AT.octets)
      const length = libc.recvfrom(this.#fd, octets, most, flags | MSG.dontWait, at, from)
      if (length >= 0) return length
      const errno = libc.errno()
      if (this.#heard(errno) || this.#fault !== undefined) throw new StreamFault(this.#fault ?? errno)
      if (errno === 'EAGAIN') await this.#waits.ready('in', signal)
    }
  }

  #from(): Endpoint {
    const { kind, memory } = this.#parts
    return kind.readAddress(memory.view, memory.view.getUint32(AT.length, true))
  }

  #counts(): boolean {
    if (this.#only === undefined) return true
    const { address, port } = this.#from()
    return address === this.#only.address && port === this.#only.port
  }

  /** Whether the errno means that nobody is there; all ICMP errors are put aside for whoever asks. */
  #heard(errno: string): boolean {
    this.#collect()
    if (errno !== 'ECONNREFUSED') return false
    this.#fault ??= errno
    this.#break(errno)
    return true
  }

  /** The error is fetched before the queue is emptied, because Linux forgets it then. */
  #look(): void {
    if (!this.#open) return
    const refused = this.#parts.kind.takeError(this.#fd) === ECONNREFUSED
    if (this.#heard(refused ? 'ECONNREFUSED' : '')) this.#waits.end()
  }

  #collect(): void {
    if (!this.#open) return
    for (let icmp = this.#take(); icmp !== undefined; icmp = this.#take()) {
      if (this.#icmp.length < MOST_ICMP) this.#icmp.push(icmp)
    }
  }

  #take(): QueuedError | undefined {
    return this.#parts.kind.takeIcmp(this.#fd)
  }
}

/** An address that cannot be written fails the datagram as the system would. */
function asStreamFault(error: unknown): never {
  throw error instanceof LocalFault ? new StreamFault(error.code) : error
}
