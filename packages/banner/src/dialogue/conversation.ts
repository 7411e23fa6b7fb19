import { type ByteStream, StreamFault, type Transport } from '@portkit/core'
import type { Exchange } from '../model/finding.ts'
import type { Asked } from '../model/protocol.ts'
import type { Wishes } from '../model/wishes.ts'
import { type Budget, Patience } from './budget.ts'
import type { Dialogue, Reader, Taken } from './dialogue.ts'
import { Inbox } from './inbox.ts'
import type { Transcript } from './transcript.ts'

/** What all conversations with one port have in common. */
export interface Subject {
  readonly host: string
  readonly address: string
  readonly port: number
  readonly transport: Transport
  readonly wishes: Wishes
  readonly budget: Budget
  /** For the first octet of an answer, and again for the rest of it. Milliseconds. */
  readonly waitMs: number
  readonly transcript: Transcript
  random(): number
}

/** How a connection was made, and how to make another one like it. */
export interface Way {
  readonly secure: boolean
  readonly alpn: string | undefined
  again(alpn?: readonly string[]): Promise<Conversation | undefined>
}

type End = Exclude<Exchange['end'], 'whole' | 'quiet'>

/** Octets of one read. Datagrams come whole. */
const MOST_AT_ONCE = 65_535
const NOTHING = new Uint8Array(0)

/** A dialogue over a stream, which it owns. Datagrams are looked at one by one, as whole answers. */
export class Conversation implements Dialogue {
  readonly #subject: Subject
  readonly #way: Way
  readonly #stream: ByteStream
  readonly #inbox = new Inbox()
  /** For whoever makes probes, who takes it without the rest. */
  readonly random: () => number
  #asked: Asked = 'nothing'
  /** Something was sent, or waited for, already: the transcript has a place for what comes. */
  #begun = false
  /** As reading found it. */
  #end: End | undefined
  /** Nothing can be sent any more, but something may have come before. */
  #isBroken = false
  #heard = 0
  #hasSent = false
  /** The peer did not take what was sent in time. */
  #isClogged = false
  #next: Conversation | undefined
  /** A read that is under way still when its wait was over. */
  #reading: Promise<'octets' | 'ended'> | undefined

  constructor(stream: ByteStream, subject: Subject, way: Way) {
    this.#stream = stream
    this.random = () => subject.random()
    this.#subject = subject
    this.#way = way
    void stream.broken.then(() => {
      this.#isBroken = true
    })
  }

  get host(): string {
    return this.#subject.host
  }

  get address(): string {
    return this.#subject.address
  }

  get port(): number {
    return this.#subject.port
  }

  get transport(): Transport {
    return this.#subject.transport
  }

  get wishes(): Wishes {
    return this.#subject.wishes
  }

  get secure(): boolean {
    return this.#way.secure
  }

  get alpn(): string | undefined {
    return this.#way.alpn
  }

  /** Octets that came so far. */
  get heard(): number {
    return this.#heard
  }

  /** How the connection ended; undefined while it is open. */
  get end(): End | undefined {
    return this.#end ?? (this.#isBroken ? 'reset' : undefined)
  }

  /** Nothing was said or waited for yet. */
  get isUntouched(): boolean {
    return !this.#begun && this.end === undefined
  }

  /** Something was sent. */
  get hasSent(): boolean {
    return this.#hasSent
  }

  /** Octets have come that nobody took. */
  get hasUnread(): boolean {
    return this.#inbox.unread.length > 0
  }

  /** More can be said. */
  get canSend(): boolean {
    return this.end === undefined && !this.#isClogged
  }

  /** Who asks from here on. */
  asking(asked: Asked): void {
    this.#asked = asked
  }

  async send(octets: Uint8Array): Promise<void> {
    if (!this.canSend || this.#subject.budget.isOver) return
    this.#begin(octets)
    this.#hasSent = true
    const wait = this.#subject.budget.wait(this.#subject.waitMs)
    try {
      // A peer that reads nothing takes no more than its time.
      this.#isClogged = (await Promise.race([this.#stream.write(octets), wait.over])) === 'time'
    } catch (fault) {
      if (!(fault instanceof StreamFault)) throw fault
    } finally {
      wait.cancel()
    }
  }

  receive<T>(reader: Reader<T>): Promise<T | undefined> {
    return this.receiveWithin(reader, this.#subject.waitMs)
  }

  /** `receive` with another wait than the usual one, in milliseconds. */
  async receiveWithin<T>(reader: Reader<T>, waitMs: number): Promise<T | undefined> {
    if (!this.#begun) this.#begin(NOTHING)
    const patience = new Patience(this.#subject.budget, waitMs, !this.hasUnread)
    try {
      for (let ended = this.#isOver(); ; ended = (await this.#more(patience)) !== 'octets') {
        const taken = this.#look(reader, ended)
        if (taken !== 'more') return taken?.value
      }
    } finally {
      patience.end()
    }
  }

  async again(alpn?: readonly string[]): Promise<Conversation | undefined> {
    this.close()
    if (this.#subject.budget.isOver) return undefined
    this.#next = await this.#way.again(alpn)
    this.#next?.asking(this.#asked)
    return this.#next
  }

  /** Gives the stream away, for TLS; undefined when the peer has said something already, or is gone. */
  handOver(): ByteStream | undefined {
    const isQuiet = this.#reading === undefined && !this.hasUnread && this.end === undefined
    return isQuiet ? this.#stream : undefined
  }

  /** Closes what came of `again` as well: whoever asks need not. */
  close(): void {
    this.#next?.close()
    this.#end ??= 'closed'
    this.#stream.close('fin')
  }

  #begin(sent: Uint8Array): void {
    this.#begun = true
    this.#subject.transcript.begin({ asked: this.#asked, secure: this.secure }, sent)
  }

  #isOver(): boolean {
    return this.#end !== undefined || this.#subject.budget.isOver
  }

  #look<T>(reader: Reader<T>, ended: boolean): Taken<T> | 'more' | undefined {
    const octets = this.#inbox.unread
    if (octets.length === 0 && !ended) return 'more'
    const isDatagram = this.transport === 'udp'
    const taken = reader(octets, ended || isDatagram)
    if (taken !== 'more' && taken !== undefined) {
      this.#inbox.take(taken.length)
      this.#subject.transcript.end('whole')
      return taken
    }
    if (ended) this.#subject.transcript.end(this.#end ?? 'quiet')
    if (ended || !isDatagram) return ended ? undefined : taken
    // Another one may be the answer.
    this.#inbox.take(octets.length)
    return 'more'
  }

  /** Reads until there is something to look at. */
  async #more(patience: Patience): Promise<'octets' | 'ended' | 'time'> {
    for (;;) {
      if (this.#isOver()) return 'ended'
      this.#reading ??= this.#read()
      const came = await Promise.race([this.#reading, patience.over])
      if (came !== 'octets') return came
      patience.onFirst()
      if (this.#inbox.isWorthALook) return came
    }
  }

  async #read(): Promise<'octets' | 'ended'> {
    const { budget, transcript } = this.#subject
    try {
      const octets = await this.#stream.read(Math.min(MOST_AT_ONCE, Math.max(1, budget.octetsLeft)))
      if (octets === undefined) {
        this.#end ??= 'closed'
        return 'ended'
      }
      const own = octets.subarray(0, budget.octetsLeft)
      budget.spend(own.length)
      this.#heard += own.length
      transcript.add(own)
      this.#inbox.add(own)
      if (budget.octetsLeft === 0) this.#end ??= 'limit'
      return 'octets'
    } catch (fault) {
      if (!(fault instanceof StreamFault)) throw fault
      this.#end = 'reset'
      return 'ended'
    } finally {
      this.#reading = undefined
    }
  }
}
