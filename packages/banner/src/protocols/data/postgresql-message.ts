import type { Taken } from '../../dialogue/dialogue.ts'
import { peerText } from '../../model/peer-text.ts'
import { read32 } from '../../octets/big-endian.ts'

/** A message of PostgreSQL's frontend/backend protocol 3.0 (its documentation, "Message Formats"): a letter, a length, a body. */
export interface PostgresqlMessage {
  readonly type: string
  readonly body: Uint8Array
}

const HEADER_LENGTH = 5
/** Octets of one message at most before anybody has logged in. */
const MOST = 30_000

/** The first message, whose body is a view; undefined when it is none that a server sends to begin with. */
export function readMessage(octets: Uint8Array): Taken<PostgresqlMessage> | 'more' | undefined {
  const [letter, high = 0] = octets
  if (letter === undefined) return 'more'
  const type = String.fromCharCode(letter)
  // Error, notice, authentication, status of a parameter, key of the connection, ready.
  if (!'ENRSKZ'.includes(type) || high !== 0) return undefined
  if (octets.length < HEADER_LENGTH) return 'more'
  const length = 1 + read32(octets, 1)
  if (length < HEADER_LENGTH || length > MOST) return undefined
  if (octets.length < length) return 'more'
  return { value: { type, body: octets.subarray(HEADER_LENGTH, length) }, length }
}

/** Texts that each end with a zero, as far as they do; an empty one ends the list. */
export function zeroEnded(octets: Uint8Array, most = 64): readonly string[] {
  const texts: string[] = []
  let at = 0
  while (texts.length < most) {
    const end = octets.indexOf(0, at)
    if (end <= at) break
    texts.push(peerText(octets.subarray(at, end)))
    at = end + 1
  }
  return texts
}

/** An error ("Error and Notice Message Fields"). */
export interface PostgresqlError {
  readonly code: string
  readonly message: string
  /** The file and the routine in the server's source that found it; not all servers tell them. */
  readonly file: string | undefined
  readonly routine: string | undefined
}

/** The fields of an error: severity, code and message are in all of them. */
export function errorFields(body: Uint8Array): PostgresqlError | undefined {
  const fields = zeroEnded(body)
  const field = (letter: string): string | undefined =>
    fields.find((text) => text.startsWith(letter))?.slice(1)
  const [severity, code, message] = [field('S'), field('C'), field('M')]
  if (severity === undefined || message === undefined) return undefined
  if (code === undefined || !/^[0-9A-Z]{5}$/.test(code)) return undefined
  return { code, message, file: field('F'), routine: field('R') }
}
