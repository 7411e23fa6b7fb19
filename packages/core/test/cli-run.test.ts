import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Line } from '../src/cli/line.ts'
import { runCli } from '../src/cli/run-cli.ts'
import { LocalFault, UsageError } from '../src/model/errors.ts'
import { simIo } from '../src/sim/sim.ts'
import { sampleCli } from './cli-sample.ts'

const info = { version: '1.2.3' }

interface Options {
  readonly env?: Readonly<Record<string, string>>
  /** Lines that are taken before the reader of stdout goes away. */
  readonly reads?: number
}

/** Runs the sample tool; `ended` counts how often its `finally` ran. */
async function run(argv: readonly string[], { env = {}, reads = 1000 }: Options = {}) {
  const lines: Line[] = []
  let ended = 0
  const cli = sampleCli(() => {
    ended += 1
  })
  const write = (line: Line): boolean => {
    if (line.to === 'out' && lines.length >= reads) return false
    lines.push(line)
    return true
  }
  const status = await runCli(cli, argv, simIo({ ports: {}, env }), write, info)
  const text = (to: Line['to']) =>
    lines
      .filter((line) => line.to === to)
      .map((line) => line.text)
      .join('')
  return { status, out: text('out'), err: text('err'), lines, ended }
}

it('prints what the tool yields, in order, and ends with its status', async () => {
  const { status, lines, ended } = await run(['h'])
  expect(lines.slice(1)).toEqual([
    { to: 'err', text: 'note\n' },
    { to: 'out', text: 'line 0\n' },
    { to: 'out', text: 'line 1\n' },
  ])
  expect({ status, ended }).toEqual({ status: 7, ended: 1 })
})

it('hands the tool its arguments', async () => {
  const { out } = await run(['-c4', 'h', '-H', 'x', '22'])
  expect(JSON.parse(out.split('\n')[0] ?? '')).toMatchObject({ count: 4, header: ['x'], _: ['h', '22'] })
})

describe('what goes wrong is one line and the status for it:', () => {
  it.each([
    [['-c', 'abc'], 2, 'sample: -c: not a whole number from 1 to 2147483647: abc\n'],
    [['-c', '\u{1b}[2J'], 2, 'sample: -c: not a whole number from 1 to 2147483647: \\x1b[2J\n'],
    [['--completion=csh'], 2, 'sample: --completion: not one of bash, zsh, fish: csh\n'],
    [['usage'], 2, "note\nsample: port invalid: '\\x1b[2J'\n"],
    [['-4', 'usage'], 255, "note\nsample: port invalid: '\\x1b[2J'\n"],
    [['resolve'], 2, 'note\nsample: nowhere: Name or service not known\n'],
    [['-4', 'fault'], 255, 'note\nsample: too many open files: raise ulimit -n\n'],
    [['bug'], 70, 'note\nsample: internal error: it broke\\x9b2J\\x0abadly\n'],
    [['-4', 'string'], 70, 'note\nsample: internal error: only a string\n'],
  ])('%j', async (argv, status, err) => {
    expect(await run(argv)).toMatchObject({ status, err })
  })

  it.each([
    [['--bogus'], 'sample: unknown option --bogus\n'],
    [['-\u{9b}'], 'sample: unknown option -\\x9b\n'],
    [['-c'], 'sample: option -c needs a value\n'],
  ])('%j, which is a matter of how options are written, is followed by where help is', async (argv, err) => {
    const help = "'sample --help' shows what it understands\n"
    expect(await run(argv)).toMatchObject({ status: 2, out: '', err: err + help, ended: 0 })
  })

  it.each(['usage', 'fault', 'bug'])('the tool cleans up after %s', async (how) => {
    expect(await run([how])).toMatchObject({ ended: 1 })
  })

  it('a stack is shown to whoever asks for it', async () => {
    const { err } = await run(['bug'], { env: { PORTKIT_DEBUG: '1' } })
    expect(err).toContain('cli-sample.ts')
    expect(err).not.toContain('\u{9b}')
    expect((await run(['bug'], { env: { PORTKIT_DEBUG: '' } })).err).not.toContain('cli-sample.ts')
  })
})

describe('of several faults in a command line', () => {
  it.each([
    [['-c', 'abc', '--bogus'], 'sample: -c: not a whole number from 1 to 2147483647: abc\n'],
    [['--bogus', '-c', 'abc'], "sample: unknown option --bogus\n'sample --help' shows what it understands\n"],
    [
      ['-w', 'x', '-c', 'y'],
      'sample: -w: not a time from 0 to 2147483.647s (seconds, or 500ms, 2m, 1h): x\n',
    ],
  ])('the first one is told: %j', async (argv, err) => {
    expect(await run(argv)).toMatchObject({ status: 2, err })
  })

  it.each([
    [['-4', '-c', 'abc'], 255],
    [['-c', 'abc', '-4'], 255],
    [['-4', '--bogus'], 255],
    [['--bogus', '-4'], 2],
    [['-c', 'abc'], 2],
  ])('what was understood decides on the status: %j', async (argv, status) => {
    expect((await run(argv)).status).toBe(status)
  })
})

it('a tool may complain in its own words, or leave it to the usual ones', async () => {
  const cli = {
    ...sampleCli(),
    complaint: (error: Error, { ipv4 }: { readonly ipv4?: boolean }) =>
      ipv4 === true ? `${error.name} ${error.message}\nusage: sample\n` : undefined,
  }
  const said = async (...argv: readonly string[]) => {
    const lines: string[] = []
    const write = ({ to, text }: Line): boolean => to === 'out' || lines.push(text) > 0
    await runCli(cli, argv, simIo({ ports: {} }), write, info)
    return lines.join('')
  }
  expect(await said('-4', '--bogus')).toBe('UsageError unknown option --bogus\nusage: sample\n')
  expect(await said('-4', 'resolve')).toBe('note\nResolveError Name or service not known\nusage: sample\n')
  expect(await said('-4', 'fault')).toContain('LocalFault too many open files')
  expect(await said('resolve')).toBe('note\nsample: nowhere: Name or service not known\n')
  expect(await said('-4', 'bug')).toBe('note\nsample: internal error: it broke\\x9b2J\\x0abadly\n')
})

it('a command line without any word is told where help is, too', async () => {
  const cli = {
    ...sampleCli(),
    // biome-ignore lint/correctness/useYield: it fails at once
    async *run() {
      throw new UsageError('host missing')
    },
  }
  const said = async (argv: readonly string[]) => {
    const lines: string[] = []
    const write = ({ text }: Line): boolean => lines.push(text) > 0
    await runCli(cli, argv, simIo({ ports: {} }), write, info)
    return lines.join('')
  }
  expect(await said([])).toBe("sample: host missing\n'sample --help' shows what it understands\n")
  expect(await said(['-4'])).toBe('sample: host missing\n')
})

it.each([0, 1, 5])('ends quietly when the reader goes away after %i lines, and cleans up', async (reads) => {
  const { status, err, ended } = await run(['endless'], { reads })
  expect({ status, ended }).toEqual({ status: 0, ended: 1 })
  expect(err).toBe(reads === 0 ? '' : 'note\n')
})

it('cleans up when nothing can be printed, and says so', async () => {
  const err: string[] = []
  let ended = 0
  const cli = sampleCli(() => {
    ended += 1
  })
  const write = ({ to, text }: Line): boolean => {
    if (to === 'out') throw new LocalFault('ENOSPC', 'the disk is full')
    err.push(text)
    return true
  }
  expect(await runCli(cli, ['h'], simIo({ ports: {} }), write, info)).toBe(2)
  expect({ err, ended }).toEqual({ err: ['sample: the disk is full\n'], ended: 1 })
})

it('waits for a slow reader before the tool goes on', async () => {
  const seen: string[] = []
  const cli = sampleCli(() => seen.push('ended'))
  const write = async ({ text }: Line): Promise<boolean> => {
    seen.push(`begin ${text.slice(0, 4)}`)
    await new Promise(setImmediate)
    seen.push('end')
    return true
  }
  await runCli(cli, ['h'], simIo({ ports: {} }), write, info)
  expect(seen.map((text) => text.slice(0, 5))).toEqual([...Array(4).fill(['begin', 'end']).flat(), 'ended'])
})

describe('about itself', () => {
  it('it tells its version', async () => {
    expect(await run(['--version'])).toMatchObject({ status: 0, out: 'sample 1.2.3\n', err: '', ended: 0 })
  })

  it.each(['--help', '-h', '--man', '--completion=bash', '--completion=zsh', '--completion=fish', '--hel'])(
    '%s prints to stdout and does not run the tool, whatever else is said',
    async (option) => {
      const { status, out, err, ended } = await run(['-c', 'bad', option, '--bogus'])
      expect({ status, err, ended }).toEqual({ status: 0, err: '', ended: 0 })
      expect(out).toMatch(/\n$/)
      expect(out).toContain('sample')
    },
  )

  it('a reader that goes away is no failure', async () => {
    expect(await run(['--help'], { reads: 0 })).toMatchObject({ status: 0, err: '' })
  })
})

it('always ends with a status, whatever is typed', async () => {
  const word = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('-c', '-z', '--', 'bug', 'fault', '-i', '--he'),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 5 }), async (argv) => {
      const { status, err } = await run(argv)
      expect([0, 2, 7, 70, 255]).toContain(status)
      expect(err).not.toMatch(/(?!\n)\p{Cc}/u)
    }),
  )
})
