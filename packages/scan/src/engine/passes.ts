/** The ports of one host that still have no answer, pass after pass. Ports are told by their place; numbers only. */
export class Passes {
  readonly #settled: Uint8Array
  readonly #tries: Uint8Array
  /** Of the first pass nothing is kept: it has all ports. */
  #pending: Uint16Array | undefined
  #length: number
  #at = 0
  #pass = -1
  #shots = 0
  #waiting: number
  #again: number[] = []

  /** @param settled one octet a port, 0 for those to be asked; it is changed */
  constructor(settled: Uint8Array) {
    this.#settled = settled
    this.#tries = new Uint8Array(settled.length)
    this.#length = settled.length
    this.#waiting = settled.reduce((sum, one) => sum + Number(one === 0), 0)
  }

  /** From 0; -1 before the first one. */
  get pass(): number {
    return this.#pass
  }

  /** Ports without an answer, the settled ones left out. */
  get waiting(): number {
    return this.#waiting
  }

  /** Shots of this pass. */
  get shots(): number {
    return this.#shots
  }

  /** Begins the next pass; says how many ports it has. */
  begin(): number {
    this.#pass += 1
    if (this.#pass > 0 || this.#waiting < this.#settled.length) {
      this.#pending = this.#remaining()
      this.#length = this.#pending.length
    }
    this.#at = 0
    this.#shots = 0
    this.#again = []
    return this.#length
  }

  /** The next port of this pass; undefined when there is none any more. */
  next(): number | undefined {
    const port = this.#taken() ?? this.#nextPlace()
    if (port === undefined) return undefined
    this.#tries[port] = this.#pass + 1
    this.#shots += 1
    return port
  }

  /** Whether no port of this pass is left. */
  get isOver(): boolean {
    this.#skip()
    return this.#at >= this.#length && this.#again.every((port) => this.isSettled(port))
  }

  /** The probe was not sent after all: it is to be fired once more. */
  takeBack(port: number): void {
    this.#shots -= 1
    this.#again.push(port)
  }

  /** Whether this port has a verdict, or is to have none. */
  isSettled(port: number): boolean {
    return this.#settled[port] !== 0
  }

  /** False when it had been already. */
  settle(port: number): boolean {
    if (this.isSettled(port)) return false
    this.#settled[port] = 1
    this.#waiting -= 1
    return true
  }

  /** The latest pass in which it was asked, from 1. */
  triesAt(port: number): number {
    return this.#tries[port] ?? 0
  }

  /** One that was taken back and has no answer yet. */
  #taken(): number | undefined {
    let port = this.#again.pop()
    while (port !== undefined && this.isSettled(port)) port = this.#again.pop()
    return port
  }

  #skip(): void {
    while (this.#at < this.#length && this.isSettled(this.#placeAt(this.#at))) this.#at += 1
  }

  #nextPlace(): number | undefined {
    this.#skip()
    if (this.#at >= this.#length) return undefined
    this.#at += 1
    return this.#placeAt(this.#at - 1)
  }

  #placeAt(i: number): number {
    return this.#pending === undefined ? i : (this.#pending[i] ?? 0)
  }

  #remaining(): Uint16Array {
    const left = new Uint16Array(this.#waiting)
    let count = 0
    for (let port = 0; port < this.#settled.length; port += 1) {
      if (this.isSettled(port)) continue
      left[count] = port
      count += 1
    }
    return left
  }
}
