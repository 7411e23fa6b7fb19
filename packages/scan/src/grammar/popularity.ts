import { knownPorts, type Transport } from '@portkit/core'
import { POPULAR_PORTS } from './popularity-table.ts'

/**
 * More than 1,000 ports of a protocol, each once, the likeliest first: our own table, then the other ports of the IANA's
 * well-known services, ascending. The same on every machine: shards and resumed runs rely on it.
 */
export function popularPorts(protocol: Transport): readonly number[] {
  return [...new Set([...written(POPULAR_PORTS[protocol]), ...knownPorts()])]
}

/** Numbers and ranges with blanks between. */
function* written(table: string): Generator<number> {
  for (const item of table.trim().split(/\s+/)) {
    const [from, to = from] = item.split('-').map(Number)
    for (let port = from ?? 0; port <= (to ?? 0); port += 1) yield port
  }
}
