/**
 * What a terminal would act upon, or hide: control characters (C0, DEL, C1), separators of lines and paragraphs,
 * marks that turn the direction of writing, a byte order mark, halves of surrogate pairs. And a backslash that
 * looks like one of our own escapes.
 */
const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\u{feff}]|\\(?=x[0-9a-f]{2}|u[0-9a-f]{4})/gu

/**
 * Makes text from the network or the user safe for a terminal: `\x1b`, `\u202e`. Line ends and tabs are escaped
 * as well. Other text stays as it is, and so does a backslash, except before what would read as an escape: `\x1b`
 * written out becomes `\x5cx1b`. So no two texts look the same.
 */
export function escapeControl(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.codePointAt(0) ?? 0
    return code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`
  })
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0')
}

const ESC = '\u{1b}'
/** A colour or style code (ECMA-48, SGR), or one character. */
const PIECE = new RegExp(`${ESC}\\[[0-9;]*m|.`, 'gsu')
/** Combining marks, joiners, variation selectors, skin tones: they change the character before them. */
const NO_WIDTH = /^[\p{Cc}\p{M}\p{Cf}\p{Emoji_Modifier}]$/u
/** Characters that take two columns (Unicode annex 11: W and F, by scripts and blocks), emoji included. */
const WIDE =
  /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\u{3000}-\u{303e}\u{ff01}-\u{ff60}\u{ffe0}-\u{ffe6}\u{fe30}-\u{fe6f}]$|^(?!\p{Regional_Indicator})\p{Emoji_Presentation}$/u
/** The half-width forms of Katakana and Hangul. */
const HALF = /^[\u{ff61}-\u{ffdc}]$/u

/** How many columns a terminal needs for the text: an approximation. Style codes take none. */
export function displayWidth(text: string): number {
  let width = 0
  for (const [piece] of text.matchAll(PIECE)) width += pieceWidth(piece)
  return width
}

function pieceWidth(piece: string): number {
  if (piece < '\u{7f}') return piece >= ' ' ? 1 : 0
  if (piece.startsWith(ESC) || NO_WIDTH.test(piece)) return 0
  return WIDE.test(piece) && !HALF.test(piece) ? 2 : 1
}

const RESET = `${ESC}[0m`

/** The text, cut so that it takes `width` columns at most; a cut is marked with `…`. A style that is on is ended. */
export function truncateToWidth(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  if (width < 1) return ''
  let kept = ''
  let used = 0
  let styled = false
  for (const [piece] of text.matchAll(PIECE)) {
    used += pieceWidth(piece)
    if (used > width - 1) break
    styled ||= piece.startsWith(ESC)
    kept += piece
  }
  return `${kept}…${styled ? RESET : ''}`
}
