import type { Option, OptionSpec, ValueSpec } from './options.ts'

/** Heading of the options that name none. */
const DEFAULT_GROUP = 'Options'

/** What stands for the value: `N`, `open|closed`. */
export function placeholderOf(spec: ValueSpec): string {
  return spec.placeholder ?? spec.choices?.join('|') ?? 'VALUE'
}

/** What the option does, with what can be said of its value, without a full stop. */
export function descriptionOf(spec: OptionSpec): string {
  if (spec.kind === 'flag') return spec.describe
  const { choices, placeholder } = spec
  const notes = [
    ...(choices !== undefined && placeholder !== undefined ? [choices.join(', ')] : []),
    ...(spec.repeatable === true ? ['may be repeated'] : []),
    ...(spec.default === undefined ? [] : [`default: ${spec.default}`]),
  ]
  return notes.length === 0 ? spec.describe : `${spec.describe} (${notes.join('; ')})`
}

/** The options that are shown. */
export function shownOptions(table: readonly Option[]): readonly Option[] {
  return table.filter(({ spec }) => spec.hidden !== true)
}

/** The options that are shown, by heading, in the order of the table. */
export function byGroup(table: readonly Option[]): ReadonlyMap<string, readonly Option[]> {
  const groups = new Map<string, Option[]>()
  for (const option of shownOptions(table)) {
    const heading = option.spec.group ?? DEFAULT_GROUP
    const group = groups.get(heading)
    if (group === undefined) groups.set(heading, [option])
    else group.push(option)
  }
  return groups
}
