import { latin1 } from '../../dialogue/readers.ts'
import { type Head, header } from './http-head.ts'
import { titleEnd } from './http-title.ts'

/** Plain texts that tell something are short. */
const SHORT = 4096

/**
 * As much of a body as tells something, octets as characters: up to its end or to that of its title; nothing of files,
 * pictures and compressed ones. `more` while that is not all there.
 * @param octets those after the head, already cut to what is looked at
 */
export function bodyOf(head: Head, octets: Uint8Array, ended: boolean): string | 'more' {
  if (!isWorthReading(head)) return ''
  const { body, isWhole } = transferred(head, latin1(octets))
  // Whoever wants TLS here says so in a page of status 400, behind its title.
  const end = head.status === 400 ? undefined : titleEnd(body)
  if (end !== undefined) return body.slice(0, end)
  return isWhole || ended ? body : 'more'
}

/** Whether a body says what is there (RFC 9110 sections 6.4.1 and 8.4). */
export function isWorthReading({ status, headers }: Head): boolean {
  if (status < 200 || status === 204 || status === 304) return false
  const coding = header(headers, 'content-encoding') ?? ''
  if (coding !== '' && coding.toLowerCase() !== 'identity') return false
  const type = header(headers, 'content-type') ?? ''
  if (type === '' || /html|xml|json/i.test(type)) return true
  return /^text\/plain/i.test(type) && (status >= 400 || Number(header(headers, 'content-length')) <= SHORT)
}

interface Transferred {
  readonly body: string
  readonly isWhole: boolean
}

/** RFC 9112 section 6.3. */
function transferred({ headers }: Head, text: string): Transferred {
  if (/chunked$/i.test(header(headers, 'transfer-encoding') ?? '')) return unchunked(text)
  const length = header(headers, 'content-length') ?? ''
  if (!/^\d{1,15}$/.test(length)) return { body: text, isWhole: false }
  return { body: text.slice(0, Number(length)), isWhole: text.length >= Number(length) }
}

/** A chunk's size and its extensions. */
const MOST_SIZE_LINE = 100

/** The content of chunks (RFC 9112 section 7.1); it ends where they are not that any more. */
function unchunked(text: string): Transferred {
  let body = ''
  for (let at = 0; ; ) {
    const end = text.slice(at, at + MOST_SIZE_LINE).indexOf('\n')
    if (end < 0) return { body, isWhole: text.length - at >= MOST_SIZE_LINE }
    const size = /^[\da-f]{1,7}/i.exec(text.slice(at, at + end))?.[0]
    if (size === undefined || Number.parseInt(size, 16) === 0) return { body, isWhole: true }
    const start = at + end + 1
    at = start + Number.parseInt(size, 16)
    body += text.slice(start, at)
    if (text.length < at + 2) return { body, isWhole: false }
    at += text[at] === '\r' ? 2 : 1
  }
}
