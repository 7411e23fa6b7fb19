import { type ByteSource, type ByteStream, type Clock, StreamFault } from '@portkit/core'

const NOWHERE = { address: '127.0.0.1', port: 1 }

/** A source that tests feed by hand. It lends its octets: they are spoilt at the next read. */
export interface Feed extends ByteSource {
  push(octets: string | Uint8Array): void
  end(): void
  fail(code: string): void
  /** A read is waiting. */
  readonly wanted: boolean
}

export function feed(): Feed {
  const inbox: Uint8Array[] = []
  let ended = false
  let fault: string | undefined
  let lent: Uint8Array | undefined
  let waiting:
    | { most: number; resolve(octets: Uint8Array | undefined): void; reject(e: unknown): void }
    | undefined
  const serve = (): void => {
    const first = inbox[0]
    const reader = waiting
    if (reader === undefined) return
    if (first === undefined && !ended && fault === undefined) return
    waiting = undefined
    if (first !== undefined) {
      lent = first.slice(0, reader.most)
      if (first.length > reader.most) inbox[0] = first.slice(reader.most)
      else inbox.shift()
      reader.resolve(lent)
    } else if (fault !== undefined) reader.reject(new StreamFault(fault))
    else reader.resolve(undefined)
  }
  return {
    get wanted() {
      return waiting !== undefined
    },
    push(octets) {
      inbox.push(octetsOf(octets))
      serve()
    },
    end() {
      ended = true
      serve()
    },
    fail(code) {
      fault = code
      serve()
    },
    read(most) {
      if (waiting !== undefined) return Promise.reject(new Error('one read at a time'))
      lent?.fill(0xa5)
      return new Promise((resolve, reject) => {
        waiting = { most, resolve, reject }
        serve()
      })
    },
  }
}

/** The other end of a connection without latency, moved by hand. */
export interface Peer {
  /** `0.5 got hello`: seconds since the start, and what arrived; one line a write. */
  readonly log: readonly string[]
  /** Everything that arrived. */
  text(): string
  send(octets: string | Uint8Array): void
  fin(): void
  rst(): void
  /** Reads nothing until `resume`: writes wait. */
  stall(): void
  resume(): void
  /** Each later write fails with this. */
  refuse(code: string): void
}

export function wire(clock: Clock): { readonly net: ByteStream; readonly peer: Peer } {
  const incoming = feed()
  const log: string[] = []
  const got: string[] = []
  let finned = false
  let closed = false
  let writing = false
  let fault: string | undefined
  let stalled: Promise<void> | undefined
  let resume: () => void = () => {}
  let breakIt: (code: string) => void = () => {}
  const note = (event: string): void => void log.push(`${(clock.nowNs() / 1e9).toFixed(1)} ${event}`)
  const net: ByteStream = {
    local: NOWHERE,
    remote: NOWHERE,
    broken: new Promise((resolve) => {
      breakIt = resolve
    }),
    read: (most) => (closed ? Promise.resolve(undefined) : incoming.read(most)),
    async write(octets) {
      if (writing) throw new Error('one write at a time')
      if (fault !== undefined) throw new StreamFault(fault)
      if (finned || closed) throw new StreamFault('EPIPE')
      writing = true
      await stalled
      writing = false
      if (closed || fault !== undefined) throw new StreamFault(fault ?? 'EPIPE')
      const text = Buffer.from(octets).toString('latin1')
      got.push(text)
      note(`got ${text}`)
    },
    endWrite() {
      if (!finned) note('got FIN')
      finned = true
    },
    close() {
      if (!closed && !finned) note('got close')
      closed = true
      incoming.end()
    },
  }
  const peer: Peer = {
    log,
    text: () => got.join(''),
    send: (octets) => incoming.push(octets),
    fin: () => incoming.end(),
    rst() {
      fault = 'ECONNRESET'
      incoming.fail(fault)
      breakIt(fault)
      resume()
    },
    stall() {
      stalled = new Promise((resolve) => {
        resume = resolve
      })
    },
    resume: () => resume(),
    refuse(code) {
      fault = code
    },
  }
  return { net, peer }
}

export function octetsOf(octets: string | Uint8Array): Uint8Array {
  return typeof octets === 'string' ? Buffer.from(octets, 'latin1') : octets
}
