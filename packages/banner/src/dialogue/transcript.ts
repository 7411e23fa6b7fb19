import type { Clock } from '@portkit/core'
import type { Exchange } from '../model/finding.ts'
import type { Asked } from '../model/protocol.ts'
import { Gathered } from './gathered.ts'

interface Draft {
  readonly asked: Asked
  readonly secure: boolean
  readonly sent: Uint8Array
  readonly startNs: number
  readonly gathered: Gathered
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
    const gathered = new Gathered()
    this.#drafts.push({ asked, secure, sent, startNs, gathered, firstNs: undefined, end: 'quiet' })
  }

  /** Copies the octets. */
  add(octets: Uint8Array): void {
    const draft = this.#drafts.at(-1)
    if (draft === undefined) return
    draft.firstNs ??= this.#clock.nowNs() - draft.startNs
    draft.gathered.add(octets)
  }

  end(how: Exchange['end']): void {
    const draft = this.#drafts.at(-1)
    if (draft !== undefined) draft.end = how
  }

  /** A whole exchange that somebody else had. */
  tell({ received, ...exchange }: Exchange): void {
    const gathered = new Gathered()
    gathered.add(received)
    this.#drafts.push({ ...exchange, startNs: this.#clock.nowNs(), gathered })
  }

  /** Those of nobody else: nothing that comes later changes them. */
  exchanges(): readonly Exchange[] {
    return this.#drafts.map(({ startNs, gathered, ...draft }) => ({
      ...draft,
      received: gathered.octets.slice(),
    }))
  }
}
