import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Options } from 'yargs'
import { fullTable } from '../src/cli/about.ts'
import { type CommandLineFault, CommandLineProblem } from '../src/cli/command-line-problem.ts'
import { type CommandLine, type Grammar, getopt, normalise } from '../src/cli/getopt.ts'
import type { OptionTable } from '../src/cli/options.ts'
import { readArgs } from '../src/cli/read-args.ts'
import { setUpYargs } from '../src/cli/yargs-setup.ts'
import { UsageError } from '../src/model/errors.ts'
import { options } from './cli-sample.ts'

const plain: Grammar = { table: fullTable(options) }
const oneDash: Grammar = {
  oneDashLong: true,
  table: fullTable({
    'tcp-connect': { kind: 'flag', describe: 'Connect' },
    tcp: { kind: 'flag', describe: 'Raw TCP' },
    count: { kind: 'value', short: 'c', describe: 'How many' },
    'dest-port': { kind: 'value', short: 'p', describe: 'Port' },
    verbose: { kind: 'flag', short: 'v', describe: 'More' },
    data: { kind: 'value', describe: 'Bytes' },
  }),
}

/** `c=4`, `v`, … by long name, as text. */
function read({ given, positionals }: CommandLine): readonly string[] {
  const options = given.map(({ option, value }) =>
    value === undefined ? option.name : `${option.name}=${value}`,
  )
  return [...options, ...positionals.map((word) => `:${word}`)]
}

/** What is said about a command line that cannot be taken apart. */
function problemOf(argv: readonly string[], grammar: Grammar) {
  const error = faultOf(argv, grammar)
  return { message: error?.message, isUsage: error instanceof UsageError }
}

function faultOf(argv: readonly string[], grammar: Grammar): CommandLineProblem | undefined {
  try {
    getopt(argv, grammar)
    return undefined
  } catch (error) {
    if (error instanceof CommandLineProblem) return error
    throw error
  }
}

describe('a command line', () => {
  it.each([
    [
      ['-vzw3', 'h', '80'],
      ['verbose', 'zero', 'wait=3', ':h', ':80'],
    ],
    [['-c4'], ['count=4']],
    [['-c', '4'], ['count=4']],
    [['-i.2'], ['interval=.2']],
    [['-p1-100'], ['ports=1-100']],
    [['-p=80'], ['ports==80']],
    [['-4'], ['ipv4']],
    [['-4zV'], ['ipv4', 'zero', 'verbose']],
    [['--count=4'], ['count=4']],
    [['--count', '4'], ['count=4']],
    [['--count='], ['count=']],
    [['-c', ''], ['count=']],
    [['--output=a=b'], ['output=a=b']],
    [['--inter=2'], undefined],
    [['--interv', '2'], ['interval=2']],
    [['--cou=1'], ['count=1']],
    [['-i', '-1'], ['interval=-1']],
    [['-c', '--'], ['count=--']],
    [['--output', '--count'], ['output=--count']],
    [
      ['--', '-c', '--'],
      [':-c', ':--'],
    ],
    [
      ['-', '-z'],
      ['zero', ':-'],
    ],
    [
      ['', '-z', ''],
      ['zero', ':', ':'],
    ],
    [
      ['h', '-z', '80', '-c1'],
      ['zero', 'count=1', ':h', ':80'],
    ],
    [
      ['-H', 'a', '-Hb', '--header=c'],
      ['header=a', 'header=b', 'header=c'],
    ],
    [['--output=\n"x"\n'], ['output=\n"x"\n']],
    [['-o', '👋🏽'], ['output=👋🏽']],
    [['-zo👋🏽'], ['zero', 'output=👋🏽']],
  ])('%j is read as getopt does', (argv, expected) => {
    if (expected === undefined) expect(() => getopt(argv, plain)).toThrow(UsageError)
    else expect(read(getopt(argv, plain))).toEqual(expected)
  })

  it.each([
    [['--intervall=2'], 'unknown option --intervall; did you mean --interval?'],
    [['--cuont=2'], 'unknown option --cuont; did you mean --count?'],
    [['--xyzzy'], 'unknown option --xyzzy'],
    [['--constructor'], 'unknown option --constructor'],
    [['--__proto__=1'], 'unknown option --__proto__'],
    [['--=3'], 'unknown option --'],
    [['---zero'], 'unknown option ---zero; did you mean --zero?'],
    [['--inter=2'], 'option --inter is ambiguous: --interval, --interface'],
    [['--ve'], 'option --ve is ambiguous: --verbose, --version'],
    [['-x'], 'unknown option -x'],
    [['-1'], 'unknown option -1'],
    [['-vxz'], 'unknown option -x in -vxz'],
    [['-c'], 'option -c needs a value'],
    [['-zc'], 'option -c needs a value'],
    [['--cou'], 'option --count needs a value'],
    [['--zero=yes'], 'option --zero takes no value: yes'],
    [['--zero='], "option --zero takes no value: ''"],
    [[`--${'a'.repeat(200)}`], `unknown option '--${'a'.repeat(57)}…'`],
  ])('%j is refused with a reason', (argv, message) => {
    expect(problemOf(argv, plain)).toEqual({ message, isUsage: true })
  })

  it.each<[readonly string[], CommandLineFault, readonly string[]]>([
    [['-z', '-vx'], { kind: 'unknown-letter', letter: 'x', word: '-vx' }, ['-z', '-v']],
    [['-c1', '--cuont'], { kind: 'unknown-name', name: '--cuont', nearest: '--count' }, ['-c']],
    [['--xyzzy=1'], { kind: 'unknown-name', name: '--xyzzy', nearest: undefined }, []],
    [['--ve'], { kind: 'ambiguous', name: '--ve', candidates: ['--verbose', '--version'] }, []],
    [['h', '-zw'], { kind: 'needs-value', name: '-w' }, ['-z']],
    [['--cou'], { kind: 'needs-value', name: '--count' }, []],
    [['--zero=yes'], { kind: 'takes-no-value', name: '--zero', value: 'yes' }, []],
  ])('%j is a problem that tells what it is and what was given before', (argv, fault, labels) => {
    const problem = faultOf(argv, plain)
    expect(problem?.fault).toEqual(fault)
    expect(problem?.given.map(({ label }) => label)).toEqual(labels)
  })

  it('ends at a flag that stops, alone or in a cluster', () => {
    const grammar = {
      table: fullTable({
        short: { kind: 'flag', short: 's', stops: true, describe: 'Say it briefly' },
        zero: { kind: 'flag', short: 'z', describe: 'Only look' },
      }),
    }
    expect(read(getopt(['h', '-z', '-s', '--bogus', '22'], grammar))).toEqual(['zero', 'short', ':h'])
    expect(read(getopt(['-zsx'], grammar))).toEqual(['zero', 'short'])
    expect(read(getopt(['--short', '-x'], grammar))).toEqual(['short'])
  })

  it('ends at the first word for a tool that wants it so', () => {
    const posix = { ...plain, permute: false }
    expect(read(getopt(['-z', 'h', '-v', '--', '-x'], posix))).toEqual(['zero', ':h', ':-v', ':--', ':-x'])
  })

  it('stops at --help, whatever follows it', () => {
    expect(read(getopt(['-z', '--help', '--bogus'], plain))).toEqual(['zero', 'help'])
    expect(read(getopt(['-zhx'], plain))).toEqual(['zero', 'help'])
    expect(() => getopt(['--bogus', '--help'], plain)).toThrow(UsageError)
  })
})

describe('long options with one dash', () => {
  it.each([
    [
      ['-tcp-connect', 'h'],
      ['tcp-connect', ':h'],
    ],
    [['-tcp'], ['tcp']],
    [['-tcp-c'], ['tcp-connect']],
    [['--tcp-connect'], ['tcp-connect']],
    [['-c', '4'], ['count=4']],
    [['-c4'], ['count=4']],
    [['-cou=4'], ['count=4']],
    [['-count', '4'], ['count=4']],
    [['-p80'], ['dest-port=80']],
    [
      ['-vp', '80'],
      ['verbose', 'dest-port=80'],
    ],
    [['-vverb'], undefined],
    [['-v'], ['verbose']],
    [['-data', '-1'], ['data=-1']],
  ])('%j is read as getopt_long_only does', (argv, expected) => {
    if (expected === undefined) expect(() => getopt(argv, oneDash)).toThrow(UsageError)
    else expect(read(getopt(argv, oneDash))).toEqual(expected)
  })

  it.each([
    [['-tpc-connect'], 'unknown option -tpc-connect; did you mean -tcp-connect?'],
    [['-ve'], 'option -ve is ambiguous: -verbose, -version'],
    [['-tc'], 'option -tc is ambiguous: -tcp-connect, -tcp'],
    [['-data'], 'option -data needs a value'],
    [['-1'], 'unknown option -1'],
  ])('%j is refused with a reason', (argv, message) => {
    expect(problemOf(argv, oneDash)).toEqual({ message, isUsage: true })
  })

  it('are clusters for other tools', () => {
    expect(() => getopt(['-count', '4'], plain)).not.toThrow()
    expect(read(getopt(['-count'], plain))).toEqual(['count=ount'])
  })
})

describe('the values', () => {
  const args = (argv: readonly string[]) => readArgs<typeof options>(getopt(argv, plain), plain.table)

  it('are there for every option of the table', () => {
    const nothing = { ipv4: false, verbose: false, zero: false, header: [], _: [], _given: [] }
    expect(args([])).toEqual({ ...nothing, interval: 1000, require: { kind: 'count', count: 1 } })
  })

  it('of an option given twice are those of the last one, of a repeatable option all of them', () => {
    const { count, header } = args(['-c1', '-Ha', '--count=2', '-H', '', '-c', '3'])
    expect({ count, header }).toEqual({ count: 3, header: ['a', '', ''].slice(0, 2) })
  })

  it('come with the names of all that was given, in order', () => {
    expect(args(['-z4', 'h', '--zero', '-w1'])._given).toEqual(['zero', 'ipv4', 'zero', 'wait'])
  })

  it.each([
    [['-w', 'x', '-c', 'y'], '-w: not a time from 0'],
    [['-c', 'y', '-w', 'x'], '-c: not a whole number'],
    [['-w', '1', '-c', 'y', '-w', 'x'], '-c: not a whole number'],
  ])('are checked in the order of the command line: %j', (argv, message) => {
    expect(() => args(argv)).toThrow(message)
  })

  it.each([
    [['-c', 'abc'], '-c: not a whole number from 1 to 2147483647: abc'],
    [['--cou', 'abc'], '--count: not a whole number from 1 to 2147483647: abc'],
    [['-i', '-1'], '-i: not a time from 1ms to 2147483.647s (seconds, or 500ms, 2m, 1h): -1'],
    [['-c', 'x', '-c1'], '-c: not a whole number from 1 to 2147483647: x'],
    [['--until=ope'], '--until: not one of open, closed: ope'],
    [['--until', ''], "--until: not one of open, closed: ''"],
    [['-I', ''], '-I: must not be empty'],
  ])('%j are refused under the name that the user wrote', (argv, message) => {
    expect(() => args(argv)).toThrow(new UsageError(message))
  })
})

/** Words that look like options more often than chance would have it. */
const word = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('-c', '-c4', '-vz', '--count', '--count=3', '--inte', '-i.2', '-4', '-H'),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom('--until=open', '--', '-', '', 'h', '22', '-o', '--zero', "-o'a'", '-o"'),
  },
  { weight: 1, arbitrary: fc.string().map((text) => `--output=${text}`) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }).map((text) => `-${text}`) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }).map((text) => `--${text}`) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
)
const argvs = fc.array(word, { maxLength: 8 })

function tryGetopt(argv: readonly string[], grammar: Grammar): CommandLine | undefined {
  try {
    return getopt(argv, grammar)
  } catch (error) {
    if (error instanceof UsageError) return undefined
    throw error
  }
}

it('nothing but UsageError ever comes out, whatever is typed', () => {
  fc.assert(
    fc.property(argvs, fc.boolean(), fc.boolean(), (argv, oneDashLong, permute) => {
      const commandLine = tryGetopt(argv, { ...plain, oneDashLong, permute })
      if (commandLine === undefined) return
      try {
        readArgs(commandLine, plain.table)
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError)
      }
    }),
    { numRuns: 2000 },
  )
})

it('the plain form of a command line reads the same as itself', () => {
  fc.assert(
    fc.property(argvs, (argv) => {
      const commandLine = tryGetopt(argv, plain)
      if (commandLine === undefined || commandLine.given.at(-1)?.option.about !== undefined) return
      expect(read(getopt(normalise(argv, plain), plain))).toEqual(read(commandLine))
    }),
  )
})

describe('yargs, given the same table and the plain form,', () => {
  const yargsRows = (table: OptionTable): Record<string, Options> =>
    Object.fromEntries(
      Object.entries(table).map(([name, spec]) => [
        name,
        spec.kind === 'flag' ? { boolean: true } : { string: true, default: spec.default },
      ]),
    )
  /** yargs takes one pair of quotes off a value. */
  const quoted = (arg: string) => arg.replace(/^(--[a-z0-9-]+=)(.*)$/s, '$1"$2"')
  const yargsArgv = (argv: readonly string[], grammar: Grammar) => {
    const words = normalise(argv, grammar)
    const end = words.indexOf('--')
    return [...words.slice(0, end).map(quoted), ...words.slice(end)]
  }
  const texts = (table: OptionTable): OptionTable =>
    Object.fromEntries(
      Object.entries(table).map(([name, { short = '', describe, ...spec }]) => {
        if (spec.kind === 'flag') return [name, { kind: 'flag', short, describe }]
        const given = spec.default === undefined ? {} : { default: spec.default }
        return [name, { kind: 'value', short, describe, ...given }]
      }),
    )
  const untyped = texts(options)
  const grammar = { table: fullTable(untyped) }

  it('reads the same values as we do', async () => {
    let compared = 0
    await fc.assert(
      fc.asyncProperty(argvs, async (argv) => {
        const commandLine = tryGetopt(argv, grammar)
        if (commandLine === undefined || commandLine.given.at(-1)?.option.about !== undefined) return
        const { _given, ...ours } = readArgs(commandLine, grammar.table)
        const yargs = await setUpYargs(yargsRows(untyped), yargsArgv(argv, grammar))
        const { $0: _, ...theirs } = yargs.parseSync()
        const flags = Object.keys(untyped).filter((name) => untyped[name]?.kind === 'flag')
        expect({ ...Object.fromEntries(flags.map((name) => [name, false])), ...theirs }).toEqual(ours)
        compared += 1
      }),
      { numRuns: 500 },
    )
    expect(compared).toBeGreaterThan(50)
  })

  it('refuses an option that the table does not have', async () => {
    const yargs = await setUpYargs(yargsRows(untyped), ['--bogus'])
    expect(() => yargs.parseSync()).toThrow(/bogus/)
  })
})

describe('an option whose value may be left out', () => {
  const grammar: Grammar = {
    oneDashLong: true,
    table: fullTable({
      verbose: { kind: 'value', short: 'v', bare: '', repeatable: true, describe: 'More' },
      zero: { kind: 'flag', short: 'z', describe: 'Look' },
    }),
  }

  it.each([
    [
      ['-v', '2'],
      ['verbose=', ':2'],
    ],
    [['-v2'], ['verbose=2']],
    [['-v-2'], ['verbose=-2']],
    [['-vvv'], ['verbose=vv']],
    [['-zv3'], ['zero', 'verbose=3']],
    [
      ['--verbose', '2'],
      ['verbose=', ':2'],
    ],
    [['--verbose=2'], ['verbose=2']],
    [['-verb=2'], ['verbose=2']],
    [
      ['-verbose', '2'],
      ['verbose=', ':2'],
    ],
  ])('takes in %j only what is glued on', (argv, wanted) => {
    expect(read(getopt(argv, grammar))).toEqual(wanted)
  })
})

describe('an option that gives way', () => {
  const table = fullTable({
    write: { kind: 'value', yields: true, describe: 'A file' },
    win: { kind: 'value', describe: 'Window' },
    wink: { kind: 'flag', yields: true, describe: 'Blink' },
  })

  it.each([
    [['--w', '1'], ['win=1']],
    [['--wi', '1'], ['win=1']],
    [['--win', '1'], ['win=1']],
    [['--wr', 'f'], ['write=f']],
    [['--wink'], ['wink']],
    [['--m'], ['man']],
  ])('is meant by %j where nothing else is', (argv, wanted) => {
    expect(read(getopt(argv, { table }))).toEqual(wanted)
  })

  it('is ambiguous among its like', () => {
    const both = fullTable({
      write: { kind: 'flag', yields: true, describe: 'A' },
      wrap: { kind: 'flag', yields: true, describe: 'B' },
    })
    expect(problemOf(['--w'], { table: both }).message).toBe('option --w is ambiguous: --write, --wrap')
  })
})
