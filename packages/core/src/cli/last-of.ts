import type { Parsed } from './options.ts'

/** The one of these options that was given last; undefined when none was. */
export function lastOf<N extends string>(
  args: Pick<Parsed<object>, '_given'>,
  ...names: readonly N[]
): N | undefined {
  const last = args._given.findLast((name) => names.some((one) => one === name))
  return names.find((name) => name === last)
}
