import { commandLineKit } from '../../core/test/command-line-kit.ts'
import { DEFINITION } from '../src/command-line/definition.ts'
import { readSettings } from '../src/command-line/read-settings.ts'

export const { run, settingsOf } = commandLineKit(DEFINITION, (args) => readSettings(args, ['as', 'typed']))

/** What is said about a command line whose values make no sense. */
export async function complaintAbout(...argv: readonly string[]): Promise<string> {
  const { stderr, stdout, status, settings } = await run(...argv)
  const [line = '', ...rest] = stderr.split('\n')
  if (settings !== undefined) throw new Error(`was read: ${argv.join(' ')}`)
  if (status !== 1 || stdout !== '' || rest.join('|') !== 'QUITTING!|') throw new Error(`${status} ${stderr}`)
  return line
}
