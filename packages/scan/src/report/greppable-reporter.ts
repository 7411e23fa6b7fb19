import { escapeControl } from '@portkit/core'
import type { Reporter, Sink } from '../model/event.ts'
import type { HostReport } from '../model/host-report.ts'
import type { PortRow, PortTable } from '../model/port-table.ts'
import type { RunInfo } from '../model/scan-result.ts'
import { rangesOf } from '../results/port-ranges.ts'
import { doneComment } from './done-line.ts'
import { isTold } from './host-lines.ts'
import { type CollapseRule, collapsedStates } from './not-shown.ts'
import { firstComment } from './text-frame.ts'
import { namesOf, serviceText, versionText } from './words.ts'

const STATUS = { up: 'Up', down: 'Down', unknown: 'Unknown' } as const satisfies Record<
  HostReport['status']['state'],
  string
>

/** nmap's `-oG`: one line a host and kind of fact, fields set apart by tabs, as nmap 7.93 writes it. */
export function createGreppableReporter(rule: CollapseRule, sink: Sink): Reporter {
  return {
    on(event) {
      if (event.kind === 'begin') sink.write(firstComment(event.run) + scannedComment(event.run, rule))
      else if (event.kind === 'host' && isTold(event.report, rule)) sink.write(hostText(event.report, rule))
      else if (event.kind === 'end') sink.write(doneComment(event.end))
    },
  }
}

/** `# Ports scanned: TCP(3;22,80,111) UDP(0;) SCTP(0;) PROTOCOLS(0;)`, with -v. */
function scannedComment({ scans }: RunInfo, { verbose, debugging }: CollapseRule): string {
  if (verbose === 0 && debugging === 0) return ''
  const of = (protocol: string): string => {
    const ports = scans.find((scan) => scan.protocol === protocol)?.ports ?? []
    return `(${ports.length};${rangesOf(ports)})`
  }
  return `# Ports scanned: TCP${of('tcp')} UDP${of('udp')} SCTP${of('sctp')} PROTOCOLS${of('ip')}\n`
}

function hostText(host: HostReport, rule: CollapseRule): string {
  // Only what a reverse lookup said, also when the user typed a name.
  const name = `Host: ${escapeControl(host.address)} (${namesOf(host).looked ?? ''})\t`
  let text = `${name}Status: ${STATUS[host.status.state]}\n`
  if (host.ended === 'host-timeout') text += `${name}Status: Timeout\n`
  if (host.ports !== undefined && host.ports.size > 0) {
    text += `${name}${portsText(host, host.ports, rule)}\n`
  }
  return text
}

/** `Ports: 22/open/tcp//ssh///` and, when one state only is not listed, `Ignored State: closed (101)`. */
function portsText({ hasVersions, unasked }: HostReport, ports: PortTable, rule: CollapseRule): string {
  const collapsed = collapsedStates(ports, rule)
  const states = new Set(collapsed.map(({ state }) => state))
  let list = ''
  for (const row of ports.rows((state) => !states.has(state))) {
    list += `${list === '' ? '' : ', '}${portText(row, hasVersions)}`
  }
  const [only, more] = collapsed
  const ignored =
    only !== undefined && more === undefined ? `\tIgnored State: ${only.state} (${only.count})` : ''
  // A field of our own, so that a host that was left early does not look like a whole one.
  return `Ports: ${list}${ignored}${unasked > 0 ? `\tNo Verdict: ${unasked}` : ''}`
}

/** Port, state, protocol, owner, service, RPC, version: nmap fills neither the fourth nor the sixth any more. */
function portText(row: PortRow, hasVersions: boolean): string {
  const service = bar(serviceText(row, hasVersions))
  const version = hasVersions ? bar(versionText(row.service)) : ''
  return `${row.port}/${row.state}/${row.protocol}//${service}//${version}/`
}

/** The slash divides the fields of a port. */
function bar(text: string): string {
  return text.replaceAll('/', '|')
}
