import { UsageError } from '../model/errors.ts'
import type { FlagSpec, ValueSpec } from './options.ts'

/** What a classic tool has and ours refuses on purpose: whether it takes a value, why, and its letters. */
export type Refusals = Readonly<
  Record<string, readonly [kind: 'flag' | 'value', why: string, letters?: string]>
>

/** Their entries in the option table: known by name, so that whoever asks for one, also abbreviated, is told why. */
export function refusedOptions<R extends Refusals>(
  refusals: R,
): Readonly<Record<keyof R & string, FlagSpec | ValueSpec>> {
  const entries = Object.entries(refusals).map(([name, [kind, describe, short]]) => {
    const spec = { kind, describe, hidden: true }
    return [name, short === undefined ? spec : { ...spec, short }]
  })
  return Object.fromEntries(entries)
}

/** @param given long names in their order @throws UsageError with the reason for the first one that is refused */
export function refuseOnPurpose(refusals: Refusals, given: readonly string[]): void {
  for (const name of given) {
    const why = Object.hasOwn(refusals, name) ? refusals[name]?.[1] : undefined
    if (why !== undefined) throw new UsageError(`--${name} is refused: ${why}`)
  }
}
