import { type Coercer, notA, UsageError } from '@portkit/core'

/** Octets of one probe at most: what fits into a datagram (RFC 768, RFC 791). */
const MOST = 65_507

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|([rnt0\\]))|\\/g
const NAMED: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', '0': '\0', '\\': '\\' }

/**
 * The octets of `--probe`. What begins with `0x` is hexadecimal, two digits an octet, blanks or colons between octets
 * allowed: `0x0d0a`, `0x0d:0a`. Everything else is text in UTF-8 with the escapes `\r \n \t \0 \\` and `\xHH`, which is one
 * octet; text that is to begin with 0x is written `\x30x`.
 */
export const probeText: Coercer<Uint8Array> = (text, option) => {
  const octets = text.startsWith('0x') ? hexOctets(text, option) : textOctets(text, option)
  if (octets.length === 0) throw new UsageError(`${option}: must not be empty`)
  if (octets.length > MOST) throw new UsageError(`${option}: longer than ${MOST} octets`)
  return octets
}

function hexOctets(text: string, option: string): Uint8Array {
  const digits = text.slice(2)
  if (!/^(?:[ :]?[0-9a-fA-F]{2})*$/.test(digits))
    throw notA('pairs of hexadecimal digits after 0x', text, option)
  return Uint8Array.from(digits.match(/[0-9a-fA-F]{2}/g) ?? [], (pair) => Number.parseInt(pair, 16))
}

function textOctets(text: string, option: string): Uint8Array {
  const octets: number[] = []
  const encoder = new TextEncoder()
  const add = (plain: string): void => {
    for (const octet of encoder.encode(plain)) octets.push(octet)
  }
  let from = 0
  for (const { 0: whole, 1: hex, 2: name, index } of text.matchAll(ESCAPE)) {
    add(text.slice(from, index))
    if (hex !== undefined) octets.push(Number.parseInt(hex, 16))
    else if (name !== undefined) add(NAMED[name] ?? '')
    else throw notA('text with the escapes \\r \\n \\t \\0 \\\\ \\xHH', text, option)
    from = index + whole.length
  }
  add(text.slice(from))
  return Uint8Array.from(octets)
}
