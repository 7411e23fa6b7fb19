import { displayWidth, truncateToWidth } from './terminal.ts'

/**
 * Rows as lines with their columns aligned, two blanks between, none at an end; columns in `right` end together.
 * A column that is empty in all rows but the first, the titles, is left out. Lines are cut to `width` when it is given.
 */
export function aligned(
  rows: readonly (readonly string[])[],
  width?: number,
  right: ReadonlySet<number> = new Set(),
): string {
  const [titles = []] = rows
  const columns = titles
    .map((_, column) => ({ column, width: 0, isUsed: false }))
    .map(({ column }) => measured(rows, column))
    .filter(({ isUsed }) => isUsed)
  return rows
    .map((row) => {
      const cells = columns.map(({ column, width: wide }) =>
        padded(row[column] ?? '', wide, right.has(column)),
      )
      const line = cells.join('  ').trimEnd()
      return `${width === undefined ? line : truncateToWidth(line, width)}\n`
    })
    .join('')
}

function measured(rows: readonly (readonly string[])[], column: number) {
  let width = 0
  let isUsed = false
  for (const [i, row] of rows.entries()) {
    const cell = row[column] ?? ''
    width = Math.max(width, displayWidth(cell))
    isUsed ||= i > 0 && cell !== ''
  }
  return { column, width, isUsed }
}

function padded(cell: string, width: number, isRight: boolean): string {
  const blanks = ' '.repeat(Math.max(0, width - displayWidth(cell)))
  return isRight ? blanks + cell : cell + blanks
}
