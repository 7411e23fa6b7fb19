import { describe, expect, it } from 'vitest'
import { type CliDefinition, defineCli } from '../src/cli/define.ts'
import { out } from '../src/cli/line.ts'
import type { OptionTable } from '../src/cli/options.ts'
import { runCli } from '../src/cli/run-cli.ts'
import { simIo } from '../src/sim/sim.ts'

const options = {
  level: { kind: 'value', short: 'l', bare: '1', placeholder: 'N', describe: 'How much' },
  secret: { kind: 'value', hidden: true, describe: 'Another spelling' },
} as const satisfies OptionTable

async function said(argv: readonly string[], manner: Partial<CliDefinition<typeof options>> = {}) {
  const cli = defineCli<typeof options, CliDefinition<typeof options>>({
    name: 'sample',
    summary: 'try the kit',
    usage: ['[option]...'],
    positionals: [],
    examples: [],
    exitStatus: [],
    usageStatus: 2,
    options,
    async *run(args) {
      yield out(`${args.level} ${args.secret}`)
      return 0
    },
    ...manner,
  } as CliDefinition<typeof options>)
  let text = ''
  const write = (line: { readonly text: string }) => {
    text += line.text
    return true
  }
  const status = await runCli(cli, argv, simIo({ ports: {} }), write, { version: '1.2.3' })
  return { text, status }
}

describe('how a tool answers', () => {
  it('shows its version in its own words and by its own letter', async () => {
    const version = { short: 'V', text: (number: string) => `sample ${number} !\n` }
    expect(await said(['-V'], { version })).toEqual({ text: 'sample 1.2.3 !\n', status: 0 })
    expect(await said(['--version'])).toEqual({ text: 'sample 1.2.3\n', status: 0 })
  })

  it('shows help for an empty command line only when it is told to', async () => {
    const help = await said([], { emptyShowsHelp: true })
    expect(help.status).toBe(2)
    expect(help.text).toContain('Usage: sample [option]...')
    expect(await said([])).toEqual({ text: 'undefined undefined', status: 0 })
  })

  it('shows an optional value in brackets', async () => {
    expect((await said(['--help'])).text).toContain('--level[=N]')
    expect((await said(['--man'])).text).toContain('\\fB\\-l\\fR[\\fIN\\fR], \\fB\\-\\-level\\fR[=\\fIN\\fR]')
  })

  it.each(['--help', '--man', '--completion=bash', '--completion=zsh', '--completion=fish'])(
    'keeps a hidden option out of %s, and takes it',
    async (about) => {
      expect((await said([about])).text).not.toContain('secret')
      expect((await said(['--secret', 'x', '-l'])).text).toBe('1 x')
    },
  )
})

describe('completion of a value that must be glued on', () => {
  it('never offers it as the next word', async () => {
    const zsh = (await said(['--completion=zsh'])).text
    expect(zsh).toContain("'(-l --level)-l-[How much]::N: '")
    expect(zsh).toContain("'(-l --level)--level=-[How much]::N: '")
    expect((await said(['--completion=bash'])).text).not.toContain('-l | --level)')
    expect((await said(['--completion=fish'])).text).toMatch(/-l level -d 'How much'$/m)
  })
})
