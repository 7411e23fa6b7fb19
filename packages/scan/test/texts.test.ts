import { describe, expect, it } from 'vitest'
import { commandLineKit } from '../../core/test/command-line-kit.ts'
import { DIFF_DEFINITION, readDiffSettings } from '../src/command-line/diff-options.ts'
import { MERGE_DEFINITION, readMergeSettings } from '../src/command-line/merge-options.ts'
import { OPTIONS } from '../src/command-line/options.ts'
import { foreignLabel, REFUSED } from '../src/command-line/refused.ts'
import { TEXTS } from '../src/texts.ts'
import { DIFF_TEXTS } from '../src/texts-diff.ts'
import { MERGE_TEXTS } from '../src/texts-merge.ts'
import { run, settingsOf } from './settings-kit.ts'

const diff = commandLineKit(DIFF_DEFINITION, readDiffSettings)
const merge = commandLineKit(MERGE_DEFINITION, readMergeSettings)

describe('help', () => {
  it('explains every option that is not refused, as its users write it, and the exit statuses', async () => {
    const { stdout } = await run('--help')
    const names = Object.keys(OPTIONS).filter((name) => !Object.hasOwn(REFUSED, name))
    for (const name of names) if (!HIDDEN.includes(name)) expect(stdout).toContain(`-${name}`)
    for (const form of [
      '-oX FILE',
      '-iL FILE',
      '-p, --ports=PORTS',
      '-s, --scan=LETTERS',
      '-T, --timing=0-5',
    ]) {
      expect(stdout).toContain(form)
    }
    expect(stdout).not.toContain('--oX')
    expect(stdout.replace(/\s+/g, ' ')).toContain('2 no host is up, 3 the result is not whole')
  })

  it('is short, and there with -h', async () => {
    const { stdout, status } = await run('-h')
    expect(status).toBe(0)
    expect(stdout.split('\n').length).toBeLessThan(220)
  })

  it('fits its terminal', async () => {
    const { stdout } = await run('--help')
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })
})

/** Other spellings, and what is always so. */
const HIDDEN = ['rH', 'send-ip', 'noninteractive', 'color']

describe('the manual page', () => {
  it('has all sections, and names what is refused', async () => {
    const { stdout } = await run('--man')
    for (const [heading] of TEXTS.sections) expect(stdout).toContain(`.SH "${heading.toUpperCase()}"`)
    const text = stdout.replaceAll('\\-', '-')
    for (const name of Object.keys(REFUSED)) expect(text).toContain(foreignLabel(name))
    expect(text).toContain('\\fB-oX\\fR \\fIFILE\\fR')
  })

  it('has examples that the tool itself understands', async () => {
    for (const [line] of TEXTS.examples) {
      const [, words = ''] = /portscan (.*)$/.exec(line) ?? []
      const argv = words.replaceAll('{}', '3').split(' ')
      if (argv[0] === 'diff') expect(await diff.settingsOf(...argv.slice(1)), line).toBeDefined()
      else if (argv[0] === 'merge') expect(await merge.settingsOf(...argv.slice(1)), line).toBeDefined()
      else expect(await settingsOf(...argv), line).toBeDefined()
    }
  })

  it('says which version it is', async () => {
    expect((await run('-V')).stdout).toMatch(/^portscan version \S+ \(portkit\)\n$/)
    expect((await run('--version')).stdout).toBe((await run('-V')).stdout)
  })
})

it.each(['bash', 'zsh', 'fish'])('completes options and files in %s', async (shell) => {
  const { stdout, status } = await run('--completion', shell)
  expect(status).toBe(0)
  expect(stdout).toContain('top-ports')
  expect(stdout).toMatch(/-oX|-o oX/)
})

describe('portscan diff', () => {
  it.each([
    [['a', 'b'], { before: 'a', after: 'b', format: 'text', verbose: false }],
    [['--xml', '-v', '-', 'b'], { before: '-', after: 'b', format: 'xml', verbose: true }],
    [['a', 'b', '--text'], { format: 'text' }],
  ])('%j is understood', async (argv, settings) => {
    expect(await diff.settingsOf(...argv)).toMatchObject(settings)
  })

  it.each([
    [['a'], 'two results are compared: the earlier one and the later one'],
    [['a', 'b', 'c'], 'two results are compared: the earlier one and the later one'],
    [['-', '-'], 'standard input has one result, not two'],
    [['a', ''], 'file: must not be empty'],
    [['--text', '--xml', 'a', 'b'], '--text and --xml exclude each other'],
  ])('%j is refused with status 2', async (argv, why) => {
    expect(await diff.complaintAbout(...argv)).toBe(`portscan diff: ${why}`)
  })
})

describe('portscan merge', () => {
  it.each([
    [['a'], { inputs: ['a'], report: { files: [], verbose: 0, reason: false, openOnly: false } }],
    [
      ['-oX', 'all.xml', '-vv', '--open', 'a', '-'],
      {
        inputs: ['a', '-'],
        report: { files: [{ format: 'xml', path: 'all.xml' }], verbose: 2, reason: true, openOnly: true },
      },
    ],
    [['--json', 'a'], { report: { files: [{ format: 'json', path: '-' }] } }],
    [['--webxml', '-oX', '-', 'a'], { report: { stylesheet: expect.stringContaining('nmap.xsl') } }],
  ])('%j is understood', async (argv, settings) => {
    expect(await merge.settingsOf(...argv)).toMatchObject(settings)
  })

  it.each([
    [['--json'], 'no results: which files are to be joined?'],
    [['-', '-'], 'standard input has one result, not more'],
    [['--json', '--ndjson', 'a'], 'only one report can go to standard output'],
    [[''], 'file: must not be empty'],
  ])('%j is refused with status 2', async (argv, why) => {
    expect(await merge.complaintAbout(...argv)).toBe(`portscan merge: ${why}`)
  })
})

it.each([
  ['diff', diff, DIFF_TEXTS],
  ['merge', merge, MERGE_TEXTS],
] as const)(
  'portscan %s has a help and a manual page of its own, with examples that it understands',
  async (name, kit, texts) => {
    expect((await kit.run('--help')).stdout).toContain(`Usage: portscan ${name} `)
    expect((await kit.run('--man')).stdout).toContain(`.TH "PORTSCAN ${name.toUpperCase()}" 1`)
    for (const [line] of texts.examples) {
      const [words = ''] = line.split(' && ')
      expect(await kit.settingsOf(...words.split(' ').slice(2)), line).toBeDefined()
    }
  },
)
