import type { ByteSink, ByteSource, ByteStream } from '@portkit/core'

/** What a session is between. */
export interface SessionEnds {
  /**
   * The connection; with `datagrams` each read and write is one datagram. The session closes it only when `-q` has it
   * wait afterwards; else that is left to the caller.
   */
  readonly net: ByteStream
  /** Standard input; undefined when it is not to be read (any more). */
  readonly input: ByteSource | undefined
  readonly output: ByteSink
  /** Resolves when nobody can read the output any more, also while nothing is written; nc polls for that. */
  readonly outputGone?: Promise<unknown> | undefined
  readonly datagrams: boolean
  /** The peer called us: then `-q` counts from the end of the input, else from the end of the session. */
  readonly listening: boolean
  /** Hears of all octets that pass, before they are written: dumps and progress. */
  readonly watch?: (way: 'sent' | 'received', octets: Uint8Array) => void
  /** An answer to a telnet request could not be sent; nc warns of it before it goes on. Gives the errno's name. */
  readonly answerFailed?: (code: string) => void | Promise<void>
}
