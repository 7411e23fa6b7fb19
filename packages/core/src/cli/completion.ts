import { UsageError } from '../model/errors.ts'
import type { Shell } from './about.ts'
import { bashCompletion } from './completion/bash.ts'
import { fishCompletion } from './completion/fish.ts'
import { zshCompletion } from './completion/zsh.ts'
import type { AnyCli } from './define.ts'

const SCRIPTS = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
} as const satisfies Record<Shell, (cli: AnyCli) => string>

/**
 * A script that teaches the shell the tool's options. It stands alone and never runs the tool.
 * @throws UsageError for a command of two words, of which shells know the first only
 */
export function completionScript(cli: AnyCli, shell: Shell): string {
  const [command, second] = cli.name.split(' ')
  if (second !== undefined) throw new UsageError(`there are completions for ${command} alone`)
  return SCRIPTS[shell](cli)
}
