import { UsageError } from './errors.ts'
import { quoted } from './quoted.ts'
import type { Services } from './services.ts'
import type { Transport } from './target.ts'

const LOWEST_PORT = 1
const HIGHEST_PORT = 65_535

/** How many ports a list may mention, repetitions included. */
const MOST_MENTIONED = 2 ** 20

/**
 * Reads a list of ports: `22`, `22,80`, `8000-8010`, `ssh`, `-100` (from 1), `60000-` (to 65535), in any
 * mixture with commas between. Gives each port once, in the order of first mention.
 * @throws UsageError with the part that makes no sense
 */
export function parsePorts(
  text: string,
  services: Pick<Services, 'portOf'>,
  transport: Transport = 'tcp',
): readonly number[] {
  const ports = new Set<number>()
  let mentioned = 0
  for (const part of text.split(',')) {
    if (part === '') throw new UsageError(text === '' ? 'port missing' : `port missing in ${quoted(text)}`)
    const { from, to } = parsePart(part, services, transport)
    mentioned += to - from + 1
    if (mentioned > MOST_MENTIONED) throw new UsageError(`port list too long: ${quoted(text)}`)
    for (let port = from; port <= to; port += 1) ports.add(port)
  }
  return [...ports]
}

/** Whether a word can be no host, only ports or an attempt at them: numbers, dashes, or anything with a comma. */
export function looksLikePorts(word: string): boolean {
  return /^[\d-]+$/.test(word) || (word.includes(',') && !/[:[\]]/.test(word))
}

interface Range {
  readonly from: number
  readonly to: number
}

function parsePart(part: string, services: Pick<Services, 'portOf'>, transport: Transport): Range {
  const [, first, dash, last] = /^(\d*)(-?)(\d*)$/.exec(part) ?? []
  if (first === undefined || last === undefined) return only(portOf(part, services, transport))
  if (dash === '') return only(portNumber(first, part))
  if (first === '' && last === '') throw new UsageError(`port range without an end: ${quoted(part)}`)
  const from = first === '' ? LOWEST_PORT : portNumber(first, part)
  const to = last === '' ? HIGHEST_PORT : portNumber(last, part)
  if (from > to) throw new UsageError(`port range is backwards: ${quoted(part)} (write ${to}-${from})`)
  return { from, to }
}

const only = (port: number): Range => ({ from: port, to: port })

function portNumber(digits: string, part: string): number {
  const port = Number(digits)
  if (port >= LOWEST_PORT && port <= HIGHEST_PORT) return port
  throw new UsageError(`port out of range: ${quoted(part)} (${LOWEST_PORT} to ${HIGHEST_PORT})`)
}

function portOf(name: string, services: Pick<Services, 'portOf'>, transport: Transport): number {
  const port = services.portOf(name, transport)
  if (port === undefined) throw new UsageError(`no ${transport} port or service: ${quoted(name)}`)
  return port
}
