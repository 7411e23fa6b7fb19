import { dateOf, head } from '@portkit/core'
import type { PortRow } from '../model/port-table.ts'
import type { RunInfo } from '../model/scan-result.ts'
import type { ResultDiff } from './diff.ts'
import type { HostDiff, HostFacts } from './diff-hosts.ts'

/**
 * The differences as one JSON document (core's schema: `scan-diff`), in pieces; a host is one line. null is what one of the results does not have.
 * @param verbose also what is the same
 */
export function* diffJson(diff: ResultDiff, verbose: boolean, nowMs: number): Generator<string> {
  const first = {
    ...head('scan-diff', 'portscan diff', nowMs),
    same: diff.isSame,
    before: runOf(diff.before),
    after: runOf(diff.after),
  }
  yield `${JSON.stringify(first).slice(0, -1)},"hosts":[`
  let separator = '\n'
  for (const host of diff.hosts) {
    if (host.isSame && !verbose) continue
    yield separator
    yield* hostJson(host, verbose)
    separator = ',\n'
  }
  yield ']}\n'
}

function* hostJson(host: HostDiff, verbose: boolean): Generator<string> {
  const { before, after } = host
  const addr = (after ?? before)?.addresses[0]?.addr
  const first = { address: addr, same: host.isSame, before: factsOf(before), after: factsOf(after) }
  yield `${JSON.stringify(first).slice(0, -1)},"ports":[`
  let separator = ''
  for (const { port, protocol, isSame, ...rows } of host.ports()) {
    if (isSame && !verbose) continue
    const change = { port, transport: protocol, before: rowOf(rows.before), after: rowOf(rows.after) }
    yield separator + JSON.stringify(change)
    separator = ','
  }
  yield ']}'
}

function runOf({ scanner, version, args, startMs }: RunInfo) {
  return { scanner, version, args, started: dateOf(startMs) }
}

function factsOf(facts: HostFacts | undefined) {
  if (facts === undefined) return null
  const { state, names, addresses, hidden } = facts
  const hardwareAddress = addresses.find(({ addrtype }) => addrtype === 'mac')?.addr.toLowerCase() ?? null
  return { state, names, hardwareAddress, notShown: hidden }
}

function rowOf(row: PortRow | undefined) {
  if (row === undefined) return null
  const { state, service } = row
  if (service === undefined) return { state, service: null }
  const { name, product = null, version = null, info = null, tunnel = null } = service
  return { state, service: { name, product, version, info, tunnel } }
}
