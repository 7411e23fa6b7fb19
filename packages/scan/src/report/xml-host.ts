import type { PortState } from '@portkit/core'
import type { HostHint } from '../model/event.ts'
import type { HostReport } from '../model/host-report.ts'
import type { PortRow, PortService, PortTable, ReasonTally } from '../model/port-table.ts'
import { rangesOf } from '../results/port-ranges.ts'
import { type CollapseRule, collapsedStates } from './not-shown.ts'
import { emptyTag, escapeXml, startTag } from './xml-text.ts'

/** What nmap writes of a host that was found to be up, before its ports are asked. */
export function hintXml(hint: HostHint): string {
  return `<hosthint>${headXml(hint)}</hosthint>\n`
}

/** A host, piece by piece: all of its ports may be listed. */
export function* hostXml(report: HostReport, rule: CollapseRule): Generator<string> {
  yield `${startTag('host', hostAttributes(report))}${headXml(report)}`
  if (report.ports !== undefined && report.ports.size > 0) yield* portsXml(report.ports, rule)
  if (report.times !== undefined) {
    const { srttUs, rttvarUs, timeoutUs } = report.times
    const times = { srtt: Math.round(srttUs), rttvar: Math.round(rttvarUs), to: Math.round(timeoutUs) }
    yield `${emptyTag('times', times)}\n`
  }
  yield '</host>\n'
}

/** nmap has times of hosts only whose ports were asked. */
function hostAttributes({ ports, startMs, endMs, ended, unasked }: HostReport) {
  if (ports === undefined) return {}
  const isSaid = ended === undefined || (ended === 'host-timeout' && unasked === 0)
  return {
    starttime: seconds(startMs),
    endtime: seconds(endMs),
    timedout: ended === 'host-timeout' ? 'true' : undefined,
    comment: isSaid ? undefined : `ended early (${ended}): ${unasked} ports without a state`,
  }
}

/** Whole seconds since 1970. */
export function seconds(ms: number): number {
  return Math.floor(ms / 1000)
}

function headXml({ address, family, status, names, hardwareAddress, vendor }: HostHint): string {
  const { state, reason, ttl } = status
  const lines = [
    emptyTag('status', { state, reason, reason_ttl: ttl }),
    emptyTag('address', { addr: address, addrtype: `ipv${family}` }),
  ]
  if (hardwareAddress !== undefined) {
    lines.push(emptyTag('address', { addr: hardwareAddress.toUpperCase(), addrtype: 'mac', vendor }))
  }
  if (state === 'up' || names.length > 0) {
    lines.push('<hostnames>')
    for (const { name, type } of names) lines.push(emptyTag('hostname', { name, type }))
    lines.push('</hostnames>')
  }
  return `${lines.join('\n')}\n`
}

function* portsXml(table: PortTable, rule: CollapseRule): Generator<string> {
  const collapsed = new Set<PortState>()
  yield '<ports>'
  for (const { state, count, reasons } of collapsedStates(table, rule)) {
    collapsed.add(state)
    yield `${startTag('extraports', { state, count })}\n`
    for (const tally of reasons) yield `${reasonXml(table, state, tally)}\n`
    yield '</extraports>\n'
  }
  for (const row of table.rows((state) => !collapsed.has(state))) yield `${rowXml(row)}\n`
  yield '</ports>\n'
}

function reasonXml(table: PortTable, state: PortState, { reason, count, protocol }: ReasonTally): string {
  const ports = rangesOf(table.portsOf(state, protocol, reason))
  return emptyTag('extrareasons', { reason, count, proto: protocol, ports })
}

function rowXml({ protocol, port, state, reason, ttl, from, service }: PortRow): string {
  const start = startTag('port', { protocol, portid: port })
  const verdict = emptyTag('state', { state, reason, reason_ttl: ttl, reason_ip: from })
  return `${start}${verdict}${service === undefined ? '' : serviceXml(service)}</port>`
}

/** The order of nmap's attributes. */
function serviceXml(service: PortService): string {
  const { name, product, version, info, hostname, os, tunnel, method, confidence, cpes = [] } = service
  const known = { product, version, extrainfo: info, hostname, ostype: os, tunnel }
  const attributes = { name, ...known, method, conf: confidence }
  if (cpes.length === 0) return emptyTag('service', attributes)
  const inside = cpes.map((cpe) => `<cpe>${escapeXml(cpe)}</cpe>`).join('')
  return `${startTag('service', attributes)}${inside}</service>`
}
