import type { Clock } from '../io/io.ts'
import { localFault } from '../io/local-fault.ts'
import type { ByteStream, Listener } from '../io/streams.ts'
import type { Endpoint } from '../model/target.ts'
import { hears, parseName } from './sim-names.ts'
import type { PeerScript } from './sim-peer.ts'
import type { PeerPlayer } from './sim-players.ts'
import { type SimStream, streamPair, type Wire } from './sim-stream.ts'

/** Somebody who connects to a listener of the tool, or finds nobody there. */
export interface Client {
  readonly afterMs: number
  /** Where it calls: `127.0.0.1:4000` or a path. */
  readonly to: string
  /** Its own address; nothing for UNIX sockets, which have none. Its log goes by this name, else by `to`. */
  readonly from?: string
  readonly script: PeerScript
  readonly wire?: Wire
}

/** The listening sockets of a simulated machine. */
export interface Listeners {
  open(local: Endpoint): Listener
  /** A connection to one of them; undefined where nobody listens. */
  connect(to: Endpoint, from: Endpoint, wire?: Wire): SimStream | undefined
}

class SimListener implements Listener {
  readonly local: Endpoint
  readonly #waiting: SimStream[] = []
  readonly #onClose: () => void
  #wake: (() => void)[] = []
  #open = true

  constructor(local: Endpoint, onClose: () => void) {
    this.local = local
    this.#onClose = onClose
  }

  async accept(signal?: AbortSignal): Promise<ByteStream> {
    for (;;) {
      signal?.throwIfAborted()
      if (!this.#open) throw localFault('EBADF', 'accept on a closed listener', 'accept')
      const stream = this.#waiting.shift()
      if (stream !== undefined) return stream
      await new Promise<void>((resolve) => {
        this.#wake.push(resolve)
        signal?.addEventListener('abort', () => resolve(), { once: true })
      })
    }
  }

  close(): void {
    this.#open = false
    this.#onClose()
    for (const stream of this.#waiting.splice(0)) stream.close('rst')
    this.#wakeAll()
  }

  arrive(stream: SimStream): void {
    this.#waiting.push(stream)
    this.#wakeAll()
  }

  #wakeAll(): void {
    for (const wake of this.#wake.splice(0)) wake()
  }
}

export function simListeners(clock: Clock): Listeners {
  const listeners = new Set<SimListener>()
  return {
    open(local) {
      const listener = new SimListener(local, () => listeners.delete(listener))
      listeners.add(listener)
      return listener
    },
    connect(to, from, wire) {
      const listener = [...listeners].find(({ local }) => hears(local, to))
      if (listener === undefined) return undefined
      const [near, far] = streamPair(clock, from, to, wire, mapped(listener.local, from))
      listener.arrive(far)
      return near
    },
  }
}

/** Sends the clients on their way. */
export function callListeners(
  clock: Clock,
  clients: readonly Client[],
  listeners: Listeners,
  players: PeerPlayer,
  log: (peer: string, line: string) => void,
): void {
  for (const { afterMs, to, from, script, wire } of clients) {
    const name = from ?? to
    void clock.sleep(afterMs).then(() => {
      const caller = from === undefined ? { address: '', port: 0 } : parseName(from)
      const stream = listeners.connect(parseName(to), caller, { unix: from === undefined, ...wire })
      if (stream === undefined) log(name, ' 0.0 refused')
      else players.play(name, script, stream, 'connected')
    })
  }
}

/** RFC 4291 section 2.5.5.2. */
function mapped(local: Endpoint, from: Endpoint): Endpoint {
  const maps = local.address === '::' && /^[\d.]+$/.test(from.address)
  return maps ? { ...from, address: `::ffff:${from.address}` } : from
}
