import { formatDuration } from '../axis.ts'
import type { GraphModel, GraphSeries } from './model.ts'
import { cutText, type Piece, textWidth } from './text.ts'
import type { GraphOptions, View } from './view.ts'

/** The targets, and on the right how often and for how long they have been probed, where there is room. */
export function titleLine(
  { series, originMs }: GraphModel,
  view: View,
  options: GraphOptions,
): readonly Piece[] {
  const { columns, look } = view
  const elapsed = formatDuration(Math.max(0, options.nowMs - (originMs ?? options.nowMs)))
  const right = `  every ${formatDuration(options.intervalMs)}, for ${elapsed}`
  const first = joinNames(series, 0)
  const room = columns - right.length
  const fits = textWidth(first) <= room
  const names = joinNames(series, fits ? room : columns)
  const title: Piece = { text: cutText(names, columns, look.glyphs.ellipsis), style: look.styles.title }
  if (!fits) return [title]
  return [title, { text: ' '.repeat(room - textWidth(names)) }, { text: right, style: look.styles.dim }]
}

/** As many names as fit into `width` columns, but one at least. */
function joinNames(series: readonly GraphSeries[], width: number): string {
  const more = (count: number) => (count === 0 ? '' : ` +${count} more`)
  let text = 'tcping'
  for (const [i, { name }] of series.entries()) {
    const longer = `${text}${i === 0 ? ' ' : ', '}${name}`
    const left = series.length - i - 1
    if (i > 0 && textWidth(longer + more(left)) > width) return text + more(left + 1)
    text = longer
  }
  return text
}
