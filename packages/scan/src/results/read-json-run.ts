import { parseAddress } from '@portkit/core'
import type { HostReport } from '../model/host-report.ts'
import type { PortTable } from '../model/port-table.ts'
import type { RunEnd, RunInfo } from '../model/scan-result.ts'
import { portsIn } from './port-ranges.ts'
import { ResultFault } from './read-fault.ts'
import type { Fields } from './read-json-fields.ts'
import { addressOf } from './read-json-host.ts'

/** Our own scans have two at most, merged ones not many more. */
const MOST_SCANS = 32

export function runOf(record: Fields): RunInfo {
  const scans = [...record.list('scans')]
  if (scans.length > MOST_SCANS) throw new ResultFault('it has too many kinds of scans')
  return {
    scanner: record.text('tool'),
    version: record.text('version'),
    args: record.text('args'),
    startMs: record.timeMs('time'),
    scans: scans.map((scan) => {
      const ports = portsIn(scan.text('ports'))
      if (ports === undefined) throw new ResultFault("a scan's ports do not ascend")
      return { kind: scan.text('kind'), protocol: scan.text('transport'), ports }
    }),
    verbose: record.count('verbose'),
    debugging: record.count('debugging'),
  }
}

export function endOf(record: Fields): RunEnd {
  const hosts = record.object('hosts')
  const cut = record.optionalText('cut')
  const packets = record.optionalObject('packets')
  return {
    endMs: record.timeMs('time'),
    elapsedMs: record.number('elapsedMs'),
    hosts: { up: hosts.count('up'), down: hosts.count('down'), total: hosts.count('total') },
    ...(cut !== undefined && { cut }),
    ...(packets !== undefined && {
      packets: {
        sent: packets.count('sent'),
        sentOctets: packets.count('sentOctets'),
        received: packets.count('received'),
        receivedOctets: packets.count('receivedOctets'),
      },
    }),
  }
}

/** A host of which only ports were written before the run ended. */
export function partialHost(first: Fields, ports: PortTable): HostReport {
  const address = addressOf(first)
  const host = first.text('host')
  const startMs = first.timeMs('time')
  return {
    ...address,
    names: parseAddress(host) === undefined ? [{ name: host, type: 'user' }] : [],
    otherAddresses: [],
    status: { state: 'up', reason: 'unknown-response', ttl: 0 },
    startMs,
    endMs: startMs,
    ports,
    ended: 'interrupted',
    unasked: 0,
    hasVersions: [...ports.rows()].some(({ service }) => service?.method === 'probed'),
  }
}
