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

  /** A conversation in which nothing was said, if only silence was kept. */
  async silent(): Promise<Conversation | undefined> {
    const idle = this.#idle
    this.#idle = undefined
    if (idle?.canSend && !idle.hasUnread) return idle
    idle?.close()
    return this.#open()
  }

  /** A conversation in which nothing was said at all. */
  async fresh(): Promise<Conversation | undefined> {
    const idle = this.#idle
    if (idle !== undefined && !idle.isUntouched) {
      idle.close()
      this.#idle = undefined
    }
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

  close(): void {
    this.#idle?.close()
    this.#idle = undefined
  }
}
