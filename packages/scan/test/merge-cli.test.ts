import { describe, expect, it } from 'vitest'
import { type SimIo, simIo } from '../../core/src/sim/sim.ts'
import { type Report, toolRunner } from '../../core/test/tool-kit.ts'
import { portscanMerge } from '../src/merge-cli.ts'
import type { HostReport } from '../src/model/host-report.ts'
import type { RunEnd } from '../src/model/scan-result.ts'
import { createJsonReporter } from '../src/report/json-reporter.ts'
import { createXmlReporter } from '../src/report/xml-reporter.ts'
import { mergeResults } from '../src/results/merge.ts'
import { readResult } from '../src/results/read-result.ts'
import { PLAIN, plain, recorded, written } from './read-kit.ts'
import { endOf, hostOf, RUN, START_MS, tableOf } from './text-kit.ts'

const { readOn } = toolRunner(() => portscanMerge)

function partOf(hosts: readonly HostReport[], startMs: number, end: Partial<RunEnd> = {}) {
  const up = hosts.filter(({ status }) => status.state === 'up').length
  const counts = { up, down: hosts.length - up, total: hosts.length }
  return {
    run: { ...RUN, startMs },
    hosts,
    end: endOf({ endMs: startMs + 2000, elapsedMs: 2000, hosts: counts, ...end }),
  }
}

const DOWN = hostOf({ address: '10.77.0.9', status: { state: 'down', reason: 'no-response', ttl: 0 } })
const LOW = partOf([hostOf({ ports: tableOf('22/tcp open ssh syn-ack 64') })], START_MS)
const HIGH = partOf(
  [
    hostOf({ address: '10.77.0.10', ports: tableOf('22/tcp closed ssh reset 64') }),
    hostOf({ ports: tableOf('111/tcp closed sunrpc reset 64') }),
  ],
  START_MS + 5000,
)
const CLOSED = partOf([hostOf({ ports: tableOf('22/tcp closed ssh reset 64') })], START_MS + 9000)
const LEFT = partOf(
  [hostOf({ ports: tableOf('80/tcp open http'), ended: 'host-timeout', unasked: 3 })],
  START_MS,
)
const NOBODY = partOf([DOWN], START_MS)
const xml = (part: typeof LOW): string =>
  written((sink) => createXmlReporter({ ...PLAIN, verbose: 1 }, sink), part)
const FILES = {
  low: xml(LOW),
  high: written((sink) => createJsonReporter(PLAIN, sink), HIGH),
  closed: xml(CLOSED),
  left: xml(LEFT),
  nobody: xml(NOBODY),
  broken: xml(LOW).replace(/<runstats>.*/s, ''),
  bad: 'nonsense',
  nmap: recorded('nmap-basic.xml'),
}

function world(unwritable: Readonly<Record<string, string>> = {}): SimIo {
  return simIo({ ports: {}, files: FILES, unwritable, stdin: [{ write: FILES.high }, 'eof'] })
}

function merge(...argv: readonly string[]): Promise<Report> {
  return readOn(world(), argv)
}

const REPORT = `Nmap scan report for 10.77.0.2
Host is up (0.000040s latency).

PORT    STATE  SERVICE
22/tcp  open   ssh
111/tcp closed sunrpc

Nmap scan report for 10.77.0.10
Host is up (0.000040s latency).

PORT   STATE  SERVICE
22/tcp closed ssh

Nmap done: 2 IP addresses (2 hosts up) scanned in 7.00 seconds
`

describe('portscan merge', () => {
  it.each([[['low', 'high']], [['high', 'low']], [['low', '-']]])(
    'writes the report of all parts, from the first start to the last end: %j',
    async (parts) => {
      const { status, stdout, stderr } = await merge(...parts)
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      expect(stdout).toMatch(/^Starting portscan 1\.2\.3 /)
      expect(stdout.replace(/^.*\n/, '')).toBe(REPORT)
    },
  )

  it('writes the files of a scan, and the text only where no report takes its place', async () => {
    const io = world()
    const { stdout } = await readOn(io, ['-oA', 'all', '-oD', 'all.ndjson', '--json', 'low', 'high'])
    expect([...io.written.keys()]).toEqual(['all.nmap', 'all.xml', 'all.gnmap', 'all.ndjson'])
    expect(io.written.get('all.nmap')).toMatch(/^# portscan 1\.2\.3 scan initiated .*111\/tcp closed sunrpc/s)
    expect(io.written.get('all.gnmap')).toContain('Host: 10.77.0.2 ()\tPorts: 22/open/tcp//ssh///')
    const [fromXml, fromJson, fromRecords] = await Promise.all(
      [io.written.get('all.xml'), stdout, io.written.get('all.ndjson')].map((text) =>
        readResult(text ?? '', ''),
      ),
    )
    expect(fromJson?.hosts.map(plain)).toEqual(fromXml?.hosts.map(plain))
    expect(fromRecords?.hosts.map(plain)).toEqual(fromXml?.hosts.map(plain))
    expect(fromXml?.end).toMatchObject({ elapsedMs: 7000, hosts: { up: 2, total: 2 } })
  })

  it('understands how a report is told: reasons, open ports only', async () => {
    expect((await merge('--reason', 'low', 'high')).stdout).toContain(
      '22/tcp  open   ssh     syn-ack ttl 64\n',
    )
    const { stdout } = await merge('--open', 'low', 'high')
    expect(stdout).not.toContain('10.77.0.10')
    expect(stdout).not.toContain('111/tcp')
  })

  it("joins nmap's results, too", async () => {
    expect((await merge('nmap', 'low')).stdout).toMatch(/report for 10\.77\.0\.2\n.*22\/tcp +open +ssh/s)
  })

  it('says on stderr where parts disagree, and takes what ended later', async () => {
    const { status, stdout, stderr } = await merge('closed', 'low')
    expect(status).toBe(0)
    expect(stderr).toBe(
      '10.77.0.2: the parts disagree about 22/tcp (open at last); what ended later counts\n',
    )
    expect(stdout).toContain('22/tcp open  ssh\n')
  })

  it('tells of twenty disagreements, and how many more there are', async () => {
    const hosts = (row: string) =>
      Array.from({ length: 30 }, (_, i) => hostOf({ address: `10.0.0.${i}`, ports: tableOf(row) }))
    const files = {
      a: xml(partOf(hosts('22/tcp open ssh'), START_MS)),
      b: xml(partOf(hosts('22/tcp closed ssh'), START_MS)),
    }
    const { stderr } = await readOn(simIo({ ports: {}, files }), ['a', 'b'])
    expect(stderr.match(/^10\.0\.0\.\d+: the parts disagree/gm)).toHaveLength(20)
    expect(stderr).toMatch(/\nand 10 more warnings of that kind\n$/)
  })

  it('survives a host that is there a hundred thousand times, and counts that are too low', () => {
    const hosts = Array.from({ length: 130_000 }, (_, i) => hostOf({ endMs: START_MS + i }))
    const { result } = mergeResults([partOf(hosts, START_MS, { hosts: { up: 1, down: 0, total: 1 } })])
    expect(result.hosts).toHaveLength(1)
    expect(result.end?.hosts).toEqual({ up: 1, down: 0, total: 1 })
  })

  it('begins no report when a part cannot be read', async () => {
    for (const part of ['bad', 'none']) {
      const io = world()
      const { status, stdout, stderr } = await readOn(io, ['-oX', 'all.xml', 'low', part])
      expect({ status, stdout, lines: stderr.split('\n').length }).toEqual({
        status: 2,
        stdout: '',
        lines: 2,
      })
      expect(stderr).toMatch(new RegExp(`^portscan merge: .*${part}`))
      expect([...io.written.keys()]).toEqual([])
    }
  })

  it('says which file it cannot write, with status 2', async () => {
    const { status, stdout, stderr } = await readOn(world({ 'all.xml': 'EACCES' }), ['-oX', 'all.xml', 'low'])
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain('Failed to open XML output file all.xml for writing: Permission denied')
  })

  it('ends the report of parts none of which is complete, and says so', async () => {
    const { status, stdout, stderr } = await merge('--json', 'broken')
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'a part ends before its run did\n' })
    expect(JSON.parse(stdout)).toMatchObject({ hosts: [{ address: '10.77.0.2' }] })
    expect((await merge('broken')).stdout).toContain('Stopped early (no part is complete)')
  })

  it.each([
    ['something is open', ['low', 'high'], 0],
    ['nothing is open', ['closed'], 1],
    ['no host is up', ['nobody'], 2],
    ['a host was left', ['left'], 3],
    ['a part is not whole', ['broken', 'high'], 3],
    ['a part cannot be read', ['low', 'bad'], 4],
  ])('has the exit status of a scan with --exit-code state: %s', async (_, parts, status) => {
    expect((await merge('--exit-code', 'state', ...parts)).status).toBe(status)
  })
})
