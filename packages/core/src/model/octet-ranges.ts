import { UsageError } from './errors.ts'
import { quoted } from './quoted.ts'

/** The values that each octet of an IPv4 address may take, ascending, each once. */
export type Octets = readonly [Values, Values, Values, Values]

type Values = readonly number[]

const HIGHEST = 255

/**
 * Reads ranges of octets: four parts with dots between, each a list of `7`, `1-24`, `-9` (from 0), `200-` (to 255) and
 * `*`. undefined for what can be no such thing but a name.
 * @throws UsageError for what is meant as one and is wrong
 */
export function parseOctetRanges(text: string): Octets | undefined {
  if (!/^[\d*,.-]+$/.test(text)) return undefined
  const parts = text.split('.')
  const [a, b, c, d, ...more] = parts
  if (a === undefined || b === undefined || c === undefined || d === undefined || more.length > 0) {
    if (!/[*,]/.test(text)) return undefined
    throw new UsageError(`four octets with dots between are wanted: ${quoted(text)}`)
  }
  return [valuesOf(a, text), valuesOf(b, text), valuesOf(c, text), valuesOf(d, text)]
}

function valuesOf(part: string, text: string): Values {
  const isMeant = new Array<boolean>(HIGHEST + 1).fill(false)
  for (const item of part.split(',')) {
    const { from, to } = rangeOf(item, text)
    isMeant.fill(true, from, to + 1)
  }
  return isMeant.flatMap((meant, value) => (meant ? [value] : []))
}

function rangeOf(item: string, text: string): { readonly from: number; readonly to: number } {
  if (item === '*') return { from: 0, to: HIGHEST }
  const [, first, dash, last] = /^(\d*)(-?)(\d*)$/.exec(item) ?? []
  if (first === undefined || last === undefined || item === '') {
    throw new UsageError(`range of an octet invalid: ${quoted(item)} in ${quoted(text)}`)
  }
  const from = first === '' ? 0 : octet(first, text)
  const to = dash === '' ? from : last === '' ? HIGHEST : octet(last, text)
  if (from <= to) return { from, to }
  throw new UsageError(`range of an octet is backwards: ${quoted(item)} in ${quoted(text)}`)
}

/** A leading zero might be meant as octal, or not. */
function octet(digits: string, text: string): number {
  const value = /^(0|[1-9]\d{0,2})$/.test(digits) ? Number(digits) : HIGHEST + 1
  if (value <= HIGHEST) return value
  throw new UsageError(
    `octet invalid: ${quoted(digits)} in ${quoted(text)} (0 to ${HIGHEST}, no zeros in front)`,
  )
}
