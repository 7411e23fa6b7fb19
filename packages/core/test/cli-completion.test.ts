import { describe, expect, it } from 'vitest'
import { fullTable } from '../src/cli/about.ts'
import { completionScript } from '../src/cli/completion.ts'
import type { AnyCli } from '../src/cli/define.ts'
import { UsageError } from '../src/model/errors.ts'
import { folderWith, has, runProgram } from './cli-programs.ts'
import { sampleCli } from './cli-sample.ts'

const cli = sampleCli()
const oneDash: AnyCli = {
  ...cli,
  name: 'sample-ts',
  oneDashLong: true,
  table: fullTable({ until: cli.options.until }),
}
const FILES = { 'one file.txt': '', 'one*.txt': '', 'other.txt': '' }

/** What bash offers for the last of the words. */
function bash(tool: AnyCli, words: readonly string[]): readonly string[] {
  const folder = folderWith({ ...FILES, script: completionScript(tool, 'bash'), hosts: '10.0.0.2 db.lan\n' })
  const program = `
    HOSTFILE=hosts; source ./script || exit 3
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    $(complete -p ${tool.name} | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
    printf '%s\\n' "\${COMPREPLY[@]}"`
  const args = ['--norc', '--noprofile', '-c', program, 'bash', tool.name, ...words]
  const { status, stdout, stderr } = runProgram('bash', args, folder)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout.split('\n').filter((line) => line !== '')
}

describe.skipIf(!has('bash'))('in bash', () => {
  it('the script has no fault in its syntax', () => {
    const folder = folderWith({ script: completionScript(cli, 'bash') })
    expect(runProgram('bash', ['-n', 'script'], folder)).toEqual({ status: 0, stdout: '', stderr: '' })
  })

  it.each([
    [['--int'], ['--interval', '--interface']],
    [['--u'], ['--until']],
    [['h', '--u'], ['--until']],
    [
      ['--until', ''],
      ['open', 'closed'],
    ],
    [['--until', 'o'], ['open']],
    [
      ['--until', '='],
      ['open', 'closed'],
    ],
    [['--until', '=', 'cl'], ['closed']],
    [
      ['--completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['-o', 'oth'], ['other.txt']],
    [
      ['--output', 'one'],
      ['one file.txt', 'one*.txt'],
    ],
    [['--output', '=', 'one '], ['one file.txt']],
    [['-c', ''], []],
    [['--via', 'db'], ['db.lan']],
    [['d'], ['db.lan']],
    [['--', '--u'], []],
    [['--', 'd'], ['db.lan']],
  ])('%j offers what fits', (words, offered) => {
    expect([...bash(cli, words)].sort()).toEqual([...offered].sort())
  })

  it('one dash offers every option, in all spellings', () => {
    const names = bash(cli, ['-'])
    expect(names).toEqual(
      expect.arrayContaining(['-c', '--count', '-4', '-v', '-V', '--header', '-h', '--man']),
    )
    expect(names).not.toContain('-count')
  })

  it('one-dash long options are offered for a tool that has them', () => {
    expect(bash(oneDash, ['-un'])).toEqual(['-until'])
    expect(bash(oneDash, ['-until', 'c'])).toEqual(['closed'])
  })
})

describe.skipIf(!has('fish'))('in fish', () => {
  const fish = (words: string) => {
    const folder = folderWith({ ...FILES, script: completionScript(cli, 'fish') })
    const program = 'source script; or exit 3; complete -C $argv[1]'
    const { status, stdout, stderr } = runProgram('fish', ['--no-config', '-c', program, words], folder)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    return stdout.split('\n').filter((line) => line !== '')
  }

  it.each([
    ['sample --ver', ['--verbose\tSay more \\ back', '--version\tShow the version']],
    ['sample --until ', ['closed\tStop in that state', 'open\tStop in that state']],
    ['sample --until=o', ['--until=open\tStop in that state']],
    ['sample --port', ["--ports\tThe port's numbers"]],
    ['sample -c ', []],
    ['sample -o oth', ['other.txt']],
  ])('%j offers what fits, with what it means', (words, offered) => {
    expect(fish(words)).toEqual(offered)
  })

  it('files are not offered where hosts belong', () => {
    expect(fish('sample oth')).toEqual([])
  })
})

describe.skipIf(!has('zsh'))('in zsh', () => {
  /** Types into a real zsh, presses Tab and gives the whole screen. */
  const zsh = (typed: string) => {
    const folder = folderWith({
      ...FILES,
      script: completionScript(cli, 'zsh'),
      type: `
        zmodload zsh/zpty
        zpty shell 'PS1="> " zsh -f -i'
        zpty -w shell 'TERM=dumb; unsetopt zle_bracketed_paste; autoload -U compinit; compinit -u -D; source ./script; zstyle ":completion:*" list-prompt ""; LISTMAX=1000; COLUMNS=200; print rea''dy'
        zpty -r -m shell screen '*ready*'
        zpty -w -n shell "$1"$'\\t\\t'
        zpty -w -n shell $'\\C-a\\C-k'
        zpty -w shell 'print do''ne; exit'
        screen=
        while zpty -r shell chunk; do screen+=$chunk; done
        print -r -- $screen`,
    })
    const { stderr, stdout } = runProgram('zsh', ['-f', 'type', typed], folder)
    expect(stderr).toBe('')
    expect(stdout).toContain('done')
    return stdout
  }

  it('the script has no fault in its syntax', () => {
    const folder = folderWith({ script: completionScript(cli, 'zsh') })
    expect(runProgram('zsh', ['-n', 'script'], folder)).toEqual({ status: 0, stdout: '', stderr: '' })
  })

  it.each([
    ['sample --unt', /--until=/],
    ['sample --ver', /--verbose +-- Say more \\ back\s+--version +-- Show the version/],
    ['sample --until c', /--until closed/],
    ['sample --until=o', /--until=open/],
    ['sample -o oth', /-o other\.txt/],
    ['sample --inte', /--interface +-- Leave by it/],
  ])('%j offers what fits, with what it means', (typed, screen) => {
    expect(zsh(typed)).toMatch(screen)
  })
})

it.each(['bash', 'zsh', 'fish'] as const)('a command of two words has no completions for %s', (shell) => {
  const script = (): string => completionScript({ ...cli, name: 'sample part' }, shell)
  expect(script).toThrow(new UsageError('there are completions for sample alone'))
})
