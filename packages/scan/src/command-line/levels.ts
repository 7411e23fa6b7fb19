import { type Coercer, UsageError } from '@portkit/core'

/** What one -v or -d does to a level. */
export type Step = { readonly kind: 'by' | 'to'; readonly level: number }

const MOST = 10

/** `-v`, `-vvv`, `-v3`; the letter itself has been read when what is glued to it comes here. @throws UsageError */
export const verbosity: Coercer<Step> = (text) => step('v', text)
/** `-d`, `-dd`, `-d3`. @throws UsageError */
export const debugging: Coercer<Step> = (text) => step('d', text)

function step(letter: 'v' | 'd', text: string): Step {
  if (text.replaceAll(letter, '') === '') return { kind: 'by', level: text.length + 1 }
  if (text === '0' && letter === 'v') {
    throw new UsageError('-v0 is refused: for no text at all send standard output to /dev/null')
  }
  if (/^(?:\d|10)$/.test(text)) return { kind: 'to', level: Number(text) }
  throw new UsageError(`Invalid argument to -${letter}: "${text}".`)
}

/** How verbose a run is, and how much it tells for finding faults: -d does both, as nmap's. */
export interface Levels {
  readonly verbose: number
  readonly debugging: number
}

/** @param given the long names of options in their order, with the steps of each */
export function levelsOf(
  given: readonly string[],
  { verbose, debug }: { readonly verbose: readonly Step[]; readonly debug: readonly Step[] },
): Levels {
  const louder = verbose.values()
  const deeper = debug.values()
  let levels: Levels = { verbose: 0, debugging: 0 }
  for (const name of given) {
    if (name === 'verbose') levels = { ...levels, verbose: after(levels.verbose, louder.next().value) }
    if (name === 'debug') levels = both(levels, deeper.next().value)
  }
  return levels
}

function both({ verbose, debugging }: Levels, step: Step | undefined): Levels {
  return { verbose: after(verbose, step), debugging: after(debugging, step) }
}

function after(level: number, step: Step | undefined): number {
  if (step === undefined) return level
  return Math.min(MOST, step.kind === 'to' ? step.level : level + step.level)
}
