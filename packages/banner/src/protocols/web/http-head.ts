import type { Reader, Taken } from '../../dialogue/dialogue.ts'
import { latin1 } from '../../dialogue/readers.ts'

/** Names in lower case; each value as often as it was sent, octets as characters. */
export type Headers = ReadonlyMap<string, readonly string[]>

/** Status line and header fields, the same in HTTP, RTSP and SIP. */
export interface Head {
  /** `1.1`. */
  readonly version: string
  readonly status: number
  readonly reason: string
  readonly headers: Headers
}

/** Octets of a message that are looked at. */
export const MOST_OCTETS = 16_384

/** How status lines begin; 0 is any digit. */
const SHAPES = { HTTP: 'HTTP/0.0 000', RTSP: 'RTSP/0.0 000', SIP: 'SIP/0.0 000' } as const

/** So many fields count. */
const MOST_FIELDS = 100

/**
 * The head of a response (RFC 9112 section 4, RFC 2326 section 7, RFC 3261 section 7.2). A head that ends too early, or
 * never, counts as far as its last whole line: half a version would be a false one.
 */
export function head(protocol: keyof typeof SHAPES): Reader<Head> {
  const shape = SHAPES[protocol]
  return (octets, ended) => {
    const begins = hasShape(octets, shape, ended)
    if (begins !== true) return begins ? 'more' : undefined
    const text = latin1(octets.subarray(0, MOST_OCTETS))
    const end = /\n\r?\n/.exec(text)
    if (end === null && !ended && text.length < MOST_OCTETS) return 'more'
    return end === null
      ? cutHead(text, shape)
      : taken(text.slice(0, end.index), end.index + end[0].length, shape)
  }
}

/** Whether the octets begin as the shape does, and then have a blank or a line's end. */
function hasShape(octets: Uint8Array, shape: string, ended: boolean): boolean | 'more' {
  const begun = octets.subarray(0, shape.length)
  if (!begun.every((octet, at) => fits(octet, shape.charCodeAt(at)))) return false
  if (octets.length < shape.length) return ended ? false : 'more'
  const next = octets[shape.length]
  if (next === undefined) return ended ? true : 'more'
  return next === 0x20 || next === 0x0d || next === 0x0a
}

const ZERO = 0x30

const fits = (octet: number, shape: number): boolean =>
  shape === ZERO ? octet >= ZERO && octet <= ZERO + 9 : octet === shape

function cutHead(text: string, shape: string): Taken<Head> {
  const last = text.lastIndexOf('\n')
  return taken(last < 0 ? text : text.slice(0, last), text.length, shape)
}

function taken(text: string, length: number, shape: string): Taken<Head> {
  const [status = '', ...lines] = text.split('\n', MOST_FIELDS + 1).map((line) => line.replace(/\r$/, ''))
  const slash = shape.indexOf('/')
  return {
    value: {
      version: status.slice(slash + 1, slash + 4),
      status: Number(status.slice(slash + 5, slash + 8)),
      reason: status.slice(slash + 9).trim(),
      headers: fieldsOf(lines),
    },
    length,
  }
}

function fieldsOf(lines: readonly string[]): Headers {
  const headers = new Map<string, string[]>()
  for (const line of lines) {
    const [, name, value = ''] = /^([\w!#$%&'*+.^`|~-]+)[ \t]*:(.*)$/.exec(line) ?? []
    if (name === undefined) continue
    const key = name.toLowerCase()
    const values = headers.get(key)
    if (values === undefined) headers.set(key, [value.trim()])
    else values.push(value.trim())
  }
  return headers
}

/** The first value of a field. */
export function header(headers: Headers, name: string): string | undefined {
  return headers.get(name)?.[0]
}
