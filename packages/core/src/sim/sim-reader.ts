import { type ByteSource, StreamFault } from '../io/streams.ts'
import { concat, copyOf } from './sim-stream.ts'

/** Octets of a stream taken by number or up to a mark. */
export class Reader {
  readonly #source: ByteSource
  #left: Uint8Array = new Uint8Array(0)

  constructor(source: ByteSource) {
    this.#source = source
  }

  /** Exactly so many octets. @throws StreamFault `EOF` when fewer come; `left` has those */
  async exactly(count: number): Promise<Uint8Array> {
    while (this.#left.length < count) await this.#more()
    return this.#takeFirst(count)
  }

  /** Everything up to and with this text. @throws StreamFault `EOF` when it does not come */
  async until(mark: string): Promise<Uint8Array> {
    for (;;) {
      const at = latin1(this.#left).indexOf(mark)
      if (at >= 0) return this.#takeFirst(at + mark.length)
      await this.#more()
    }
  }

  /** What has been read and not been taken. */
  get left(): Uint8Array {
    return this.#left
  }

  #takeFirst(count: number): Uint8Array {
    const taken = copyOf(this.#left, 0, count)
    this.#left = this.#left.subarray(count)
    return taken
  }

  async #more(): Promise<void> {
    const octets = await this.#source.read(65_536)
    if (octets === undefined) throw new StreamFault('EOF')
    this.#left = concat([this.#left, octets])
  }
}

/** One character for each octet. */
export function latin1(octets: Uint8Array): string {
  let text = ''
  for (const octet of octets) text += String.fromCharCode(octet)
  return text
}
