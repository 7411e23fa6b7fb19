import { UsageError } from '@portkit/core'

const HIGHEST = 65_535

/** Hosts are asked at few ports: this is a list, not a scan. */
const MOST = 1024

/**
 * The ports of -PS, -PA and -PU: numbers and ranges with commas between, ascending and each once. @throws UsageError in
 * nmap's words
 */
export function readPingPorts(text: string): readonly number[] {
  const ports = new Set<number>()
  for (const part of text.split(',')) for (const port of rangeOf(part)) ports.add(port)
  if (ports.size > MOST) throw new UsageError(`more than ${MOST} ports to ping a host at: scan them instead`)
  return [...ports].sort((a, b) => a - b)
}

function rangeOf(part: string): readonly number[] {
  const [, first = '', dash = '', last = ''] = /^(\d{0,6})(-?)(\d{0,6})$/.exec(part.trim()) ?? []
  if (first === '' && last === '') {
    throw new UsageError(
      'Your port specifications are illegal.  Ports to ping hosts at are numbers: "22,80,8000-8010"',
    )
  }
  const from = first === '' ? 1 : Number(first)
  const to = dash === '' ? from : last === '' ? HIGHEST : Number(last)
  if (Math.max(from, to) > HIGHEST)
    throw new UsageError('Ports specified must be between 0 and 65535 inclusive')
  if (from > to)
    throw new UsageError(`Your port range ${from}-${to} is backwards. Did you mean ${to}-${from}?`)
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}
