import { describe, expect, expectTypeOf, it } from 'vitest'
import type { Share } from '../src/cli/coerce.ts'
import { count, durationMs, percentOrCount } from '../src/cli/coerce.ts'
import { CommandLineProblem } from '../src/cli/command-line-problem.ts'
import { defineCli } from '../src/cli/define.ts'
import { getopt } from '../src/cli/getopt.ts'
import type { OptionTable } from '../src/cli/options.ts'
import { readArgs } from '../src/cli/read-args.ts'
import { runCli } from '../src/cli/run-cli.ts'
import { simIo } from '../src/sim/sim.ts'

const texts = {
  name: 'tool',
  summary: 'do',
  usage: [''],
  positionals: [],
  examples: [],
  exitStatus: [],
  usageStatus: 2,
} as const

function define(options: OptionTable) {
  return defineCli({
    ...texts,
    options,
    // biome-ignore lint/correctness/useYield: it has nothing to say
    async *run() {
      return 0
    },
  })
}

it('gives every option the type that its entry says', async () => {
  const cli = defineCli({
    ...texts,
    options: {
      flag: { kind: 'flag', describe: '' },
      count: { kind: 'value', coerce: count, describe: '' },
      interval: { kind: 'value', coerce: durationMs({ minMs: 1 }), default: '1', describe: '' },
      until: { kind: 'value', choices: ['open', 'closed'], describe: '' },
      clock: { kind: 'value', choices: ['auto', 'kernel'], default: 'auto', describe: '' },
      name: { kind: 'value', describe: '' },
      header: { kind: 'value', repeatable: true, describe: '' },
      'exit-code': { kind: 'value', coerce: percentOrCount, repeatable: true, describe: '' },
    },
    faultStatus: (args) => (args.flag ? 1 : 2),
    // biome-ignore lint/correctness/useYield: it has nothing to say
    async *run(args) {
      expectTypeOf(args.flag).toEqualTypeOf<boolean>()
      expectTypeOf(args.count).toEqualTypeOf<number | undefined>()
      expectTypeOf(args.interval).toEqualTypeOf<number>()
      expectTypeOf(args.until).toEqualTypeOf<'open' | 'closed' | undefined>()
      expectTypeOf(args.clock).toEqualTypeOf<'auto' | 'kernel'>()
      expectTypeOf(args.name).toEqualTypeOf<string | undefined>()
      expectTypeOf(args.header).toEqualTypeOf<readonly string[]>()
      expectTypeOf(args['exit-code']).toEqualTypeOf<readonly Share[]>()
      expectTypeOf(args._).toEqualTypeOf<readonly string[]>()
      expectTypeOf(args._given).toEqualTypeOf<readonly string[]>()
      return Object.keys(args).length
    },
  })
  const args = readArgs<typeof cli.options>(getopt([], cli), cli.table)
  expect(await cli.run(args, simIo({ ports: {} })).next()).toEqual({ done: true, value: 10 })
})

it('gives every tool the options about itself, and -h to help', () => {
  const names = define({}).table.map(({ name, shorts }) => [name, ...shorts].join(' '))
  expect(names).toEqual(['help h', 'version', 'man', 'completion'])
})

it('leaves -h to a tool that claims it', () => {
  const { table } = define({ host: { kind: 'value', short: 'h', describe: '' } })
  expect(table.find(({ name }) => name === 'help')?.shorts).toEqual([])
  expect(table.find(({ name }) => name === 'host')?.shorts).toEqual(['h'])
})

describe('a table that contradicts itself is refused:', () => {
  it.each<[string, OptionTable]>([
    [
      'a letter twice',
      { one: { kind: 'flag', short: 'x', describe: '' }, two: { kind: 'flag', short: 'x', describe: '' } },
    ],
    ['a letter twice in one entry', { one: { kind: 'flag', short: 'xx', describe: '' } }],
    ['a name that every tool has', { version: { kind: 'flag', describe: '' } }],
    ['a dash as a letter', { one: { kind: 'flag', short: '-', describe: '' } }],
    ['a name with dashes in front', { '--one': { kind: 'flag', describe: '' } }],
    ['a name with an equals sign', { 'a=b': { kind: 'flag', describe: '' } }],
    ['the place of the other words', { _: { kind: 'flag', describe: '' } }],
  ])('%s', (_, options) => {
    expect(() => define(options)).toThrow(/option name/)
  })
})

it('lets a tool tell mistakes in the shape of a command line from wrong values by its exit status', async () => {
  const cli = defineCli({
    ...texts,
    options: { count: { kind: 'value', coerce: count, describe: '' } },
    faultStatus: (_, __, error) => (error instanceof CommandLineProblem ? 255 : 1),
    // biome-ignore lint/correctness/useYield: it has nothing to say
    async *run() {
      return 0
    },
  })
  const statusOf = (...argv: string[]) =>
    runCli(cli, argv, simIo({ ports: {} }), () => true, { version: '1' })
  expect(await statusOf('--nosuch')).toBe(255)
  expect(await statusOf('--count')).toBe(255)
  expect(await statusOf('--count', 'x')).toBe(1)
})
