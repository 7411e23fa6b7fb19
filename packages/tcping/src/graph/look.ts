import type { GraphWord } from './model.ts'
import type { Style } from './text.ts'

/** The colours of a graph, passed in so that the caller decides whether there are any. */
export interface GraphStyles {
  /** One for each target, used in turn. Empty means that colour is off: targets are told apart by letters. */
  readonly targets: readonly Style[]
  readonly words: Readonly<Record<GraphWord, Style>>
  readonly title: Style
  readonly dim: Style
}

const plain: Style = (text) => text
const sgr =
  (on: string, off: string): Style =>
  (text) =>
    `\u001b[${on}m${text}\u001b[${off}m`

/** No escape sequences at all. */
export const PLAIN_GRAPH_STYLES: GraphStyles = {
  targets: [],
  words: { open: plain, closed: plain, stealth: plain, unreachable: plain },
  title: plain,
  dim: plain,
}

/** The terminal's own colours (ECMA-48 SGR), as they are readable on its background; red is left to the states. */
export const COLOUR_GRAPH_STYLES: GraphStyles = {
  targets: ['36', '33', '94', '32', '95', '39'].map((code) => sgr(code, '39')),
  words: {
    open: sgr('32', '39'),
    closed: sgr('31', '39'),
    stealth: sgr('35', '39'),
    unreachable: sgr('1;31', '22;39'),
  },
  title: sgr('1', '22'),
  dim: sgr('2', '22'),
}

/** The characters of a picture; each is one column wide. */
interface Glyphs {
  readonly side: string
  readonly tick: string
  readonly corner: string
  readonly floor: string
  readonly timeTick: string
  readonly bullet: string
  readonly clipped: string
  readonly ellipsis: string
  readonly none: string
  /** An answer whose round-trip time is not known. */
  readonly untimed: string
  readonly words: Readonly<Record<Exclude<GraphWord, 'open'>, string>>
}

const UNICODE: Glyphs = {
  side: '│',
  tick: '┤',
  corner: '└',
  floor: '─',
  timeTick: '┬',
  bullet: '●',
  clipped: '▲',
  ellipsis: '…',
  none: '–',
  untimed: '?',
  words: { closed: '○', stealth: '✗', unreachable: '!' },
}

const ASCII: Glyphs = {
  side: '|',
  tick: '+',
  corner: '+',
  floor: '-',
  timeTick: '+',
  bullet: '*',
  clipped: '^',
  ellipsis: '~',
  none: '-',
  untimed: '?',
  words: { closed: 'o', stealth: 'x', unreachable: '!' },
}

/** Letters that tell targets apart without colour; capitals first, as `o` and `x` mean something else. */
const LETTERS = 'ABCDEFGHIJKLMNPQRSTUVWYZabcdefghijklmnpqrstuvwyz'

/** How one picture looks: its characters, colours, and how targets are told apart. */
export interface Look {
  readonly unicode: boolean
  readonly glyphs: Glyphs
  readonly styles: GraphStyles
  /** Whether targets carry letters, because there are more of them than colours. */
  readonly lettered: boolean
  /** Targets with a legend line; those behind them are drawn dimly. */
  readonly shown: number
  markOf(target: number): string
  styleOf(target: number): Style
}

export function createLook(styles: GraphStyles, unicode: boolean, targets: number, shown: number): Look {
  const glyphs = unicode ? UNICODE : ASCII
  const lettered = targets > Math.max(styles.targets.length, 1)
  return {
    unicode,
    glyphs,
    styles,
    lettered,
    shown,
    markOf: (target) => (lettered && LETTERS[target]) || glyphs.bullet,
    styleOf: (target) => {
      const colour = styles.targets[target % Math.max(styles.targets.length, 1)]
      return target < shown ? (colour ?? plain) : styles.dim
    },
  }
}
