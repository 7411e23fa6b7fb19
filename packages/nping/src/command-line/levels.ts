import { type Coercer, notA, readNumber } from '@portkit/core'

/** What one `-v`, `-q` or `-d` does to a level. */
export type Step = { readonly kind: 'by'; readonly by: number } | { readonly kind: 'to'; readonly to: number }

/** Verbosity. */
export const QUIETEST = -4
export const LOUDEST = 4
/** Debugging. */
export const MOST_DEBUG = 9

/** `-v`, `-vvv`, `-v3`, `-v-2`. */
export const louder: Coercer<Step> = (text, option) =>
  repeated('v', text, 1) ?? { kind: 'to', to: level(text, option, QUIETEST, LOUDEST) }

/** `-q`, `-qqq`, and `-q2` for level -2. */
export const quieter: Coercer<Step> = (text, option) =>
  repeated('q', text, -1) ?? { kind: 'to', to: 0 - level(text, option, 0, -QUIETEST) }

/** `-d`, `-ddd`, `-d3`. */
export const debugging: Coercer<Step> = (text, option) =>
  repeated('d', text, 1) ?? { kind: 'to', to: level(text, option, 0, MOST_DEBUG) }

/** The letter itself has been read when what is glued to it comes here. */
function repeated(letter: string, text: string, by: number): Step | undefined {
  return text.replaceAll(letter, '') === '' ? { kind: 'by', by: by * (text.length + 1) } : undefined
}

function level(text: string, option: string, min: number, max: number): number {
  const size = readNumber(text.replace(/^-/, ''))
  const value = size === undefined ? undefined : text.startsWith('-') ? 0 - size : size
  if (value !== undefined && value >= min && value <= max) return value
  throw notA(`a level from ${min} to ${max}`, text, option)
}

/** The level after a step, which never leaves the bounds. */
export function after(level: number, step: Step, min: number, max: number): number {
  return Math.min(max, Math.max(min, step.kind === 'to' ? step.to : level + step.by))
}
