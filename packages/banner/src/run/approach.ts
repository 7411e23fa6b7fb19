import type { Conversation } from '../dialogue/conversation.ts'

/** One way to reach the port, plain or in TLS, with the connection that may be used once more. */
export class Approach {
  readonly secure: boolean
  readonly #open: () => Promise<Conversation | undefined>
  #idle: Conversation | undefined

  /** @param first an untouched conversation that is open already */
  constructor(
    secure: boolean,
    open: () => Promise<Conversation | undefined>,
    first: Conversation | undefined = undefined,
  ) {
    this.secure = secure
    this.#open = open
    this.#idle = first
  }

  /** A conversation in which nobody said anything, but one or both may have waited. */
  async unspoken(): Promise<Conversation | undefined> {
    if (this.#idle?.hasSent) this.close()
    return this.silent()
  }

  /** A conversation in which the peer said nothing, whatever it was asked. */
  async silent(): Promise<Conversation | undefined> {
    const idle = this.#idle
    this.#idle = undefined
    if (idle?.canSend && !idle.hasUnread) return idle
    idle?.close()
    return this.#open()
  }

  /** A conversation in which nobody said anything or waited. */
  async fresh(): Promise<Conversation | undefined> {
    if (this.#idle?.isUntouched === false) this.close()
    return this.silent()
  }

  /** The conversation may be gone on with. */
  keep(conversation: Conversation): void {
    this.#idle?.close()
    this.#idle = conversation
  }

  /** The peer ended the last conversation without a word. */
  get isGone(): boolean {
    return this.#idle?.end !== undefined && !this.#idle.hasUnread
  }

  /** The peer has let a question or a listener wait, and the connection is still there. */
  get isSilent(): boolean {
    const idle = this.#idle
    return idle?.canSend === true && !idle.isUntouched && idle.heard === 0
  }

  close(): void {
    this.#idle?.close()
    this.#idle = undefined
  }
}
