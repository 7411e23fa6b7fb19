const LEAST = 512

/** Octets that come piece by piece, in one array: many small pieces cost no more memory than a few large ones. */
export class Gathered {
  #octets = new Uint8Array(0)
  #length = 0

  /** Copies them. */
  add(octets: Uint8Array): void {
    const length = this.#length + octets.length
    if (length > this.#octets.length) {
      const more = new Uint8Array(Math.max(2 * this.#octets.length, length, LEAST))
      more.set(this.octets)
      this.#octets = more
    }
    this.#octets.set(octets, this.#length)
    this.#length = length
  }

  get length(): number {
    return this.#length
  }

  /** A view that is good until the next call of `add` or `drop`. */
  get octets(): Uint8Array {
    return this.#octets.subarray(0, this.#length)
  }

  /** Forgets the first so many. */
  drop(length: number): void {
    // Somebody may have been lent the octets: what is left moves to an array of its own.
    this.#octets = this.#octets.slice(length, this.#length)
    this.#length = this.#octets.length
  }
}
