/** Wraps text in colour or emphasis; it must not change what is printed. */
export type Style = (text: string) => string

/** A bit of a line with its style. */
export interface Piece {
  readonly text: string
  readonly style?: Style | undefined
}

/** Code points that take two columns (Unicode UAX #11, classes W and F, joined where nothing else lies between). */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18aff],
  [0x1b000, 0x1b2ff],
  [0x1f000, 0x1faff],
  [0x20000, 0x3fffd],
]
const PRINTABLE_ASCII = /^[ -~]*$/
const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]$/u
const EMOJI = /^\p{Emoji_Presentation}$/u

/** Columns that printed text takes. */
export function textWidth(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length
  let width = 0
  for (const char of text) width += charWidth(char)
  return width
}

function charWidth(char: string): number {
  const code = char.codePointAt(0) ?? 0
  if (code < 0x300) return ZERO_WIDTH.test(char) ? 0 : 1
  if (ZERO_WIDTH.test(char)) return 0
  return EMOJI.test(char) || WIDE.some(([from, to]) => code >= from && code <= to) ? 2 : 1
}

/** At most `width` columns of the text; what had to be cut ends in `ellipsis`, which is one column wide. */
export function cutText(text: string, width: number, ellipsis: string): string {
  if (textWidth(text) <= width) return text
  if (width < 1) return ''
  let kept = ''
  let used = 0
  for (const char of text) {
    used += charWidth(char)
    if (used > width - 1) break
    kept += char
  }
  return kept + ellipsis
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)))
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - textWidth(text))) + text
}

/** Joins pieces to a line: neighbours of one style share one escape sequence, blanks at the end are left out. */
export function paint(pieces: readonly Piece[]): string {
  const runs: { text: string; style: Style | undefined }[] = []
  for (const { text, style } of pieces) {
    const last = runs.at(-1)
    if (last !== undefined && (last.style === style || text.trim() === '')) last.text += text
    else runs.push({ text, style })
  }
  const end = runs.at(-1)
  if (end !== undefined) end.text = end.text.trimEnd()
  return runs.map(({ text, style }) => (style === undefined || text === '' ? text : style(text))).join('')
}
