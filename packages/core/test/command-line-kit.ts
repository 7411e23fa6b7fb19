import { type CliDefinition, defineCli, type LateText } from '../src/cli/define.ts'
import { out } from '../src/cli/line.ts'
import type { OptionTable, Parsed } from '../src/cli/options.ts'
import { runCli } from '../src/cli/run-cli.ts'
import { simIo } from '../src/sim/sim.ts'
import { type Report, VERSION } from './tool-kit.ts'

export interface Outcome<S> extends Report {
  readonly settings: S | undefined
}

/** @param read makes the settings, or throws what is said about the command line */
export function commandLineKit<O extends OptionTable, S>(
  definition: Omit<CliDefinition<O, LateText>, 'run'>,
  read: (args: Parsed<O>) => S,
) {
  /** Runs the command line with a tool that only reads its settings. */
  async function run(...argv: readonly string[]): Promise<Outcome<S>> {
    const seen: { settings?: S; out: string; err: string } = { out: '', err: '' }
    const cli = defineCli<O, LateText>({
      ...definition,
      async *run(args) {
        seen.settings = read(args)
        yield out('')
        return 0
      },
    })
    const write = ({ to, text }: { readonly to: 'out' | 'err'; readonly text: string }): boolean => {
      seen[to] += text
      return true
    }
    const status = await runCli(cli, argv, simIo({ ports: {} }), write, { version: VERSION })
    return { settings: seen.settings, status, stdout: seen.out, stderr: seen.err }
  }

  /** The settings of a command line that makes sense. */
  async function settingsOf(...argv: readonly string[]): Promise<S> {
    const { settings, stderr } = await run(...argv)
    if (settings === undefined) throw new Error(stderr)
    return settings
  }

  /** What is said about a command line that does not, behind the name of the tool. */
  async function complaintAbout(...argv: readonly string[]): Promise<string> {
    const { stderr, stdout, status, settings } = await run(...argv)
    if (settings !== undefined) throw new Error(`was read: ${argv.join(' ')}`)
    if (status !== 2 || stdout !== '') throw new Error(`status ${status}: ${stdout}${stderr}`)
    const [line = '', hint = ''] = stderr.split('\n')
    const { name } = definition
    const isHint = hint === '' || hint.startsWith(`'${name} --help' `)
    if (!line.startsWith(`${name}: `) || !isHint) throw new Error(stderr)
    return line
  }

  return { run, settingsOf, complaintAbout }
}
