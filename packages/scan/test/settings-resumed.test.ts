import { defineCli, parseArgs } from '@portkit/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { datedName } from '../src/command-line/dated-name.ts'
import { DEFINITION } from '../src/command-line/definition.ts'
import { readResumed } from '../src/command-line/read-resumed.ts'
import type { Settings } from '../src/settings.ts'

const cli = defineCli({
  ...DEFINITION,
  // biome-ignore lint/correctness/useYield: it has nothing to say
  async *run() {
    return 0
  },
})

function resumed(now: string, before: string): Settings {
  const words = before.split(' ')
  return readResumed(parseArgs(cli, now.split(' ')), parseArgs(cli, words), words)
}

describe('a run that goes on', () => {
  const BEFORE = '-sS -p 1-100 -T4 -v -oX a.xml --colour never --seed 7 --checkpoint s 10.0.0.0/24'

  it('is what it was', () => {
    expect(resumed('--resume s', BEFORE)).toMatchObject({
      args: BEFORE.split(' '),
      resume: 's',
      checkpoint: 's',
      targets: ['10.0.0.0/24'],
      kinds: ['syn'],
      seed: 7,
      timing: { maxRetries: 6 },
      ports: { spec: '1-100' },
      report: { verbose: 1, colour: 'never', files: [{ format: 'xml', path: 'a.xml' }] },
    })
  })

  it('is told as is said now, and then', () => {
    const { report } = resumed('--resume s -v -oJ b.json --colour always --reason --exit-code state', BEFORE)
    expect(report).toMatchObject({
      verbose: 2,
      reason: true,
      colour: 'always',
      files: [
        { format: 'xml', path: 'a.xml' },
        { format: 'json', path: 'b.json' },
      ],
    })
  })

  it('has the level of the last option that sets one', () => {
    expect(resumed('--resume s -v3 -v', '-vv -d x').report).toMatchObject({ verbose: 4, debugging: 1 })
    expect(resumed('--resume s', '-v -v5 x').report).toMatchObject({ verbose: 5 })
  })

  it('cannot write two reports to one place', () => {
    expect(() => resumed('--resume s --json', '-oN - x')).toThrow('only one report can go to standard output')
  })
})

describe('the name of a file', () => {
  const zone = process.env.TZ
  beforeAll(() => {
    process.env.TZ = 'UTC'
  })
  afterAll(() => {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  })
  const AT = Date.UTC(2026, 10, 21, 20, 23, 32)

  it.each([
    // As nmap 7.93 named it at that time.
    ['%T|%R|%D|%H|%M|%S|%m|%d|%y|%Y|%q|%%|%', '202332|2023|112126|20|23|32|11|21|26|2026|q|%|'],
    ['scan.xml', 'scan.xml'],
    ['-', '-'],
    ['%toString', 'toString'],
    ['%\u{1f600}', '\u{1f600}'],
  ])('%s', (name, dated) => expect(datedName(name, AT)).toBe(dated))
})
