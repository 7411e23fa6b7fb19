import { Gathered } from './gathered.ts'

/** Looks at every new segment at first; after so many of them only at those that make much of a difference. */
const ALL_OF = 64
/** A sixteenth more is a difference: so even an answer of single octets is looked at no more than some hundred times. */
const DIFFERENCE = 1 / 16

/** Octets that have come and nobody took yet. */
export class Inbox {
  readonly #gathered = new Gathered()
  #segments = 0
  #lookedAt = 0

  /** Copies them. */
  add(octets: Uint8Array): void {
    this.#gathered.add(octets)
    this.#segments += 1
  }

  /** A view that is good until the next call of `add` or `take`. */
  get unread(): Uint8Array {
    return this.#gathered.octets
  }

  /** Whether enough has come since the last look to look again. */
  get isWorthALook(): boolean {
    const { length } = this.#gathered
    if (this.#segments > ALL_OF && length < this.#lookedAt * (1 + DIFFERENCE)) return false
    this.#lookedAt = length
    return true
  }

  take(length: number): void {
    if (length === 0) return
    this.#gathered.drop(length)
    this.#lookedAt = 0
    this.#segments = 0
  }
}
