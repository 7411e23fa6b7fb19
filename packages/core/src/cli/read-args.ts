import { notA, oneOf } from './coerce.ts'
import type { CommandLine } from './getopt.ts'
import type { Given } from './given.ts'
import type { Option, OptionTable, Parsed, PartlyParsed, ValueSpec } from './options.ts'

type GivenValues = ReadonlyMap<string, readonly unknown[]>

/**
 * The values of a command line, by the long names of their options. Every value given is checked, also one that a
 * later one overrides, in the order of the command line.
 * @throws UsageError for the first value that its option does not take
 */
export function readArgs<O extends OptionTable>(
  { given, positionals }: CommandLine,
  table: readonly Option[],
): Parsed<O> {
  const values = valuesOf(given)
  const args = table
    .filter(({ about }) => about === undefined)
    .map((option) => [option.name, settled(option, values.get(option.name) ?? [])])
  const names = given.map(({ option }) => option.name)
  // The table says which type each value has: this is where its types are made true.
  return { ...Object.fromEntries(args), _: positionals, _given: names } as Parsed<O>
}

/** Checks the values given without using them. @throws UsageError as `readArgs` does */
export function checkValues(given: readonly Given[]): void {
  valuesOf(given)
}

/** Those options whose values make sense: to know what the user wants when the command line does not. */
export function readWhatMakesSense<O extends OptionTable>(given: readonly Given[]): PartlyParsed<O> {
  const sound = given.filter((one) => {
    try {
      read(one)
      return true
    } catch {
      return false
    }
  })
  const values = valuesOf(sound)
  const args = sound.map(({ option }) => [option.name, settled(option, values.get(option.name) ?? [])])
  return Object.fromEntries(args) as PartlyParsed<O>
}

function valuesOf(given: readonly Given[]): GivenValues {
  const values = new Map<string, unknown[]>()
  for (const one of given) {
    const value = read(one)
    const own = values.get(one.option.name)
    if (own === undefined) values.set(one.option.name, [value])
    else own.push(value)
  }
  return values
}

function read({ option: { spec }, value = '', label }: Given): unknown {
  return spec.kind === 'flag' ? true : coerced(spec, value, label)
}

function settled({ name, spec }: Option, given: readonly unknown[]): unknown {
  if (spec.kind === 'flag') return given.length > 0
  const useDefault = given.length === 0 && spec.default !== undefined
  const values = useDefault ? [coerced(spec, spec.default, `default of --${name}`)] : given
  return spec.repeatable === true ? values : values.at(-1)
}

function coerced(spec: ValueSpec, text: string, label: string): unknown {
  if (spec.choices?.includes(text) === false) throw notA(oneOf(spec.choices), text, label)
  return spec.coerce === undefined ? text : spec.coerce(text, label)
}
