import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { missing } from '@portkit/lab'
import { run } from '@portkit/lab/command'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { simIo } from '../../core/src/sim/sim.ts'
import { type Report, toolRunner } from '../../core/test/tool-kit.ts'
import { portscanDiff } from '../src/diff-cli.ts'
import { createXmlReporter } from '../src/report/xml-reporter.ts'
import { pairs, VERBOSE } from './diff-made.ts'
import { recorded, written } from './read-kit.ts'

const { readOn } = toolRunner(() => portscanDiff)
const lacks = missing(['ndiff'])
const skipped = lacks.length > 0 ? ` (skipped: needs ${lacks.join(', ')})` : ''

/** The same pairs every time, so that a failure can be seen again. */
const MADE = fc.sample(pairs, { numRuns: 20, seed: 11 })
const RECORDED = ['basic', 'multi-v', 'sv', 'tcpudp', 'stats', 'full-sS'] as const
const FORMS = [[], ['-v'], ['--xml'], ['-v', '--xml']].map((form) => [form] as const)

describe.skipIf(skipped !== '')(`portscan diff beside ndiff${skipped}`, () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'portkit-ndiff-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  async function both(before: string, after: string, form: readonly string[]) {
    const files = { before, after }
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    const theirs = await run('ndiff', [...form, 'before', 'after'], { cwd: folder, timeoutMs: 30_000 })
    const ours = await readOn(simIo({ ports: {}, files }), [...form, 'before', 'after'])
    return { theirs: masked(theirs), ours: masked(ours) }
  }

  it.each(FORMS)('says the same of made results, with the same exit status: %j', async (form) => {
    const statuses = new Set<number | null>()
    const [[first]] = MADE as [(typeof MADE)[number]]
    for (const [before, after] of [...MADE, [first, first] as const]) {
      const { theirs, ours } = await both(xmlOf(before), xmlOf(after), form)
      expect(ours).toEqual(theirs)
      statuses.add(theirs.status)
    }
    expect(statuses).toEqual(new Set([0, 1]))
  })

  it.each(FORMS)("says the same of nmap's results: %j", async (form) => {
    for (const [i, name] of RECORDED.entries()) {
      const next = RECORDED[(i + 1) % RECORDED.length] ?? name
      const { theirs, ours } = await both(recorded(`nmap-${name}.xml`), recorded(`nmap-${next}.xml`), form)
      expect(ours).toEqual(theirs)
    }
  })

  it('has its status for what cannot be read', async () => {
    const { theirs, ours } = await both('nonsense', recorded('nmap-basic.xml'), [])
    expect([theirs.status, ours.status]).toEqual([2, 2])
  })
})

function xmlOf(result: (typeof MADE)[number][0]): string {
  return written((sink) => createXmlReporter(VERBOSE, sink), result)
}

/**
 * Hyphens in XML may be written as references; our XML ends with a line end. ndiff takes every scanner for nmap; its line
 * about a run has the time of day where the run was, which is not where the test is.
 */
function masked({ status, stdout }: Pick<Report, 'stdout'> & { readonly status: number | null }) {
  const text = stdout
    .replaceAll('&#45;', '-')
    .replace(/startstr="[^"]*"/g, '')
    .replace(/^(.)(?:Nmap )?(\S+ )?(\S+ scan initiated) .* as:/gm, '$1$2$3 as:')
  return { status, text: text.trimEnd() }
}
