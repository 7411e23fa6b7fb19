import type { Socket } from 'node:dgram'
import { type Endpoint, formatEndpoint } from '../../model/target.ts'
import { localFault } from '../local-fault.ts'
import { type DatagramSocket, StreamFault } from '../streams.ts'

/** What waits to be read is bounded as a kernel's receive buffer is: the rest is lost. */
const MOST_DATAGRAMS = 256
const MOST_OCTETS = 4 * 1024 * 1024

interface Datagram {
  readonly octets: Uint8Array
  readonly from: Endpoint
}

/** A UDP socket of node:dgram, bound or connected already. */
export class SocketOfDatagrams implements DatagramSocket {
  readonly local: Endpoint
  readonly broken: Promise<string>
  remote: Endpoint
  readonly #socket: Socket
  readonly #queue: Datagram[] = []
  #queued = 0
  #connected: boolean
  /** Set by `connect`: what others sent before is still on its way through the system. */
  #peer: Endpoint | undefined
  #fault: string | undefined
  #closed = false
  #wake: () => void = () => {}
  #break: (code: string) => void = () => {}

  constructor(socket: Socket, local: Endpoint, remote: Endpoint) {
    this.#socket = socket
    this.local = local
    this.remote = remote
    this.#connected = remote.port !== 0
    this.broken = new Promise((resolve) => {
      this.#break = resolve
    })
    socket.on('message', (octets, { address, port }) => this.#arrived({ octets, from: { address, port } }))
    socket.on('error', (error: NodeJS.ErrnoException) => this.#heard(error.code))
  }

  async read(most: number): Promise<Uint8Array | undefined> {
    await this.#arrival()
    const first = this.#queue.shift()
    if (first !== undefined) {
      this.#queued -= first.octets.length
      return first.octets.subarray(0, most)
    }
    if (this.#closed) return undefined
    throw new StreamFault(this.#fault ?? 'EIO')
  }

  async sender(signal?: AbortSignal): Promise<Endpoint> {
    signal?.throwIfAborted()
    const abort = (): void => this.#wake()
    signal?.addEventListener('abort', abort, { once: true })
    try {
      await this.#arrival(signal)
    } finally {
      signal?.removeEventListener('abort', abort)
    }
    const [first] = this.#queue
    if (first !== undefined) return first.from
    signal?.throwIfAborted()
    throw new StreamFault(this.#fault ?? 'EBADF')
  }

  async write(octets: Uint8Array): Promise<void> {
    if (this.#fault !== undefined) throw new StreamFault(this.#fault)
    if (this.#closed) throw new StreamFault('EBADF')
    if (!this.#connected) throw new StreamFault('EDESTADDRREQ')
    const code = await this.#send(octets)
    if (code === undefined) return
    // The system may tell of an ICMP error for an earlier datagram instead of sending; the second try is sent.
    const again = this.#heard(code) || code === 'EMSGSIZE' ? code : await this.#send(octets)
    if (again !== undefined) throw new StreamFault(again)
  }

  async sendTo(octets: Uint8Array, to: Endpoint): Promise<void> {
    if (this.#closed) throw new StreamFault('EBADF')
    if (this.#connected) throw new StreamFault('EISCONN')
    const code = await this.#send(octets, to)
    if (code !== undefined) throw new StreamFault(code)
  }

  async connect(peer: Endpoint): Promise<void> {
    const what = `connect to ${formatEndpoint(peer)}`
    await new Promise<void>((resolve, reject) => {
      const ready = (error?: NodeJS.ErrnoException): void =>
        error ? reject(localFault(error.code ?? 'EIO', what)) : resolve()
      try {
        this.#socket.connect(peer.port, peer.address, ready)
      } catch {
        reject(localFault('EINVAL', what))
      }
    })
    this.#connected = true
    this.#peer = peer
    this.remote = peer
    const others = this.#queue.splice(0).filter(({ from }) => this.#isPeer(from))
    this.#queue.push(...others)
    this.#queued = others.reduce((sum, { octets }) => sum + octets.length, 0)
  }

  /** Node does not tell of them. */
  takeIcmp(): undefined {
    return undefined
  }

  endWrite(): void {}

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#queue.length = 0
    this.#socket.close()
    this.#wake()
  }

  /** Resolves once there is a datagram, or a reason why none will come. */
  async #arrival(signal?: AbortSignal): Promise<void> {
    while (this.#queue.length === 0 && !this.#closed && this.#fault === undefined && !signal?.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  #arrived(datagram: Datagram): void {
    const { length } = datagram.octets
    if (this.#closed || !this.#isPeer(datagram.from)) return
    if (this.#queue.length >= MOST_DATAGRAMS || this.#queued + length > MOST_OCTETS) return
    this.#queue.push(datagram)
    this.#queued += length
    this.#wake()
  }

  #isPeer(from: Endpoint): boolean {
    const peer = this.#peer
    return peer === undefined || (peer.address === from.address && peer.port === from.port)
  }

  /** Only a refusal counts: without IP_RECVERR the system keeps other ICMP errors from a datagram socket (ip(7)). */
  #heard(code: string | undefined): boolean {
    if (code !== 'ECONNREFUSED') return false
    this.#fault ??= code
    this.#break(code)
    this.#wake()
    return true
  }

  /** The errno's name if the datagram was not sent. */
  #send(octets: Uint8Array, to?: Endpoint): Promise<string | undefined> {
    return new Promise((resolve) => {
      const sent = (error: Error | null): void => resolve(error === null ? undefined : codeOf(error))
      try {
        if (to === undefined) this.#socket.send(octets, sent)
        else this.#socket.send(octets, to.port, to.address, sent)
      } catch (error) {
        // What Node itself refuses is a port that cannot be, or a socket that is gone.
        resolve(to === undefined ? codeOf(error) : 'EINVAL')
      }
    })
  }
}

function codeOf(error: unknown): string {
  const { code = 'EIO' } = error as NodeJS.ErrnoException
  return code.startsWith('ERR_') ? 'EBADF' : code
}
