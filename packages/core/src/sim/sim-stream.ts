import type { Clock } from '../io/io.ts'
import type { CloseWith } from '../io/socket-settings.ts'
import { type ByteStream, StreamFault } from '../io/streams.ts'
import type { Endpoint } from '../model/target.ts'

/** How long octets travel, and how many may be on their way or unread. */
export interface Wire {
  /** One way, milliseconds; 0.1 when not given. */
  readonly latencyMs?: number | undefined
  /** Octets that each direction takes before its writer has to wait; 65536 when not given. */
  readonly bufferOctets?: number | undefined
  /** A UNIX socket: it knows no RST, but the other end hears of a full close at once (unix(7)). */
  readonly unix?: boolean | undefined
}

/** One end of a simulated connection. */
export interface SimStream extends ByteStream {
  /** Resolves as soon as a read would not have to wait, like poll(2); takes nothing. */
  readable(): Promise<void>
}

/**
 * Two ends of one simulated connection, which behave as Linux's TCP sockets do: bounded buffers, half close, RST for
 * octets that come to a closed socket and for a close with unread octets (RFC 9293 section 3.6, RFC 1122 section
 * 4.2.2.13). `near` is the address of the first end, `far` that of the second, which knows the first as `seenAs`.
 */
export function streamPair(
  clock: Clock,
  near: Endpoint,
  far: Endpoint,
  wire: Wire = {},
  seenAs: Endpoint = near,
): readonly [SimStream, SimStream] {
  const first = new End(clock, near, far, wire)
  const second = new End(clock, far, seenAs, wire)
  first.peer = second
  second.peer = first
  return [first, second]
}

type Packet = { readonly kind: 'octets'; readonly octets: Uint8Array } | { readonly kind: 'fin' | 'rst' }

interface Reader {
  readonly most: number
  resolve(octets: Uint8Array | undefined): void
  reject(fault: unknown): void
}

interface Writer {
  readonly octets: Uint8Array
  sent: number
  resolve(): void
  reject(fault: unknown): void
}

class End implements SimStream {
  readonly local: Endpoint
  readonly remote: Endpoint
  readonly broken: Promise<string>
  peer: End | undefined
  readonly #clock: Clock
  readonly #latencyMs: number
  readonly #bufferOctets: number
  readonly #unix: boolean
  /** Octets that have come and nobody has read. */
  readonly #inbox: Uint8Array[] = []
  /** Octets that the peer has sent and nobody here has read, also those still on their way. */
  #held = 0
  #finIn = false
  #finOut: 'no' | 'asked' | 'sent' = 'no'
  #closed = false
  #fault: StreamFault | undefined
  #reader: Reader | undefined
  #writer: Writer | undefined
  #watchers: (() => void)[] = []
  /** What the last read gave out: spoilt at the next one, so that nobody keeps octets that are only lent. */
  #lent: Uint8Array | undefined
  #break: (code: string) => void = () => {}

  constructor(clock: Clock, local: Endpoint, remote: Endpoint, wire: Wire) {
    this.#clock = clock
    this.local = local
    this.remote = remote
    this.#latencyMs = wire.latencyMs ?? 0.1
    this.#bufferOctets = Math.max(1, wire.bufferOctets ?? 65_536)
    this.#unix = wire.unix ?? false
    this.broken = new Promise((resolve) => {
      this.#break = resolve
    })
  }

  read(most: number): Promise<Uint8Array | undefined> {
    if (this.#reader !== undefined) return Promise.reject(new Error('one read at a time'))
    if (!(most >= 1)) return Promise.reject(new RangeError('a read wants at least one octet'))
    this.#lent?.fill(0xa5)
    this.#lent = undefined
    return new Promise((resolve, reject) => {
      this.#reader = { most, resolve, reject }
      this.#serveReader()
    })
  }

  readable(): Promise<void> {
    return new Promise((resolve) => {
      this.#watchers.push(resolve)
      this.#tellWatchers()
    })
  }

  write(octets: Uint8Array): Promise<void> {
    if (this.#writer !== undefined) return Promise.reject(new Error('one write at a time'))
    if (this.#fault !== undefined) return Promise.reject(this.#fault)
    if (this.#closed || this.#finOut !== 'no') return Promise.reject(new StreamFault('EPIPE'))
    return new Promise((resolve, reject) => {
      this.#writer = { octets, sent: 0, resolve, reject }
      this.#serveWriter()
    })
  }

  endWrite(): void {
    if (this.#finOut !== 'no' || this.#dead()) return
    this.#finOut = 'asked'
    this.#serveWriter()
  }

  close(how: CloseWith): void {
    if (this.#closed) return
    const dead = this.#dead()
    this.#closed = true
    const unread = this.#inbox.length > 0
    if (!dead && (unread || (how === 'rst' && !this.#unix))) this.#reset()
    else if (!dead) this.#leave()
    this.#inbox.length = 0
    this.#serveReader()
    this.#failWriter(new StreamFault('EPIPE'))
  }

  #leave(): void {
    if (this.#finOut !== 'sent') this.#sendFin()
    if (this.#unix) this.#reset()
  }

  /** Both directions are over for good, and nothing more is to be sent. */
  #dead(): boolean {
    return this.#closed || this.#fault !== undefined
  }

  #tellWatchers(): void {
    if (this.#inbox.length === 0 && !this.#finIn && !this.#dead()) return
    for (const tell of this.#watchers.splice(0)) tell()
  }

  #serveReader(): void {
    this.#tellWatchers()
    const reader = this.#reader
    if (reader === undefined) return
    if (this.#inbox.length > 0) {
      this.#reader = undefined
      this.#lent = this.#take(reader.most)
      reader.resolve(this.#lent)
    } else if (this.#closed || this.#finIn) {
      this.#reader = undefined
      reader.resolve(undefined)
    } else if (this.#fault !== undefined) {
      this.#reader = undefined
      reader.reject(this.#fault)
    }
  }

  #take(most: number): Uint8Array {
    const all = this.#inbox.length === 1 ? this.#inbox[0] : undefined
    const octets = all ?? concat(this.#inbox)
    const taken = copyOf(octets, 0, most)
    this.#inbox.length = 0
    if (taken.length < octets.length) this.#inbox.push(octets.subarray(taken.length))
    this.#held -= taken.length
    this.#far().#serveWriter()
    return taken
  }

  #serveWriter(): void {
    const writer = this.#writer
    if (writer !== undefined) {
      const room = this.#bufferOctets - this.#far().#held
      const octets = copyOf(writer.octets, writer.sent, writer.sent + Math.max(0, room))
      if (octets.length > 0) this.#send({ kind: 'octets', octets })
      writer.sent += octets.length
      if (writer.sent < writer.octets.length) return
      this.#writer = undefined
      writer.resolve()
    }
    if (this.#finOut === 'asked') this.#sendFin()
  }

  #failWriter(fault: StreamFault): void {
    this.#writer?.reject(fault)
    this.#writer = undefined
  }

  #sendFin(): void {
    this.#finOut = 'sent'
    this.#send({ kind: 'fin' })
  }

  #reset(): void {
    this.#finOut = 'sent'
    this.#send({ kind: 'rst' })
  }

  #send(packet: Packet): void {
    const peer = this.#far()
    if (packet.kind === 'octets') peer.#held += packet.octets.length
    void this.#clock.sleep(this.#latencyMs).then(() => peer.#receive(packet))
  }

  #receive(packet: Packet): void {
    if (this.#fault !== undefined) return
    if (packet.kind === 'rst') this.#onReset()
    else if (packet.kind === 'octets' && this.#closed) this.#reset()
    else {
      if (packet.kind === 'octets') this.#inbox.push(packet.octets)
      else this.#finIn = true
      this.#serveReader()
    }
  }

  #far(): End {
    if (this.peer === undefined) throw new Error('an end without its other end')
    return this.peer
  }

  /** Linux calls it a broken pipe after the peer's FIN (CLOSE-WAIT), else a reset; what has come stays readable. */
  #onReset(): void {
    const fault = new StreamFault(this.#finIn ? 'EPIPE' : 'ECONNRESET')
    this.#fault = fault
    this.#failWriter(fault)
    if (this.#closed) return
    this.#break(fault.code)
    this.#serveReader()
  }
}

/** A copy of a part, also of a Buffer, whose own `slice` copies nothing. */
export function copyOf(octets: Uint8Array, from = 0, to = octets.length): Uint8Array {
  return new Uint8Array(octets.subarray(from, to))
}

/** All octets of these pieces as one. */
export function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
