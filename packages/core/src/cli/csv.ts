import { type Line, out } from './line.ts'
import { escapeControl } from './terminal.ts'

export type CsvValue = string | number | boolean | undefined

/** What spreadsheets take for the beginning of a formula, also in its full-width forms. */
const FORMULA = /^[=+\-@\uff1d\uff0b\uff0d\uff20]/

/**
 * One row (RFC 4180 section 2); nothing for undefined. Texts may come from the network: what a terminal would act upon is
 * escaped (`escapeControl`), so that every row is one line, and what a spreadsheet would calculate begins with `'`.
 */
export function csvRow(values: readonly CsvValue[]): Line {
  return out(`${values.map(field).join(',')}\r\n`)
}

function field(value: CsvValue): string {
  if (typeof value !== 'string') return String(value ?? '')
  const text = escapeControl(value)
  const safe = FORMULA.test(text) ? `'${text}` : text
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
