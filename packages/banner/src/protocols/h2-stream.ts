import { Duplex } from 'node:stream'
import type { Dialogue, Reader } from '../dialogue/dialogue.ts'

/** All octets that have come. */
const whatever: Reader<Uint8Array> = (octets, ended) => {
  if (octets.length === 0) return ended ? undefined : 'more'
  return { value: octets.slice(), length: octets.length }
}

/** A dialogue as a stream of Node's, which ends when the dialogue does. Whoever made the dialogue closes it. */
export function streamOf(dialogue: Dialogue): Duplex {
  return new Duplex({
    read() {
      dialogue.receive(whatever).then(
        (octets) => {
          if (!this.destroyed) this.push(octets === undefined ? null : octets)
        },
        (error: Error) => void this.destroy(error),
      )
    },
    write(octets: Uint8Array, _, done) {
      dialogue.send(Uint8Array.from(octets)).then(() => done(), done)
    },
  })
}
