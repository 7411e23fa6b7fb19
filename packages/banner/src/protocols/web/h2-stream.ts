import { Duplex } from 'node:stream'
import type { Dialogue, Reader } from '../../dialogue/dialogue.ts'
import { concat } from '../../octets/octets.ts'

/** All octets that have come. */
const whatever: Reader<Uint8Array> = (octets, ended) => {
  if (octets.length === 0) return ended ? undefined : 'more'
  return { value: octets.slice(), length: octets.length }
}

/** A dialogue as a stream of Node's. */
export interface DialogueStream {
  readonly stream: Duplex
  /** Resolves once the dialogue gives nothing more, read by whoever has the stream or not. Never rejects. */
  readonly over: Promise<void>
}

/** Reads whether or not somebody wants it: a dialogue is bounded. Whoever made the dialogue closes it. */
export function streamOf(dialogue: Dialogue): DialogueStream {
  const stream = new Duplex({
    read() {},
    // All that waits goes out at once, as a copy: Node uses the memory of its frames again.
    writev(waiting: readonly { readonly chunk: Uint8Array }[], done) {
      dialogue.send(concat(...waiting.map(({ chunk }) => chunk))).then(() => done(), done)
    },
  })
  return { stream, over: pump(dialogue, stream) }
}

async function pump(dialogue: Dialogue, stream: Duplex): Promise<void> {
  while (!stream.destroyed) {
    const octets = await dialogue.receive(whatever)
    if (!stream.destroyed) stream.push(octets ?? null)
    if (octets === undefined) return
  }
}
