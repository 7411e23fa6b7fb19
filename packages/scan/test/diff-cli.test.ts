import { expect, it } from 'vitest'
import { simIo } from '../../core/src/sim/sim.ts'
import { type Report, toolRunner } from '../../core/test/tool-kit.ts'
import { portscanDiff } from '../src/diff-cli.ts'
import { createJsonReporter } from '../src/report/json-reporter.ts'
import { createNdjsonReporter } from '../src/report/ndjson-reporter.ts'
import { createXmlReporter } from '../src/report/xml-reporter.ts'
import { PLAIN, recorded, written } from './read-kit.ts'
import { endOf, hostOf, many, RUN, tableOf } from './text-kit.ts'

const { readOn } = toolRunner(() => portscanDiff)

function resultOf(...rows: readonly string[]) {
  const ports = tableOf(rows.join('\n'), ...many(1000, 1999, 'closed', 'reset'))
  return { run: RUN, hosts: [hostOf({ ports })], end: endOf() }
}

const OLD = resultOf('22/tcp open ssh', '80/tcp closed http')
const NEW = resultOf('22/tcp open ssh', '80/tcp open http')
const FILES = {
  'old.xml': written((sink) => createXmlReporter(PLAIN, sink), OLD),
  'new.xml': written((sink) => createXmlReporter(PLAIN, sink), NEW),
  'new.json': written((sink) => createJsonReporter(PLAIN, sink), NEW),
  'new.ndjson': written((sink) => createNdjsonReporter({ ...PLAIN, now: () => 0 }, sink), NEW),
  'nmap.xml': recorded('nmap-basic.xml'),
  'bad.xml': '<nmaprun',
  'sctp.xml': withSctp(),
}

function withSctp(): string {
  const port = '<port protocol="sctp" portid="9"><state state="open" reason="x" reason_ttl="0"/></port>'
  return recorded('nmap-basic.xml').replace('<port ', `${port}<port `)
}

function diff(...argv: readonly string[]): Promise<Report> {
  return readOn(simIo({ ports: {}, files: FILES, stdin: [{ write: FILES['new.xml'] }, 'eof'] }), argv)
}

const CHANGE = `
 10.77.0.2:
-Not shown: 1001 closed ports
+Not shown: 1000 closed ports
 PORT   STATE SERVICE VERSION
+80/tcp open  http
`

it.each([
  ['old.xml', 'old.xml'] as const,
  ['new.xml', 'new.json'] as const,
  ['new.ndjson', 'new.xml'] as const,
])('says nothing, with status 0, of %s and %s, which say the same', async (before, after) => {
  expect(await diff(before, after)).toEqual({ status: 0, stdout: '', stderr: '' })
})

it.each(['new.xml', 'new.json', 'new.ndjson', '-'])(
  'tells what %s says otherwise, with status 1',
  async (after) => {
    const { status, stdout, stderr } = await diff('old.xml', after)
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    expect(stdout).toBe(CHANGE)
  },
)

it('has other forms: XML, JSON, and with all that is the same', async () => {
  expect((await diff('--xml', 'old.xml', 'new.xml')).stdout).toMatch(/<nmapdiff version="1">.*<portdiff>/s)
  const { hosts } = JSON.parse((await diff('--json', 'old.xml', 'new.xml')).stdout)
  expect(hosts).toMatchObject([{ ports: [{ port: 80, before: null, after: { state: 'open' } }] }])
  expect((await diff('-v', 'old.xml', 'new.xml')).stdout).toContain('\n 22/tcp open  ssh\n')
})

it.each([
  [['old.xml'], 'two results are compared: the earlier one and the later one'],
  [['old.xml', 'none.xml'], 'cannot read none.xml: no such file'],
  [['bad.xml', 'old.xml'], 'bad.xml is no result that can be read: '],
  [['--xml', '--json', 'old.xml', 'new.xml'], '--xml and --json exclude each other'],
])('says on stderr, with status 2, what is wrong with %j', async (argv, why) => {
  const { status, stdout, stderr } = await diff(...argv)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr.startsWith(`portscan diff: ${why}`)).toBe(true)
})

it('says on stderr what it left out of a result', async () => {
  expect(await diff('nmap.xml', 'sctp.xml')).toEqual({
    status: 0,
    stdout: '',
    stderr: 'portscan diff: sctp.xml: left out: 1 port of sctp\n',
  })
})

it('says on stderr why something may be missing in a result', async () => {
  const left = {
    ...NEW,
    hosts: [hostOf({ ports: tableOf('22/tcp open ssh'), ended: 'host-timeout', unasked: 5 })],
    end: endOf({ cut: 'SIGINT' }),
  }
  const broken = FILES['new.xml'].replace(/<runstats>.*/s, '')
  const files = { 'left.xml': written((sink) => createXmlReporter(PLAIN, sink), left), broken }
  expect((await readOn(simIo({ ports: {}, files }), ['left.xml', 'broken'])).stderr.split('\n')).toEqual([
    'portscan diff: left.xml: its run ended early: SIGINT',
    'portscan diff: left.xml: 1 host was left before all ports had a state',
    'portscan diff: broken: ends before its run did',
    '',
  ])
})

it('compares large results: 256 hosts with 1000 ports each, a host with 65,535 open ones', async () => {
  const hosts = Array.from({ length: 256 }, (_, i) =>
    hostOf({ address: `10.0.0.${i}`, ports: tableOf('', ...many(1, 1000, 'closed', 'reset')) }),
  )
  const big = hostOf({ address: '10.0.1.0', ports: tableOf('', ...many(1, 65_535, 'open', 'syn-ack')) })
  const result = { run: RUN, hosts: [...hosts, big], end: endOf() }
  const files = {
    all: written((sink) => createXmlReporter(PLAIN, sink), result),
    'old.xml': FILES['old.xml'],
  }
  const io = simIo({ ports: {}, files })
  expect(await readOn(io, ['all', 'all'])).toEqual({ status: 0, stdout: '', stderr: '' })
  const { stdout } = await readOn(io, ['old.xml', 'all'])
  expect(stdout.match(/^\+\d+\/tcp +open$/gm)).toHaveLength(65_535)
  expect(stdout.match(/^\+Not shown: 1000 closed ports$/gm)).toHaveLength(256)
})
