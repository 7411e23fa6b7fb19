import type { Dialogue, Reader } from '../src/dialogue/dialogue.ts'
import { latin1 } from '../src/dialogue/readers.ts'
import type { Wishes } from '../src/model/wishes.ts'
import { octetsOf, WISHES } from './detector-kit.ts'

/** Octets; a string's characters are octets. */
export type Octets = string | Uint8Array

/** One turn of the peer: what it waits for, and what it then says. */
export interface Turn {
  /** What is to be sent before it speaks: exactly this, or what the predicate takes. Left out: it speaks at once. */
  readonly hears?: Octets | ((octets: Uint8Array) => boolean)
  /** What it says; more than one are segments of their own. Left out: nothing. May be made from what was sent. */
  readonly says?: Octets | readonly Octets[] | ((sent: Uint8Array) => Octets)
  /** It ends the connection after that: later sends go nowhere. */
  readonly closes?: boolean
}

export interface Scene {
  readonly wishes?: Partial<Wishes>
  readonly secure?: boolean
  readonly port?: number
  readonly transport?: 'tcp' | 'udp'
  readonly alpn?: string
  /** Sizes of the segments that everything said is split into, over and over: `[1]` is octet by octet. */
  readonly segments?: readonly number[]
  /** The peer's turns in the connections that `again` makes, one after another; none left: there is no connection. */
  readonly again?: readonly (readonly Turn[])[]
}

/** A dialogue with a peer that follows a script. */
export interface ScriptedDialogue extends Dialogue {
  /** What was sent over this connection, one entry a call, as characters. */
  readonly sent: readonly string[]
  /** Octets that have come or would come without a further word, and that nobody took. */
  unread(): string
  /** Turns that the peer never had. */
  turnsLeft(): number
  /** The connections that `again` made, with the application protocols that were offered. */
  readonly others: readonly { readonly dialogue: ScriptedDialogue; readonly alpn: readonly string[] }[]
}

/**
 * A peer that has its turns one after another. Receiving gives the reader one segment more at a time; when there are no
 * more before the next word it ends, as by a peer that has closed or has gone quiet. Without clocks.
 * A word that the script does not expect rejects, which fails the test.
 */
export function scriptedDialogue(turns: readonly Turn[], scene: Scene = {}): ScriptedDialogue {
  const peer = new Peer(turns, scene.segments)
  const sent: string[] = []
  const others: { dialogue: ScriptedDialogue; alpn: readonly string[] }[] = []
  const { again: further = [], wishes, secure = false, port = 4711, transport = 'tcp', alpn } = scene
  let randoms = 0
  return {
    host: 'db.lan',
    address: '10.0.0.2',
    port,
    transport,
    secure,
    alpn,
    wishes: { ...WISHES, ...wishes },
    sent,
    others,
    random() {
      randoms += 1
      return (randoms * 0x9e3779b1) >>> 0
    },
    async send(octets) {
      if (peer.closed) return
      sent.push(latin1(octets))
      peer.hear(octets.slice())
    },
    receive: async (reader) => peer.read(reader),
    async again(offered = []) {
      peer.closed = true
      const next = further[others.length]
      if (next === undefined) return undefined
      const left = further.slice(others.length + 1)
      const dialogue = scriptedDialogue(next, { ...scene, again: left })
      others.push({ dialogue, alpn: offered })
      return dialogue
    },
    unread: () => latin1(peer.unread()),
    turnsLeft: () => peer.turnsLeft(),
  }
}

class Peer {
  closed = false
  readonly #turns: Turn[]
  readonly #sizes: readonly number[] | undefined
  #cuts = 0
  #buffer = new Uint8Array()
  readonly #segments: Uint8Array[] = []

  constructor(turns: readonly Turn[], sizes: readonly number[] | undefined) {
    this.#turns = [...turns]
    this.#sizes = sizes
    this.#speakUnasked()
  }

  turnsLeft(): number {
    return this.#turns.length
  }

  unread(): Uint8Array {
    return join([this.#buffer, ...this.#segments])
  }

  hear(octets: Uint8Array): void {
    const turn = this.#turns.shift()
    const { hears } = turn ?? {}
    if (turn === undefined || hears === undefined || !fits(hears, octets))
      throw new Error(`the script does not expect ${JSON.stringify(latin1(octets))}`)
    this.#speak(turn, octets)
    this.#speakUnasked()
  }

  read<T>(reader: Reader<T>): T | undefined {
    let taken = this.#take(reader, false)
    while (taken === 'more') {
      const next = this.#segments.shift()
      if (next !== undefined) this.#buffer = join([this.#buffer, next])
      taken = this.#take(reader, next === undefined)
      if (next === undefined && taken === 'more') return undefined
    }
    return taken?.value
  }

  #take<T>(reader: Reader<T>, ended: boolean): { value: T } | 'more' | undefined {
    if (this.#buffer.length === 0 && !ended) return 'more'
    const taken = reader(this.#buffer, ended)
    if (taken === undefined || taken === 'more') return taken
    this.#buffer = this.#buffer.slice(taken.length)
    return { value: taken.value }
  }

  #speakUnasked(): void {
    for (let turn = this.#turns[0]; turn !== undefined && turn.hears === undefined; turn = this.#turns[0]) {
      this.#turns.shift()
      this.#speak(turn, new Uint8Array())
    }
  }

  #speak({ says = [], closes = false }: Turn, heard: Uint8Array): void {
    const words = typeof says === 'function' ? says(heard) : says
    const segments = typeof words === 'string' || words instanceof Uint8Array ? [words] : words
    for (const octets of segments) this.#segments.push(...this.#split(asOctets(octets)))
    if (closes) this.closed = true
  }

  #split(octets: Uint8Array): Uint8Array[] {
    if (this.#sizes === undefined) return [octets]
    const parts: Uint8Array[] = []
    for (let at = 0; at < octets.length; ) {
      const size = Math.max(1, this.#sizes[this.#cuts % this.#sizes.length] ?? 1)
      this.#cuts += 1
      parts.push(octets.slice(at, at + size))
      at += size
    }
    return parts
  }
}

function fits(hears: NonNullable<Turn['hears']>, octets: Uint8Array): boolean {
  if (typeof hears === 'function') return hears(octets)
  return latin1(asOctets(hears)) === latin1(octets)
}

const asOctets = (octets: Octets): Uint8Array => (typeof octets === 'string' ? octetsOf(octets) : octets)

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.concat(parts))
}
