import type { PortState, Transport } from '@portkit/core'
import { type PortRow, type PortService, type PortTable, PROTOCOLS } from '../model/port-table.ts'

/** What two results have of one thing; undefined where one does not have it. */
export interface Sides<T> {
  readonly before: T | undefined
  readonly after: T | undefined
}

/** What two reports list of one port. */
export interface PortDiff extends Sides<PortRow> {
  readonly port: number
  readonly protocol: Transport
  readonly isSame: boolean
}

/** The ports of a host, and which of them its report lists. */
export interface ListedPorts {
  readonly table: PortTable
  isListed(state: PortState): boolean
}

/** A port and its protocol as one number, in the order of rows. */
type PortKey = number

/** More changes than nmap lists ports are told by the numbers of ports in each state, if these tell them. */
const LISTED = 25

/**
 * Ports that have other states now, though both reports only count them: ndiff cannot see them. None where they are many
 * and the counts have changed as well.
 */
export function hiddenChanges(
  { before, after }: Sides<ListedPorts>,
  hasSameCounts: boolean,
): readonly PortKey[] {
  if (before === undefined || after === undefined) return []
  const changed: PortKey[] = []
  const isHidden = (state: PortState): boolean => !before.isListed(state)
  for (const { port, protocol, state } of before.table.rows(isHidden)) {
    const now = after.table.row(protocol, port)?.state
    if (now === undefined || now === state || after.isListed(now)) continue
    changed.push(keyOf(port, protocol))
    if (!hasSameCounts && changed.length > LISTED) return []
  }
  return changed
}

/** Ports that a report lists, and those whose keys are given, by number, then protocol. */
export function* portDiffs(
  { before, after }: Sides<ListedPorts>,
  changes: readonly PortKey[],
): Generator<PortDiff> {
  const told = new Set(changes)
  const keys = new Set(changes)
  for (const side of [before, after]) {
    if (side === undefined) continue
    for (const { port, protocol } of side.table.rows(side.isListed)) keys.add(keyOf(port, protocol))
  }
  for (const key of Uint32Array.from(keys).sort()) {
    const port = Math.floor(key / PROTOCOLS.length)
    const protocol = PROTOCOLS[key % PROTOCOLS.length] ?? 'tcp'
    const find = (side: ListedPorts | undefined): PortRow | undefined => {
      const row = side?.table.row(protocol, port)
      return row !== undefined && (told.has(key) || side?.isListed(row.state)) ? row : undefined
    }
    const rows = { before: find(before), after: find(after) }
    yield { port, protocol, ...rows, isSame: isSamePort(rows) }
  }
}

function keyOf(port: number, protocol: Transport): PortKey {
  return port * PROTOCOLS.length + PROTOCOLS.indexOf(protocol)
}

function isSamePort({ before, after }: Sides<PortRow>): boolean {
  return before?.state === after?.state && isSameService(before?.service, after?.service)
}

/** What ndiff compares of a service: neither its host and system nor how it is known. */
export function isSameService(a: PortService | undefined, b: PortService | undefined): boolean {
  return serviceText(a) === serviceText(b)
}

function serviceText(service: PortService | undefined): string {
  if (service === undefined) return ''
  const { name, product, version, info, tunnel } = service
  return JSON.stringify([name, product ?? null, version ?? null, info ?? null, tunnel ?? null])
}
