import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { settingsOf } from './settings-kit.ts'

describe('what is told', () => {
  it.each([
    ['-v', { verbose: 1, debugging: 0, reason: false }],
    ['-vv', { verbose: 2, reason: true }],
    ['-v -v', { verbose: 2 }],
    ['-v3', { verbose: 3 }],
    ['-v -v5 -v', { verbose: 6 }],
    ['-v10 -v', { verbose: 10 }],
    ['--verbose', { verbose: 1 }],
    ['-d', { verbose: 1, debugging: 1, reason: true }],
    ['-dd', { verbose: 2, debugging: 2 }],
    ['-d2 -v', { verbose: 3, debugging: 2 }],
    ['-v -d3', { verbose: 3, debugging: 3 }],
    ['-d3 -d0', { verbose: 0, debugging: 0 }],
    ['--reason', { reason: true }],
    ['--open', { openOnly: true }],
    ['-open', { openOnly: true }],
    ['--packet-trace', { packetTrace: true }],
    ['--stats-every 1m', { statsEveryMs: 60_000 }],
    ['--progress', { progress: true }],
    ['--progress --no-progress', { progress: false }],
    ['--noninteractive', { progress: undefined }],
    ['--colour never', { colour: 'never' }],
    ['--color always', { colour: 'always' }],
    ['--color always --colour never', { colour: 'never' }],
    ['--col never', { colour: 'never' }],
    ['--append-output', { appends: true }],
  ] as const)('%s is understood', async (words, report) => {
    expect((await settingsOf(...words.split(' '), 't')).report).toMatchObject(report)
  })
})

describe('files', () => {
  it.each([
    ['-oN a', [['normal', 'a']]],
    ['-oX a.xml', [['xml', 'a.xml']]],
    ['-oX=a.xml', [['xml', 'a.xml']]],
    ['--oX a.xml', [['xml', 'a.xml']]],
    ['-oG -', [['greppable', '-']]],
    [
      '-oJ a -oD b',
      [
        ['json', 'a'],
        ['ndjson', 'b'],
      ],
    ],
    [
      '-oA base',
      [
        ['normal', 'base.nmap'],
        ['xml', 'base.xml'],
        ['greppable', 'base.gnmap'],
      ],
    ],
    [
      '-oX a -oX b -oX a',
      [
        ['xml', 'a'],
        ['xml', 'b'],
      ],
    ],
    ['--json', [['json', '-']]],
    [
      '--ndjson -oX a',
      [
        ['xml', 'a'],
        ['ndjson', '-'],
      ],
    ],
    ['--json -oJ -', [['json', '-']]],
  ] as const)('%s are written', async (words, files) => {
    const { report } = await settingsOf(...words.split(' '), 't')
    expect(report.files).toEqual(files.map(([format, path]) => ({ format, path })))
  })

  it.each([
    ['', undefined],
    ['--stylesheet /x.xsl', '/x.xsl'],
    ['--webxml', 'https://svn.nmap.org/nmap/docs/nmap.xsl'],
    ['--stylesheet /x.xsl --webxml', 'https://svn.nmap.org/nmap/docs/nmap.xsl'],
    ['--webxml --stylesheet /x.xsl', '/x.xsl'],
    ['--webxml --no-stylesheet', undefined],
  ])('%s gives the XML its stylesheet', async (words, href) => {
    const argv = words.split(' ').filter((word) => word !== '')
    expect((await settingsOf(...argv, 't')).report.stylesheet).toBe(href)
  })
})

describe('long scans and many machines', () => {
  it.each([
    ['--shard 1/8 --seed 7', { shard: { index: 0, count: 8 }, seed: 7 }],
    ['--seed 0xffffffff --shard 1000/1000', { shard: { index: 999, count: 1000 }, seed: 0xffff_ffff }],
    ['--seed 0', { seed: 0, shard: undefined }],
    ['--checkpoint run.state', { checkpoint: 'run.state' }],
    ['--exit-code state', { exitCode: 'state' }],
  ] as const)('%s is understood', async (words, settings) => {
    expect(await settingsOf(...words.split(' '), 't')).toMatchObject(settings)
  })

  it('goes on with a run, and may tell it otherwise', async () => {
    const { resume, targets, report } = await settingsOf(
      ...'--resume run.state -vv --ndjson --stats-every 1 --colour never --exit-code state'.split(' '),
    )
    expect({ resume, targets, verbose: report.verbose }).toEqual({
      resume: 'run.state',
      targets: [],
      verbose: 2,
    })
  })

  it('takes any seed and any part', async () => {
    const parts = fc
      .integer({ min: 1, max: 2 ** 31 - 1 })
      .chain((count) => fc.tuple(fc.integer({ min: 1, max: count }), fc.constant(count)))
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 32 - 1 }), parts, async (seed, [part, count]) => {
        const settings = await settingsOf('--seed', String(seed), '--shard', `${part}/${count}`, 't')
        expect(settings).toMatchObject({ seed, shard: { index: part - 1, count } })
      }),
      { numRuns: 50 },
    )
  })
})
