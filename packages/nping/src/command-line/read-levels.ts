import type { Settings } from '../settings.ts'
import type { Args } from './args.ts'
import { after, LOUDEST, MOST_DEBUG, QUIETEST, type Step } from './levels.ts'

/** What each naming of an option does to a level; undefined for options that are about something else. */
type NextStep = (name: string) => Step | undefined

const to = (level: number): Step => ({ kind: 'to', to: level })

/** `-v`, `-q`, `--quiet`, `-d` and `--debug` in the order in which they were given; as nping's, `-d` does both. */
export function levelsOf(args: Args): Pick<Settings, 'verbosity' | 'debug'> {
  const louder = args.verbose.values()
  const quieter = args['reduce-verbosity'].values()
  const deeper = args['debug-level'].values()
  const seen = args['debug-level'].values()
  const verbosity: NextStep = (name) => {
    if (name === 'verbose') return louder.next().value
    if (name === 'reduce-verbosity') return quieter.next().value
    if (name === 'debug-level') return seen.next().value
    return name === 'quiet' ? to(QUIETEST) : name === 'debug' ? to(LOUDEST) : undefined
  }
  const debug: NextStep = (name) => {
    if (name === 'debug-level') return deeper.next().value
    return name === 'quiet' ? to(0) : name === 'debug' ? to(MOST_DEBUG) : undefined
  }
  return {
    verbosity: follow(args._given, verbosity, QUIETEST, LOUDEST),
    debug: follow(args._given, debug, 0, MOST_DEBUG),
  }
}

function follow(names: readonly string[], next: NextStep, min: number, max: number): number {
  let level = 0
  for (const name of names) {
    const step = next(name)
    if (step !== undefined) level = after(level, step, min, max)
  }
  return level
}
