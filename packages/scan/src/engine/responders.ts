/** A kind of answer that may be limited by itself: resets and ICMP errors often are, the answers of open ports hardly ever. */
export type AnswerClass = 'reset' | 'open' | 'unreachable'

interface Responder {
  readonly port: number
  readonly kind: AnswerClass
}

/**
 * Of open ports several, since each is asked again only when it has answered: to the same SYN an open port says nothing
 * while the connection that the last one began is half open (RFC 9293 section 3.10.7.4), which Linux tells only twice a
 * second (tcp_invalid_ratelimit, tcp(7)).
 */
const MOST = { reset: 1, open: 4, unreachable: 1 } as const satisfies Record<AnswerClass, number>

/** Ports of one host that are known to answer, by how they do. Times in nanoseconds. */
export class Responders {
  readonly #ports = new Map<AnswerClass, number[]>()
  readonly #kinds = new Map<number, AnswerClass>()
  /** When each open port was asked that has not answered since. */
  readonly #asked = new Map<number, number>()
  #turn = 0

  /** How many classes there are. */
  get size(): number {
    return this.#ports.size
  }

  get kinds(): Iterable<AnswerClass> {
    return this.#ports.keys()
  }

  know(port: number, kind: AnswerClass): void {
    const ports = this.#ports.get(kind) ?? []
    if (ports.length >= MOST[kind] || this.#kinds.has(port)) return
    ports.push(port)
    this.#ports.set(kind, ports)
    this.#kinds.set(port, kind)
  }

  kindOf(port: number): AnswerClass | undefined {
    return this.#kinds.get(port)
  }

  /** The next one to be asked, the classes in turn; undefined when all have to be waited for, `waitNs` at most. */
  ask(nowNs: number, waitNs: number): Responder | undefined {
    const kinds = [...this.#ports.keys()]
    for (let i = 0; i < kinds.length; i += 1) {
      this.#turn += 1
      const kind = kinds[this.#turn % kinds.length]
      const port = kind && this.#ports.get(kind)?.find((one) => this.#isFree(one, nowNs, waitNs))
      if (kind === undefined || port === undefined) continue
      if (kind === 'open') this.#asked.set(port, nowNs)
      return { port, kind }
    }
    return undefined
  }

  answered(port: number): void {
    this.#asked.delete(port)
  }

  #isFree(port: number, nowNs: number, waitNs: number): boolean {
    const askedNs = this.#asked.get(port)
    return askedNs === undefined || nowNs - askedNs >= waitNs
  }
}
