import type { Pattern } from '@portkit/core'

/** What Ruby writes and JavaScript does not, outside of a class of characters and inside one. */
const OUTSIDE: Readonly<Record<string, string>> = {
  A: '(?<![\\s\\S])',
  z: '(?![\\s\\S])',
  Z: '(?=\\n?(?![\\s\\S]))',
  h: '[0-9a-fA-F]',
  H: '[^0-9a-fA-F]',
  R: '(?:\\r\\n|[\\n-\\r])',
  a: '\\x07',
  e: '\\x1b',
}
const INSIDE: Readonly<Record<string, string>> = { h: '0-9a-fA-F', a: '\\x07', e: '\\x1b' }

const POSIX: Readonly<Record<string, string>> = {
  alnum: 'a-zA-Z0-9',
  alpha: 'a-zA-Z',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '\\d',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\s',
  upper: 'A-Z',
  word: '\\w',
  xdigit: '0-9a-fA-F',
}

/** Do not compile: for what JavaScript cannot say, as blanks that mean nothing and classes without a class. */
const NEVER = '(?<'
const NEVER_INSIDE = 'z-a'

/** Alternatives that are all white space anyway: where they overlap they make a pattern take for ever. */
const WHITE = /\(\?:(?:\\[rnst]\|)*\\s(?:\|\\[rnst])*\)/g

/**
 * A pattern of Recog, which is Ruby's with `flags` such as `REG_ICASE`, as JavaScript's: undefined where it cannot be said.
 * Flags within a pattern are taken for the whole of it.
 */
export function rubyPattern(source: string, flags = ''): Pattern | undefined {
  // In Ruby ^ and $ are at every line.
  const all = new Set('m')
  if (/ICASE/.test(flags)) all.add('i')
  if (/DOT_NEWLINE|MULTILINE/.test(flags)) all.add('s')
  const translated = translate(source.replace(WHITE, '\\s'), all)
  const pattern = { source: translated, flags: [...all].join('') }
  try {
    // Compiled only when it is first used: this is the check of its form.
    return new RegExp(pattern.source, pattern.flags) && pattern
  } catch {
    return undefined
  }
}

/** One piece: an escape, a class that is named, a group's flags, a comment, a count without a beginning, or a character. */
const PIECE = /\\([\s\S])|\[:(\^?)(\w+):\]|\(\?([a-z]*)(?:-[a-z]*)?([:)])|\(\?#[^)]*\)|\{,(\d+)\}|[\s\S]/y

function translate(source: string, flags: Set<string>): string {
  let text = ''
  let isInside = false
  PIECE.lastIndex = 0
  for (let piece = PIECE.exec(source); piece !== null; piece = PIECE.exec(source)) {
    const told = isInside ? insideClass(piece) : outsideClass(piece, flags)
    if (piece[0] === '[') isInside = true
    else if (piece[0] === ']') isInside = false
    text += told
    // A sticky expression that reached the end would begin anew.
    if (PIECE.lastIndex >= source.length) break
  }
  return text
}

function insideClass([piece, escaped, negated, posix]: RegExpExecArray): string {
  if (escaped !== undefined) return own(INSIDE, escaped) ?? piece
  if (posix !== undefined) return (negated === '' ? own(POSIX, posix) : undefined) ?? NEVER_INSIDE
  return piece === '[' ? '\\[' : piece
}

function outsideClass(
  [piece, escaped, , posix, set, end, most]: RegExpExecArray,
  flags: Set<string>,
): string {
  if (escaped !== undefined) return own(OUTSIDE, escaped) ?? piece
  if (posix !== undefined) return piece
  if (most !== undefined) return `{0,${most}}`
  if (piece.startsWith('(?#')) return ''
  if (end === undefined) return piece
  if (set?.includes('x')) return NEVER
  if (set?.includes('i')) flags.add('i')
  if (set?.includes('m')) flags.add('s')
  return end === ':' ? '(?:' : ''
}

function own(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
