import type { System, Terminal } from '../io/io.ts'

/** Codes that switch a style on and off (ECMA-48 section 8.3.117, SGR). */
const SGR = {
  bold: [1, 22],
  dim: [2, 22],
  inverse: [7, 27],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
  gray: [90, 39],
} as const

export type Style = keyof typeof SGR

export const COLOUR_MODES = ['auto', 'always', 'never'] as const
export type ColourMode = (typeof COLOUR_MODES)[number]

/** Functions that wrap text in a style, or leave it as it is when `on` is false. Styles may be nested. */
export type Colours = Readonly<Record<Style, (text: string) => string>> & { readonly on: boolean }

/**
 * Styles for a stream. `auto` asks, in this order: NO_COLOR (not empty: none, no-color.org), FORCE_COLOR (not empty:
 * `0` and `false` none, else on, as Node has it), and whether the stream is a terminal that is not `TERM=dumb`.
 */
export function colours(terminal: Pick<Terminal, 'isTty'>, env: System['env'], mode: ColourMode): Colours {
  const on = mode === 'auto' ? wanted(terminal, env) : mode === 'always'
  const style =
    (name: Style) =>
    (text: string): string =>
      on && text !== '' ? `\u{1b}[${SGR[name][0]}m${text}\u{1b}[${SGR[name][1]}m` : text
  return {
    on,
    bold: style('bold'),
    dim: style('dim'),
    inverse: style('inverse'),
    red: style('red'),
    green: style('green'),
    yellow: style('yellow'),
    blue: style('blue'),
    magenta: style('magenta'),
    cyan: style('cyan'),
    gray: style('gray'),
  }
}

function wanted({ isTty }: Pick<Terminal, 'isTty'>, env: System['env']): boolean {
  const { NO_COLOR = '', FORCE_COLOR = '', TERM = '' } = env
  if (NO_COLOR !== '') return false
  if (FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  return isTty && TERM !== 'dumb'
}
