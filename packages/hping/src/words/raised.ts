import { type Line, out } from '@portkit/core'

/** Back over what the terminal shows of Ctrl-Z. */
const STEPS_BACK = '\b'.repeat(9)

/** What Ctrl-Z prints: the port or the time to live from now on. The next line follows it. */
export function raised(value: number): Line {
  return out(`${STEPS_BACK}${value}: `)
}
