import type { Clock } from '@portkit/core'
import type { Exchange } from '../model/finding.ts'
import type { Asked } from '../model/protocol.ts'

interface Draft {
  readonly asked: Asked
  readonly secure: boolean
  readonly sent: Uint8Array
  readonly startNs: number
  readonly pieces: Uint8Array[]
  firstNs: number | undefined
  end: Exchange['end']
}

/** Who asks, and whether inside TLS. */
export interface Speaker {
  readonly asked: Asked
  readonly secure: boolean
}

/** What was said at one port, over all of its connections. */
export class Transcript {
  readonly #clock: Clock
  readonly #drafts: Draft[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** From here on what comes is the answer to this. */
  begin({ asked, secure }: Speaker, sent: Uint8Array): void {
    const startNs = this.#clock.nowNs()
    this.#drafts.push({ asked, secure, sent, startNs, pieces: [], firstNs: undefined, end: 'quiet' })
  }

  /** Octets that nobody changes any more. */
  add(octets: Uint8Array): void {
    const draft = this.#drafts.at(-1)
    if (draft === undefined) return
    draft.firstNs ??= this.#clock.nowNs() - draft.startNs
    draft.pieces.push(octets)
  }

  end(how: Exchange['end']): void {
    const draft = this.#drafts.at(-1)
    if (draft !== undefined) draft.end = how
  }

  /** A whole exchange that somebody else had. */
  tell({ received, ...exchange }: Exchange): void {
    this.#drafts.push({ ...exchange, startNs: this.#clock.nowNs(), pieces: [received] })
  }

  exchanges(): readonly Exchange[] {
    return this.#drafts.map(({ startNs, pieces, ...draft }) => ({ ...draft, received: joined(pieces) }))
  }
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces
  if (only !== undefined && pieces.length === 1) return only
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
