import type { AnyCli } from '../define.ts'
import type { Option } from '../options.ts'

/** Every way to write the option: `-c`, `--count`, and `-count` for a tool that takes it. */
export function spellings(
  { name, shorts }: Option,
  { oneDashLong }: Pick<AnyCli, 'oneDashLong'>,
): readonly string[] {
  return [...shorts.map((letter) => `-${letter}`), `--${name}`, ...(oneDashLong === true ? [`-${name}`] : [])]
}

/** A shell function's name, unlikely to be anyone else's. */
export function functionName(command: string): string {
  return `_portkit_${command.replace(/[^A-Za-z0-9]/g, '_')}`
}

/** Text as one word of a POSIX shell, bash or zsh. */
export function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
