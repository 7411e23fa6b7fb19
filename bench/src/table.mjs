import { verdictOf } from './figures.mjs'

/** @typedef {import('./figures.mjs').Figure} Figure */

const HEAD = /** @type {const} */ (['what', 'measured', 'target', '', 'samples'])

/**
 * Figures as lines of text, numbers to the right.
 * @param {readonly Figure[]} figures
 */
export function table(figures) {
  const rows = [HEAD, ...figures.map(cells)]
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  const lines = rows.map((row) =>
    row.map((cell, column) =>
      isNumeric(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    ),
  )
  return `${lines.map((line) => line.join('  ').trimEnd()).join('\n')}\n`
}

/** @param {number} column */
function isNumeric(column) {
  return column !== 0 && column !== 3
}

/** @param {Figure} figure */
function cells(figure) {
  const { what, value, unit, samples } = figure
  return [what, `${rounded(value)} ${unit}`, targetOf(figure), verdictOf(figure), String(samples)]
}

/** @param {Figure} figure */
function targetOf({ limit, least, unit }) {
  if (limit !== undefined) return `≤ ${limit} ${unit}`
  return least === undefined ? '' : `≥ ${least} ${unit}`
}

/** @param {number} value */
function rounded(value) {
  return value.toFixed(value < 10 ? 2 : 1)
}
