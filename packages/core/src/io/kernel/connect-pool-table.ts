import type { Place } from './connect-pool-places.ts'

const NONE = -1
const FIRST_SIZE = 256

/** What is known of the sockets of a pool, by their numbers from 0: columns instead of objects. */
export class PoolTable {
  fd = new Int32Array(FIRST_SIZE)
  tag = new Int32Array(FIRST_SIZE)
  port = new Uint16Array(FIRST_SIZE)
  readonly place: Place[] = []
  startNs = new Float64Array(FIRST_SIZE)
  /** 1 while an attempt is under way. */
  flying = new Uint8Array(FIRST_SIZE)
  /** Attempts under way in the order of their start, as a chain. */
  #older = new Int32Array(FIRST_SIZE)
  #younger = new Int32Array(FIRST_SIZE)
  #oldest = NONE
  #youngest = NONE
  readonly #spare: number[] = []
  #count = 0
  #underWay = 0

  /** Attempts under way. */
  get underWay(): number {
    return this.#underWay
  }

  /** The descriptors of all sockets. */
  all(): readonly number[] {
    return [...this.fd.subarray(0, this.#count)].filter((fd) => fd !== NONE)
  }

  /** The number for a new socket. */
  add(fd: number): number {
    const slot = this.#spare.pop() ?? this.#count++
    if (slot >= this.fd.length) this.#grow(this.fd.length * 2)
    this.fd[slot] = fd
    return slot
  }

  /** The socket is no more. */
  remove(slot: number): void {
    this.fd[slot] = NONE
    this.#spare.push(slot)
  }

  /** An attempt begins, later than all others. */
  start(slot: number, startNs: number): void {
    this.startNs[slot] = startNs
    this.flying[slot] = 1
    this.#older[slot] = this.#youngest
    this.#younger[slot] = NONE
    if (this.#youngest === NONE) this.#oldest = slot
    else this.#younger[this.#youngest] = slot
    this.#youngest = slot
    this.#underWay++
  }

  /** The attempt is over. */
  end(slot: number): void {
    const older = this.#older[slot] ?? NONE
    const younger = this.#younger[slot] ?? NONE
    if (older === NONE) this.#oldest = younger
    else this.#younger[older] = younger
    if (younger === NONE) this.#youngest = older
    else this.#older[younger] = older
    this.flying[slot] = 0
    this.#underWay--
  }

  /** The oldest attempt under way if it began at that time or before. */
  oldest(untilNs: number): number | undefined {
    const slot = this.#oldest
    return slot !== NONE && (this.startNs[slot] ?? 0) <= untilNs ? slot : undefined
  }

  /** Forgets all attempts and sockets. */
  clear(): void {
    this.fd.fill(NONE)
    this.flying.fill(0)
    this.#oldest = NONE
    this.#youngest = NONE
    this.#underWay = 0
  }

  #grow(size: number): void {
    this.fd = grown(this.fd, new Int32Array(size))
    this.tag = grown(this.tag, new Int32Array(size))
    this.port = grown(this.port, new Uint16Array(size))
    this.startNs = grown(this.startNs, new Float64Array(size))
    this.flying = grown(this.flying, new Uint8Array(size))
    this.#older = grown(this.#older, new Int32Array(size))
    this.#younger = grown(this.#younger, new Int32Array(size))
  }
}

function grown<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from)
  return to
}
