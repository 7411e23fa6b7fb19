import { type Coercer, durationMs, shown, UsageError } from '@portkit/core'

const anyTime = durationMs()

/**
 * A time in milliseconds, at least `minMs`: seconds without a unit, else `ms`, `s`, `m`, `h` or `d`. nmap's words where
 * it is none. @throws UsageError
 */
export function time(minMs: number): Coercer<number> {
  return (text, option) => {
    const ms = readTime(text, option)
    if (ms !== undefined && ms >= minMs) return ms
    const least = minMs === 0 ? '' : ' above 0'
    throw new UsageError(
      `Bogus ${option} argument specified: ${shown(text)} is not a time${least} such as 100ms, 30s, 5m or 1h`,
    )
  }
}

function readTime(text: string, option: string): number | undefined {
  try {
    return anyTime(text, option)
  } catch {
    return undefined
  }
}

const RATE = /^(?:\d{1,12}(?:\.\d{1,12})?|\.\d{1,12})(?:e\d)?$/i

/** Probes a second: above 0, fractions and exponents too, as nmap reads them. @throws UsageError */
export const rate: Coercer<number> = (text, option) => {
  const value = RATE.test(text) ? Number(text) : Number.NaN
  if (value > 0) return value
  throw new UsageError(`Argument to ${option} must be a positive floating-point number: ${shown(text)}`)
}

const WHOLE = /^\d{1,10}$/
const MOST = 2 ** 31 - 1

/** How many at once: from 1. @throws UsageError */
export const atLeastOne: Coercer<number> = (text, option) => {
  const value = WHOLE.test(text) ? Number(text) : 0
  if (value >= 1 && value <= MOST) return value
  throw new UsageError(`Argument to ${option} must be at least 1!`)
}

const MOST_PORTS = 65_536

/** `--top-ports`. More than there are is all of them; nmap refuses what is above 65,536. @throws UsageError */
export const topPorts: Coercer<number> = (text, option) => {
  const value = WHOLE.test(text) ? Number(text) : 0
  if (value >= 1) return Math.min(value, MOST_PORTS)
  throw new UsageError(`${option} should be an integer 1 or greater`)
}

/** `--version-intensity`. @throws UsageError */
export const intensity: Coercer<number> = (text) => {
  if (/^\d$/.test(text)) return Number(text)
  throw new UsageError('version-intensity must be between 0 and 9')
}

/** `--seed`: 32 bits, decimal or hexadecimal. @throws UsageError */
export const seed: Coercer<number> = (text, option) => {
  const value = /^(?:0x[\da-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) : Number.NaN
  if (value < 2 ** 32) return value
  throw new UsageError(`${option}: not a number of 32 bits (0 to 4294967295, or 0x…): ${shown(text)}`)
}
