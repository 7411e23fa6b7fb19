import { joined } from '../../wire/octets.ts'

const NOTHING: Uint8Array = new Uint8Array()

/**
 * The octets of a file from the next unread one on. Holds no more than was asked for and the rest of the last piece, so
 * that memory stays bounded however long the file is and however it is cut into pieces.
 */
export class LookAhead {
  readonly #pieces: AsyncIterator<Uint8Array>
  #held = NOTHING
  #view: DataView = new DataView(NOTHING.buffer)
  #at = 0

  /** @param source pieces that are not changed after they were handed over */
  constructor(source: AsyncIterable<Uint8Array>) {
    this.#pieces = source[Symbol.asyncIterator]()
  }

  /** Octets that are here already. */
  get held(): number {
    return this.#held.length - this.#at
  }

  /** Waits until `count` octets are here; false when the file ends before. */
  async fill(count: number): Promise<boolean> {
    if (this.held >= count) return true
    const pieces = [this.#held.subarray(this.#at)]
    let held = this.held
    while (held < count) {
      const { done, value } = await this.#pieces.next()
      if (done === true) break
      pieces.push(value)
      held += value.length
    }
    this.#hold(together(pieces, held))
    return held >= count
  }

  /** Passes `count` octets over, also ones that are not here yet; false when the file ends before. */
  async skip(count: number): Promise<boolean> {
    let left = count
    while (left > this.held) {
      left -= this.held
      this.#hold(NOTHING)
      if (!(await this.fill(1))) return false
    }
    this.pass(left)
    return true
  }

  /** Passes over octets that are here. */
  pass(count: number): void {
    this.#at += count
  }

  /** Octets that are here, `offset` counted from the next unread one; nobody will change them. */
  octets(offset: number, count: number): Uint8Array {
    return this.#held.subarray(this.#at + offset, this.#at + offset + count)
  }

  uint16(offset: number, isLittleEndian: boolean): number {
    return this.#view.getUint16(this.#at + offset, isLittleEndian)
  }

  uint32(offset: number, isLittleEndian: boolean): number {
    return this.#view.getUint32(this.#at + offset, isLittleEndian)
  }

  int64(offset: number, isLittleEndian: boolean): bigint {
    return this.#view.getBigInt64(this.#at + offset, isLittleEndian)
  }

  /** Lets go of the source. */
  async close(): Promise<void> {
    await this.#pieces.return?.()
  }

  #hold(octets: Uint8Array): void {
    this.#held = octets
    this.#view = new DataView(octets.buffer, octets.byteOffset, octets.length)
    this.#at = 0
  }
}

/** Copies nothing where one piece is all. */
function together(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const [first, second] = pieces.filter((piece) => piece.length > 0)
  if (first === undefined) return NOTHING
  return second === undefined ? first : joined(pieces, length)
}
