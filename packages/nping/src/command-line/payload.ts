import { type Coercer, notA, readNumber } from '@portkit/core'

/** nping's limit, which leaves room for the headers in an IP packet of 65535 octets. */
const LONGEST_PAYLOAD = 65_400

/** `--data`: hexadecimal octets, `0xdead`, `dead` or `\xde\xad`. @throws UsageError */
export const hexPayload: Coercer<Uint8Array> = (text, option) => {
  const digits = /^(\\x[\da-f]{2})+$/i.test(text) ? text.replace(/\\x/gi, '') : text.replace(/^0x/i, '')
  if (!/^([\da-f]{2})+$/i.test(digits)) throw notA('octets in hexadecimal such as 0xcafe01', text, option)
  return fitting(
    Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
    text,
    option,
  )
}

/** `--data-string`: the text in UTF-8. @throws UsageError */
export const textPayload: Coercer<Uint8Array> = (text, option) =>
  fitting(new TextEncoder().encode(text), text, option)

/** `--data-length`: how many random octets. @throws UsageError */
export const payloadLength: Coercer<number> = (text, option) => {
  const length = readNumber(text)
  if (length !== undefined && length <= LONGEST_PAYLOAD) return length
  throw notA(`a number from 0 to ${LONGEST_PAYLOAD}`, text, option)
}

function fitting(octets: Uint8Array, text: string, option: string): Uint8Array {
  if (octets.length <= LONGEST_PAYLOAD) return octets
  throw notA(`a payload of at most ${LONGEST_PAYLOAD} octets`, text, option)
}
