import { notA, oneOf } from './coerce.ts'
import type { CommandLine, Given } from './getopt.ts'
import type { Option, OptionTable, Parsed, ValueSpec } from './options.ts'

/**
 * The values of a command line, by the long names of their options. Every value given is checked, also one that a
 * later one overrides.
 * @throws UsageError for a value that its option does not take
 */
export function readArgs<O extends OptionTable>(
  { given, positionals }: CommandLine,
  table: readonly Option[],
): Parsed<O> {
  const values = table
    .filter(({ about }) => about === undefined)
    .map((option) => [option.name, givenTo(option, given)])
  // The table says which type each value has: this is where its types are made true.
  return { ...Object.fromEntries(values), _: positionals } as Parsed<O>
}

function givenTo(option: Option, given: readonly Given[]): unknown {
  const { name, spec } = option
  const own = given.filter((one) => one.option === option)
  if (spec.kind === 'flag') return own.length > 0
  const values = own.map(({ value = '', label }) => read(spec, value, label))
  if (values.length === 0 && spec.default !== undefined)
    values.push(read(spec, spec.default, `default of --${name}`))
  return spec.repeatable === true ? values : values.at(-1)
}

function read(spec: ValueSpec, text: string, label: string): unknown {
  if (spec.choices?.includes(text) === false) throw notA(oneOf(spec.choices), text, label)
  return spec.coerce === undefined ? text : spec.coerce(text, label)
}
