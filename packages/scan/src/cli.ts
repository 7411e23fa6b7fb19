import { createLines, defineCli, type Io, type Line, parseArgs, talk, UsageError } from '@portkit/core'
import type { Args } from './command-line/args.ts'
import { DEFINITION } from './command-line/definition.ts'
import { readSettings } from './command-line/read-settings.ts'
import { exitStatus } from './exit-status.ts'
import { runScan } from './run/run-scan.ts'
import type { Settings } from './settings.ts'
import type { JournalState } from './spread/read-journal.ts'

export interface ToolInfo {
  readonly version: string
  /** The words of the command line, for the reports. */
  readonly argv: readonly string[]
}

/** `portscan`: which ports are open. */
export function portscan({ version, argv }: ToolInfo) {
  const cli = defineCli({
    ...DEFINITION,
    async *run(args, io): AsyncGenerator<Line, number> {
      const typed = readSettings(args, argv, io.system.env)
      const again = (words: readonly string[]): Args => parseArgs(cli, words)
      const { settings, before } = typed.resume === undefined ? anew(typed) : await continued(args, again, io)
      return yield* talk(async (say) => {
        const outcome = await runScan({ settings, version, lines: createLines(say), before }, io)
        return exitStatus(outcome.end, outcome, settings)
      })
    },
  })
  return cli
}

interface Continued {
  readonly settings: Settings
  readonly before: JournalState | undefined
}

function anew(settings: Settings): Continued {
  return { settings, before: undefined }
}

/** The settings of the run that is to go on, with what is said now about reports. @throws UsageError, LocalFault */
async function continued(
  args: Args,
  again: (words: readonly string[]) => Args,
  { system }: Io,
): Promise<Continued> {
  const { resume = '' } = args
  const text = system.readText(resume)
  if (text === undefined) throw new UsageError(`${resume}: no such file`)
  const [{ readJournal }, { hostIn }, { readResumed }] = await Promise.all([
    import('./spread/read-journal.ts'),
    import('./run/host-text.ts'),
    import('./command-line/read-resumed.ts'),
  ])
  const before = readJournal({ name: resume, text, readHost: hostIn })
  const { args: words, shard } = before.header
  return { settings: { ...readResumed(args, again(words), words), shard }, before }
}
