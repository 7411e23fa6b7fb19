import { type Address, parseAddress } from '@portkit/core'
import type { HostName, HostReport } from '../model/host-report.ts'
import type { PortRow, PortService, PortTable } from '../model/port-table.ts'
import { spansIn } from './port-ranges.ts'
import type { LeftOut } from './read-counts.ts'
import { ResultFault } from './read-fault.ts'
import type { Fields } from './read-json-fields.ts'
import { createReadTable, type ReadTable } from './read-table.ts'
import { isPortState, isTransport } from './read-words.ts'

const ENDS = ['host-timeout', 'interrupted', 'max-open'] as const
const HOST_STATES = ['up', 'down', 'unknown'] as const

export function hostOf(record: Fields, leftOut: LeftOut): HostReport {
  const from = record.optionalText('from')
  const endMs = record.timeMs('time')
  const hardwareAddress = record.optionalText('hardwareAddress')
  const vendor = record.optionalText('vendor')
  const ports = record.optionalObject('ports')
  const ended = ENDS.find((why) => why === record.optionalText('ended'))
  return {
    ...addressOf(record),
    names: [...record.list('names')].map(nameOf),
    otherAddresses: record.texts('otherAddresses'),
    status: {
      state: HOST_STATES.find((state) => state === record.text('state')) ?? 'unknown',
      reason: record.text('reason'),
      ttl: record.count('ttl', 255),
      ...(from !== undefined && { from }),
    },
    ...(hardwareAddress !== undefined && { hardwareAddress }),
    ...(vendor !== undefined && { vendor }),
    startMs: record.timeMs('started'),
    endMs,
    ...timesOf(record.optionalObject('rttMs')),
    ...(ports !== undefined && { ports: portsOf(ports, leftOut) }),
    ...(ended !== undefined && { ended }),
    unasked: record.count('unasked'),
    hasVersions: record.flag('hasVersions'),
  }
}

export function addressOf(record: Fields): Address {
  const address = parseAddress(record.text('address'))
  if (address === undefined) throw new ResultFault("a host's address is none")
  return address
}

/** A port; undefined when it is of a protocol or in a state that ports do not have. */
export function rowOf(record: Fields, leftOut: LeftOut): PortRow | undefined {
  const port = record.count('port', 65_535)
  const verdict = verdictOf(record)
  if (verdict === undefined) leftOut.add('ports of another kind')
  return verdict && { ...verdict, port, ...serviceOf(record) }
}

function portsOf(ports: Fields, leftOut: LeftOut): PortTable {
  const table = createReadTable()
  for (const group of ports.list('groups')) addGroup(table, group, leftOut)
  for (const record of ports.list('rows')) {
    const row = rowOf(record, leftOut)
    if (row !== undefined) table.add({ from: row.port, to: row.port }, row)
  }
  return table.done()
}

function addGroup(table: ReadTable, group: Fields, leftOut: LeftOut): void {
  const spans = spansIn(group.text('ports'))
  if (spans === undefined) throw new ResultFault("a group's ports do not ascend")
  const verdict = verdictOf(group)
  const row = verdict && { ...verdict, port: 0 }
  if (row === undefined) leftOut.add('ports of another kind', group.count('count'))
  else for (const span of spans) table.add(span, row)
}

function verdictOf(record: Fields): Omit<PortRow, 'port'> | undefined {
  const protocol = record.text('transport')
  const state = record.text('state')
  if (!isTransport(protocol) || !isPortState(state)) return undefined
  const from = record.optionalText('from')
  const reason = record.text('reason')
  return { protocol, state, reason, ttl: record.count('ttl', 255), ...(from !== undefined && { from }) }
}

function serviceOf(record: Fields): { readonly service?: PortService } {
  const name = record.optionalText('service')
  if (name === undefined) return {}
  const identity = record.optionalObject('identity')
  if (identity === undefined) return { service: { name, method: 'table', confidence: 3 } }
  const text = (key: keyof PortService) => {
    const value = identity.optionalText(key)
    return value === undefined ? undefined : { [key]: value }
  }
  const cpes = identity.texts('cpes')
  return {
    service: {
      name,
      method: identity.text('method') === 'probed' ? 'probed' : 'table',
      confidence: identity.count('confidence', 10),
      ...text('product'),
      ...text('version'),
      ...text('info'),
      ...text('hostname'),
      ...text('os'),
      ...(identity.optionalText('tunnel') === 'ssl' && { tunnel: 'ssl' as const }),
      ...(cpes.length > 0 && { cpes }),
    },
  }
}

function nameOf(name: Fields): HostName {
  return { name: name.text('name'), type: name.text('type') === 'user' ? 'user' : 'PTR' }
}

function timesOf(times: Fields | undefined): Pick<HostReport, 'times'> {
  if (times === undefined) return {}
  const us = (key: string): number => Math.round(times.number(key) * 1e6) / 1000
  return { times: { srttUs: us('srtt'), rttvarUs: us('rttvar'), timeoutUs: us('timeout') } }
}
