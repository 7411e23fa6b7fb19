import type { PortState } from '@portkit/core'
import type { HostReport, HostStatus } from '../model/host-report.ts'
import { type CollapseRule, collapsedStates } from '../report/not-shown.ts'
import { hiddenChanges, type ListedPorts, type PortDiff, portDiffs, type Sides } from './diff-ports.ts'

/** Ports of one state that a report only counts. */
export interface HiddenState {
  readonly state: PortState
  readonly count: number
}

/** What one result says of a host, apart from single ports. */
export interface HostFacts {
  /** Each once, in the order of their characters. */
  readonly names: readonly string[]
  readonly addresses: readonly HostAddress[]
  readonly state: HostStatus['state']
  /** By falling count, as reports have them. */
  readonly hidden: readonly HiddenState[]
}

/** An address as nmap's XML has it. */
export interface HostAddress {
  readonly addr: string
  readonly addrtype: 'ipv4' | 'ipv6' | 'mac'
}

/** What two results say of one host; undefined where one does not have it. */
export interface HostDiff extends Sides<HostFacts> {
  readonly isSame: boolean
  /** By number, then protocol; also those that are the same. They are made anew each time. */
  ports(): Iterable<PortDiff>
}

/** What the reports list: of hosts that both have, and of those that only one has. */
export interface DiffRules {
  readonly before: CollapseRule
  readonly after: CollapseRule
  readonly both: CollapseRule
}

/** At least one of the reports is there. */
export function diffHost(
  before: HostReport | undefined,
  after: HostReport | undefined,
  rules: DiffRules,
): HostDiff {
  const sides = {
    before: before && factsOf(before, after === undefined ? rules.before : rules.both),
    after: after && factsOf(after, before === undefined ? rules.after : rules.both),
  }
  const hasSameHidden = hiddenText(sides.before) === hiddenText(sides.after)
  const ports = {
    before: before && listed(before, sides.before),
    after: after && listed(after, sides.after),
  }
  const changes = hiddenChanges(ports, hasSameHidden)
  const isSameHost = JSON.stringify(sides.before) === JSON.stringify(sides.after)
  return {
    ...sides,
    isSame: isSameHost && changes.length === 0 && allSame(portDiffs(ports, changes)),
    ports: () => portDiffs(ports, changes),
  }
}

/** `10.0.0.2, 02:00:00:00:00:01`, `a.lan, b.lan (10.0.0.2)`; not escaped. */
export function titleOf({ names, addresses }: HostFacts): string {
  const where = addresses.map(({ addr }) => addr).join(', ')
  return names.length === 0 ? where : `${names.join(', ')} (${where})`
}

/** `100 filtered ports, 30 closed ports`, with ndiff's order and plural; empty when there are none. */
export function hiddenText(facts: HostFacts | undefined): string {
  const hidden = facts?.hidden.toSorted((a, b) => b.count - a.count || (a.state < b.state ? 1 : -1)) ?? []
  return hidden.map(({ state, count }) => `${count} ${state} ports`).join(', ')
}

function factsOf(report: HostReport, rule: CollapseRule): HostFacts {
  const { address, family, hardwareAddress, names, status, ports } = report
  const mac = { addr: hardwareAddress?.toUpperCase() ?? '', addrtype: 'mac' } as const
  const hidden = ports === undefined ? [] : collapsedStates(ports, rule)
  return {
    names: [...new Set(names.map(({ name }) => name))].filter((name) => name !== '').sort(),
    addresses: [
      { addr: address, addrtype: family === 4 ? 'ipv4' : 'ipv6' },
      ...(mac.addr === '' ? [] : [mac]),
    ],
    state: status.state,
    hidden: hidden.map(({ state, count }) => ({ state, count })),
  }
}

function listed({ ports }: HostReport, facts: HostFacts | undefined): ListedPorts | undefined {
  const hidden = new Set(facts?.hidden.map(({ state }) => state))
  return ports && { table: ports, isListed: (state) => !hidden.has(state) }
}

function allSame(ports: Iterable<PortDiff>): boolean {
  for (const { isSame } of ports) if (!isSame) return false
  return true
}
