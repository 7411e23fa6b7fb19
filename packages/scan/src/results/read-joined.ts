import type { HostReport } from '../model/host-report.ts'
import type { PortRow } from '../model/port-table.ts'
import { createReadTable } from './read-table.ts'

/** Hosts by address: masscan writes a host for every port, and a port for every answer. */
export function joinedHosts(hosts: readonly HostReport[]): readonly HostReport[] {
  const groups = new Map<string, HostReport[]>()
  for (const host of hosts) {
    const group = groups.get(host.address)
    if (group === undefined) groups.set(host.address, [host])
    else group.push(host)
  }
  return [...groups.values()].flatMap((group) => joined(group) ?? [])
}

function joined(group: readonly HostReport[]): HostReport | undefined {
  const [first, second] = group
  if (first === undefined || second === undefined) return first
  const rows = new Map<string, PortRow>()
  for (const { ports } of group) {
    for (const row of ports?.rows() ?? []) rows.set(`${row.protocol} ${row.port}`, row)
  }
  const table = createReadTable()
  for (const row of rows.values()) table.add({ from: row.port, to: row.port }, row)
  return { ...first, endMs: group.at(-1)?.endMs ?? first.endMs, ports: table.done() }
}
