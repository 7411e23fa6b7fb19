import { describe, expect, it } from 'vitest'
import { FITS, schemaErrors } from '../../core/test/result-schema.ts'
import type { ScanEvent } from '../src/model/event.ts'
import { createNdjsonReporter } from '../src/report/ndjson-reporter.ts'
import { readResult } from '../src/results/read-result.ts'
import { PLAIN, plain } from './read-kit.ts'
import { hostOf, rowOf, START_MS, tableOf } from './text-kit.ts'

const RUN = {
  scanner: 'portscan',
  version: '1',
  args: 'portscan db',
  startMs: START_MS,
  scans: [],
  verbose: 0,
  debugging: 0,
}
const BEGIN: ScanEvent = { kind: 'begin', run: RUN }
const HINT: ScanEvent = { kind: 'hint', host: hostOf({ names: [{ name: 'db', type: 'user' }] }) }
const OPEN = rowOf('22/tcp open ssh syn-ack 64')
const CLOSED = rowOf('23/tcp closed telnet reset 64')
const HOST: ScanEvent = {
  kind: 'host',
  report: hostOf({ names: [{ name: 'db', type: 'user' }], ports: tableOf('', OPEN, CLOSED) }),
}
const END: ScanEvent = {
  kind: 'end',
  end: {
    endMs: START_MS + 9,
    elapsedMs: 9,
    hosts: { up: 1, down: 0, total: 1 },
    packets: { sent: 3, sentOctets: 120, received: 2, receivedOctets: 84 },
  },
}

function portEvent(row = OPEN): ScanEvent {
  return { kind: 'port', address: '10.77.0.2', row }
}

function linesOf(events: readonly ScanEvent[], openOnly = false): readonly Record<string, unknown>[] {
  return textOf(events, openOnly).trim().split('\n').map(parsed)
}

function parsed(line: string): Record<string, unknown> {
  const record = JSON.parse(line)
  expect(schemaErrors(record), line).toBe(FITS)
  return record
}

function textOf(events: readonly ScanEvent[], openOnly = false): string {
  let text = ''
  const sink = {
    write(more: string) {
      text += more
    },
  }
  const reporter = createNdjsonReporter({ ...PLAIN, openOnly, now: () => START_MS + 5 }, sink)
  for (const event of events) reporter.on(event)
  return text
}

describe('--ndjson', () => {
  it('writes a port the moment that it is known, closed ones too', () => {
    const events = [BEGIN, HINT, portEvent(), portEvent(CLOSED), HOST, END]
    const records = linesOf(events)
    expect(records.map(({ type }) => type)).toEqual(['scan-start', 'port', 'port', 'host', 'scan-end'])
    expect(records[1]).toEqual({
      schema: 'portkit/1',
      type: 'port',
      tool: 'portscan',
      time: new Date(START_MS + 5).toISOString(),
      host: 'db',
      address: '10.77.0.2',
      family: 4,
      port: 22,
      transport: 'tcp',
      state: 'open',
      word: 'open',
      reason: 'syn-ack',
      ttl: 64,
      from: null,
      service: 'ssh',
    })
    expect(records.at(-1)).toMatchObject({ cut: null, packets: { sent: 3, receivedOctets: 84 } })
    const upTo = textOf([BEGIN, HINT, portEvent()])
    expect(upTo.endsWith('}\n')).toBe(true)
    expect(upTo.trim().split('\n')).toHaveLength(2)
  })

  it('writes only ports that may be open with --open', () => {
    const row = rowOf('53/udp open|filtered domain no-response')
    const records = linesOf([BEGIN, portEvent(CLOSED), portEvent(row)], true)
    expect(records.slice(1)).toMatchObject([{ port: 53, word: 'open or stealth', host: '10.77.0.2' }])
  })

  it('keeps the ports of hosts that were not finished when the run broke off', async () => {
    const { hosts, end } = await readResult(textOf([BEGIN, HINT, portEvent(CLOSED), portEvent()]), 'x.ndjson')
    expect(end).toBeUndefined()
    expect(hosts.map(plain)).toMatchObject([
      {
        address: '10.77.0.2',
        names: [{ name: 'db', type: 'user' }],
        ended: 'interrupted',
        ports: [OPEN, CLOSED],
      },
    ])
    const finished = await readResult(textOf([BEGIN, HINT, portEvent(), HOST]), 'x.ndjson')
    expect(finished.hosts.map(plain)).toMatchObject([
      { status: { reason: 'arp-response' }, ports: [OPEN, CLOSED] },
    ])
    expect(finished.hosts[0]).not.toHaveProperty('ended')
  })

  it('passes over records of other kinds', async () => {
    const [first = '', ...more] = textOf([BEGIN, HOST, END]).split('\n')
    const text = [first, first.replace('scan-start', 'weather'), ...more].join('\n')
    expect(await readResult(text, 'x.ndjson')).toMatchObject({ hosts: [{}], warnings: [] })
  })
})
