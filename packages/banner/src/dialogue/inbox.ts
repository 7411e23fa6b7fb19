/** Looks at every new segment at first; after so many of them only at those that make much of a difference. */
const ALL_OF = 64
/** A sixteenth more is a difference: so even an answer of single octets is looked at no more than some hundred times. */
const DIFFERENCE = 1 / 16

/** Octets that have come and nobody took yet. */
export class Inbox {
  #octets = new Uint8Array(0)
  #length = 0
  #segments = 0
  #lookedAt = 0

  /** Copies them. */
  add(octets: Uint8Array): void {
    const length = this.#length + octets.length
    if (length > this.#octets.length) {
      const more = new Uint8Array(Math.max(2 * this.#octets.length, length, 512))
      more.set(this.unread)
      this.#octets = more
    }
    this.#octets.set(octets, this.#length)
    this.#length = length
    this.#segments += 1
  }

  /** A view that is good until the next call of `add` or `take`. */
  get unread(): Uint8Array {
    return this.#octets.subarray(0, this.#length)
  }

  /** Whether enough has come since the last look to look again. */
  get isWorthALook(): boolean {
    if (this.#segments > ALL_OF && this.#length < this.#lookedAt * (1 + DIFFERENCE)) return false
    this.#lookedAt = this.#length
    return true
  }

  take(length: number): void {
    if (length === 0) return
    // Readers may have been lent the octets: what is left moves to an array of its own.
    this.#octets = this.#octets.slice(length, this.#length)
    this.#length = this.#octets.length
    this.#lookedAt = 0
    this.#segments = 0
  }
}
