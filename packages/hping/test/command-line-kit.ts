import { defineCli, type OptionTable, out, runCli } from '@portkit/core'
import { simIo } from '@portkit/core/sim'
import type { Args } from '../src/command-line/args.ts'
import { DEFINITION } from '../src/command-line/definition.ts'
import { OPTIONS } from '../src/command-line/options.ts'
import { readSettings } from '../src/command-line/read-settings.ts'
import type { Settings } from '../src/settings.ts'

/** All options, without their own types. */
export const TABLE: OptionTable = OPTIONS

/** Stands for the ports of /etc/services. */
export const KNOWN: readonly number[] = [7, 22, 80]

export interface Outcome {
  readonly settings: Settings | undefined
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command line with a tool that only reads its settings. */
export async function run(...argv: readonly string[]): Promise<Outcome> {
  const seen: { settings?: Settings; out: string; err: string } = { out: '', err: '' }
  const cli = defineCli({
    ...DEFINITION,
    async *run(args: Args) {
      seen.settings = readSettings(args, () => KNOWN)
      yield out('')
      return 0
    },
  })
  const status = await runCli(
    cli,
    argv,
    simIo({ ports: {} }),
    ({ to, text }) => {
      seen[to] += text
      return true
    },
    { version: '1.2.3' },
  )
  return { settings: seen.settings, status, stdout: seen.out, stderr: seen.err }
}

/** The settings of a command line that makes sense. */
export async function settingsOf(...argv: readonly string[]): Promise<Settings> {
  const { settings, stderr } = await run(...argv)
  if (settings === undefined) throw new Error(stderr)
  return settings
}

/** What is said about a command line that does not, without the name of the tool. */
export async function complaintAbout(...argv: readonly string[]): Promise<string> {
  const { stderr, stdout, status, settings } = await run(...argv)
  if (settings !== undefined) throw new Error(`was read: ${argv.join(' ')}`)
  if (status !== 2 || stdout !== '') throw new Error(`status ${status}: ${stdout}${stderr}`)
  const [line = '', hint = ''] = stderr.split('\n')
  if (!/^hping-ts: /.test(line) || !/^('hping-ts --help' .*)?$/.test(hint)) throw new Error(stderr)
  return line.replace('hping-ts: ', '')
}
