import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { missing } from '@portkit/lab'
import { NcWorld } from '@portkit/lab/nc-world'
import { buildTool } from '@portkit/lab/tool'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RecordedCase } from './recorded-cases.ts'
import { recordedFiles } from './recorded-files.ts'
import { judged, type Pair, realTool, runAll, toolFolder } from './recorded-pool.ts'
import { runCase, type Tool } from './recorded-run.ts'

const PAIRS = 4
/** What Node takes to start, less on a quiet machine and more on a busy one: seconds. */
const START_SECONDS = 0.3
/** Longer runs say nothing about koffi that shorter ones do not: seconds. */
const SHORT = 2.1
/** Of each file so many runs, spread over it. */
const OF_A_FILE = 6

/** Files that are about options which need koffi, or about none at all. */
const LEFT_OUT = new Set(['descriptors', 'options', 'conflicts', 'usage'])

/** What Node's own sockets cannot do as nc does it, though they are no options to refuse. */
const OTHERWISE: ReadonlyMap<string, string> = new Map([
  ['l-inuse-nc', 'SO_REUSEPORT comes with Node 22.12'],
  ['l-syscalls', 'SO_REUSEPORT comes with Node 22.12'],
  ['vz-v6-linklocal-noscope', 'libuv finds an interface for a link-local address by itself'],
  ['p-range', 'libuv takes a source port that an ended connection still holds'],
  ['p-priv-nonroot', 'node:net does not say whether bind or connect was not permitted'],
])

const files = [...recordedFiles()].filter(([name]) => !LEFT_OUT.has(name))
const cases = files.flatMap(([, runs]) => sample(runs.filter(isPlain)))

const lacks = missing(['nc.openbsd', 'setpriv', 'script', 'strace', 'tcpdump', 'timeout', 'mkfifo'])
const skipped = lacks.length > 0 ? ` (skipped: needs ${lacks.join(', ')})` : ''

function isPlain({ id, command, seconds, vary }: RecordedCase): boolean {
  const needsKoffi = /NC -\w*u\w*U|NC -\w*U\w*u|-[TMmIODSF]\b/.test(command)
  return seconds <= SHORT && vary === undefined && !needsKoffi && !OTHERWISE.has(id)
}

function sample(runs: readonly RecordedCase[]): readonly RecordedCase[] {
  const step = Math.max(1, runs.length / OF_A_FILE)
  return runs.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step))
}

describe.skipIf(skipped !== '')(`nc-ts without koffi${skipped}`, () => {
  let built = ''
  let folder = ''
  let ours: Tool = { bin: '', startSeconds: START_SECONDS }
  let pairs: ReadonlyMap<string, Pair | Error> = new Map()

  beforeAll(async () => {
    built = buildTool(join(import.meta.dirname, '..'), 'nc-ts')
    folder = mkdtempSync(join(tmpdir(), 'nc-plain-'))
    cpSync(built, folder, { recursive: true, filter: (path) => !path.includes('node_modules') })
    ours = { ...ours, bin: toolFolder(folder, 'bin', join(folder, 'nc-ts.cjs')) }
    pairs = await runAll(cases, { real: realTool(folder), ours }, PAIRS)
  }, 300_000)

  afterAll(() => {
    for (const each of [built, folder]) if (each !== '') rmSync(each, { recursive: true, force: true })
  })

  it.each(cases.map((run) => [`${run.id}: ${run.command}`, run] as const))('does as nc: %s', (_, run) => {
    const pair = pairs.get(run.id)
    if (pair === undefined || pair instanceof Error) throw pair ?? new Error(`${run.id} was not run`)
    const { seen, expected, faults } = judged(run, pair)
    expect(seen).toEqual(expected)
    expect(faults).toEqual([])
  })

  describe('refuses what it cannot do, in one line that names the option', () => {
    const world = new NcWorld()
    beforeAll(() => world.up())
    afterAll(() => world.remove())

    it.each([
      ['-T', '-vz -T ef 10.77.0.2 22'],
      ['-T', '-vuz -T ef 10.77.0.2 7'],
      ['-T', '-lv -T ef 4000'],
      ['-M', '-vz -M 9 10.77.0.2 22'],
      ['-M', '-lv -M 9 4000'],
      ['-m', '-vz -m 9 10.77.0.2 22'],
      ['-m', '-vlu -m 9 4000'],
      ['-I', '-vz -I 9000 10.77.0.2 22'],
      ['-O', '-vz -O 9000 10.77.0.2 22'],
      ['-D', '-vz -D 10.77.0.2 22'],
      ['-F', '-F 10.77.0.2 22'],
      ['-uU', '-uzU u.sock'],
      ['-uU', '-luU u.sock'],
    ])('%s: nc-ts %s', async (option, args) => {
      const run = caseOf(`NC ${args}; echo "status $?"`)
      const { stdout, stderr } = await runCase(run, world, ours, folder)
      expect(stderr.toString()).toBe(`nc: ${option} needs Linux and the optional package koffi\n`)
      expect(stdout.toString()).toBe('status 1\n')
    })

    it('-S: after its key', async () => {
      const input = { kind: 'tty', steps: [{ kind: 'wait', seconds: 0.5 }, typed('key\n')] } as const
      const { stdout, exit } = await runCase({ ...caseOf('NC -zS 10.77.0.2 22'), input }, world, ours, folder)
      expect(stdout.toString()).toMatch(/\r\nnc: -S needs Linux and the optional package koffi\r\n$/)
      expect(exit).toEqual({ kind: 'status', status: 1 })
    })
  })
})

function typed(text: string) {
  return { kind: 'write', octets: Buffer.from(text) } as const
}

function caseOf(command: string): RecordedCase {
  const nothing = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), options: [], peers: [] }
  const plain = { before: undefined, sysctl: undefined, vary: undefined, place: 'probe' } as const
  const exit = { kind: 'status', status: 1 } as const
  return {
    id: 'own',
    section: '',
    note: '',
    ...plain,
    ...nothing,
    exit,
    command,
    input: { kind: 'null' },
    seconds: 1,
  }
}
