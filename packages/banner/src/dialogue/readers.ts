import type { Reader, Taken } from './dialogue.ts'

const LF = 0x0a
const CR = 0x0d

/** Each octet as the character of its number: nothing is lost, and everything has one length. */
export function latin1(octets: Uint8Array): string {
  let text = ''
  const step = 8192
  for (let at = 0; at < octets.length; at += step)
    text += String.fromCharCode(...octets.subarray(at, at + step))
  return text
}

/** A line of at most `most` octets, without its end (LF, or CR LF). The end of the stream ends a line as well. */
export function line(most = 4096): Reader<string> {
  return (octets, ended) => {
    const at = octets.subarray(0, most + 2).indexOf(LF)
    if (at < 0) return unended(octets, ended, most)
    const end = at > 0 && octets[at - 1] === CR ? at - 1 : at
    return end > most ? undefined : { value: latin1(octets.subarray(0, end)), length: at + 1 }
  }
}

function unended(octets: Uint8Array, ended: boolean, most: number): Taken<string> | 'more' | undefined {
  if (octets.length > most + 1) return undefined
  if (!ended) return 'more'
  return octets.length === 0 ? undefined : { value: latin1(octets), length: octets.length }
}

/** So many octets, which stay valid. */
export function exactly(length: number): Reader<Uint8Array> {
  return (octets) => (octets.length < length ? 'more' : { value: octets.slice(0, length), length })
}

export interface CodedReply {
  /** Three digits. */
  readonly code: number
  /** Its lines without codes. */
  readonly lines: readonly string[]
}

/** Lines of one reply at most. */
const MOST_LINES = 100

/** A reply as FTP and SMTP have it (RFC 959 section 4.2, RFC 5321 section 4.2.1): `250-` lines up to the one with `250 `. */
export const codedReply: Reader<CodedReply> = (octets, ended) => {
  const lines: string[] = []
  let at = 0
  let code: string | undefined
  while (lines.length < MOST_LINES) {
    const next = line()(octets.subarray(at), ended)
    if (next === undefined || next === 'more') return next
    at += next.length
    const [, digits, mark, text = ''] = /^(\d{3})(?:([ -])(.*))?$/s.exec(next.value) ?? []
    code ??= digits
    if (code === undefined) return undefined
    // FTP's lines in between may have no code at all.
    lines.push(digits === code ? text : next.value)
    if (digits === code && mark !== '-') return { value: { code: Number(code), lines }, length: at }
  }
  return undefined
}
