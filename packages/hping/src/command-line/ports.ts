import { shown, UsageError } from '@portkit/core'

const HIGHEST_PORT = 65_535

/** How many ports a list may mention, repetitions included. */
const MOST_MENTIONED = 2 ** 20

/** Gives the ports that have a name in /etc/services. */
export type KnownPorts = () => readonly number[]

/**
 * `--scan`: numbers from 0, ranges, `all` and `known` with commas between, each perhaps with `!` before it, which takes
 * out again what was named so far. Gives each port once, ascending.
 * @param known is asked only when the list says so
 * @throws UsageError naming the item that makes no sense
 */
export function readScanList(list: string, known: KnownPorts): readonly number[] {
  const isMeant = new Array<boolean>(HIGHEST_PORT + 1).fill(false)
  let mentioned = 0
  for (const item of list.split(',')) {
    const what = item.trim()
    const isTaken = what.startsWith('!')
    for (const [from, to] of rangesOf(isTaken ? what.slice(1) : what, item, known)) {
      isMeant.fill(!isTaken, from, to + 1)
      mentioned += to - from + 1
    }
    if (mentioned > MOST_MENTIONED) throw new UsageError(`-8: the list is too long: ${shown(list)}`)
  }
  const ports = isMeant.flatMap((meant, port) => (meant ? [port] : []))
  if (ports.length === 0) throw new UsageError(`-8: no port is left: ${shown(list)}`)
  return ports
}

type Range = readonly [from: number, to: number]

function rangesOf(what: string, item: string, known: KnownPorts): readonly Range[] {
  if (what === 'all') return [[0, HIGHEST_PORT]]
  if (what === 'known') return known().map((port) => [port, port])
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(what) ?? []
  if (first === undefined || last === undefined) {
    const wanted = "a port, a range, 'all' or 'known', or one of these behind '!'"
    throw new UsageError(`-8: not ${wanted}: ${shown(item)}`)
  }
  // hping3 takes ranges in both directions.
  const from = Math.min(Number(first), Number(last))
  const to = Math.max(Number(first), Number(last))
  if (to <= HIGHEST_PORT) return [[from, to]]
  throw new UsageError(`-8: not within the ports from 0 to ${HIGHEST_PORT}: ${shown(item)}`)
}
