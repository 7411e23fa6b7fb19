import { ResultFault } from './read-fault.ts'

/** A piece of XML. */
export type XmlPiece =
  | {
      readonly kind: 'start'
      readonly name: string
      readonly attributes: ReadonlyMap<string, string>
      readonly isEmpty: boolean
    }
  | { readonly kind: 'end'; readonly name: string }
  /** As it was written, entities undone. */
  | { readonly kind: 'text'; readonly text: string }

/** More levels than results have, a script's tables included. */
const DEEPEST = 100
const MOST_ATTRIBUTES = 64
/** With entities: what scripts found may be long. */
const LONGEST_VALUE = 4 * 1024 * 1024
/** As the XML specification has it, in ASCII: results have no other names. */
const NAME = '[A-Za-z_][\\w.:-]{0,99}'
const SPACE = '[ \\t\\r\\n]'
const VALUE = `"[^<"]*"|'[^<']*'`
const ATTRIBUTE = new RegExp(`(${NAME})${SPACE}*=${SPACE}*(${VALUE})`, 'g')
const ATTRIBUTES = `(?:${SPACE}+${NAME}${SPACE}*=${SPACE}*(?:${VALUE})){0,${MOST_ATTRIBUTES}}`
const TAG = new RegExp(`<(/?)(${NAME})(${ATTRIBUTES})${SPACE}*(/?)>`, 'y')
const NO_CHAR = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u

/**
 * Elements and texts in their order (XML 1.0). The text may end anywhere: what is whole is told, and a tag that is not is
 * left out. Comments and instructions are skipped; no DOCTYPE may define anything, so entities are the five usual ones.
 * @throws ResultFault
 */
export function* xmlPieces(text: string): Generator<XmlPiece> {
  const odd = NO_CHAR.exec(text)
  if (odd !== null)
    throw new ResultFault(`${codeOf(odd[0])} at ${placeOf(text, odd.index)} is not allowed in XML`)
  const open: string[] = []
  let at = 0
  while (at < text.length) {
    const tag = text.indexOf('<', at)
    if (tag < 0) return
    if (tag !== at) yield { kind: 'text', text: unescaped(text.slice(at, tag)) }
    const skipped = endOfSkipped(text, tag)
    if (skipped === undefined) {
      const read = tagAt(text, tag)
      if (read === undefined) return
      nest(open, read.piece, () => placeOf(text, tag))
      yield read.piece
      at = read.end
    } else {
      at = skipped
    }
  }
}

function nest(open: string[], piece: XmlPiece, place: () => string): void {
  if (piece.kind === 'start' && !piece.isEmpty) open.push(piece.name)
  if (open.length > DEEPEST) throw new ResultFault(`more than ${DEEPEST} elements inside each other`)
  if (piece.kind !== 'end') return
  const expected = open.pop()
  if (expected !== piece.name) throw new ResultFault(`</${piece.name}> at ${place()} ends nothing`)
}

/** Behind a comment, an instruction or a DOCTYPE; undefined where a tag begins. */
function endOfSkipped(text: string, at: number): number | undefined {
  if (text.startsWith('<?', at)) return after(text, '?>', at)
  if (text.startsWith('<!--', at)) return after(text, '-->', at + 4)
  if (!text.startsWith('<!', at)) return undefined
  const end = after(text, '>', at)
  if (!/^<!DOCTYPE[^[]*$/.test(text.slice(at, Math.min(end, at + 1000)))) {
    throw new ResultFault(`definitions at ${placeOf(text, at)} are not read`)
  }
  return end
}

function after(text: string, needle: string, from: number): number {
  const at = text.indexOf(needle, from)
  return at < 0 ? text.length : at + needle.length
}

interface ReadTag {
  readonly piece: XmlPiece
  readonly end: number
}

/** undefined where the text ends before the tag does. */
function tagAt(text: string, at: number): ReadTag | undefined {
  TAG.lastIndex = at
  const [whole, slash, name = '', inside = '', isEmpty] = TAG.exec(text) ?? []
  // A tag that the text's end cut off is the only one without its end.
  if (whole === undefined && text.indexOf('>', at) < 0) return undefined
  const broken = whole === undefined || (slash !== '' && (inside !== '' || isEmpty !== ''))
  const attributes = broken ? undefined : attributesIn(inside)
  if (broken || attributes === undefined) throw new ResultFault(`the tag at ${placeOf(text, at)} is broken`)
  const end = at + whole.length
  if (slash !== '') return { piece: { kind: 'end', name }, end }
  return { piece: { kind: 'start', name, attributes, isEmpty: isEmpty !== '' }, end }
}

/** undefined when one is there twice. */
function attributesIn(text: string): ReadonlyMap<string, string> | undefined {
  const attributes = new Map<string, string>()
  for (const [, name = '', value = ''] of text.matchAll(ATTRIBUTE)) {
    if (attributes.has(name)) return undefined
    attributes.set(name, unescaped(value.slice(1, -1)))
  }
  return attributes
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function unescaped(text: string): string {
  let amp = text.indexOf('&')
  if (amp < 0) return text
  if (text.length > LONGEST_VALUE) throw new ResultFault(`a text of ${text.length} characters`)
  let done = ''
  let at = 0
  while (amp >= 0) {
    const [whole, name = ''] = /^&([^;]{0,12});/.exec(text.slice(amp, amp + 14)) ?? ['&']
    done += text.slice(at, amp) + characterOf(whole, name)
    at = amp + whole.length
    amp = text.indexOf('&', at)
  }
  return done + text.slice(at)
}

function characterOf(whole: string, name: string): string {
  const [, hex, decimal] = /^#(?:x([\da-fA-F]{1,6})|(\d{1,7}))$/.exec(name) ?? []
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
  const named = Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined
  const character = named ?? (code <= 0x10ffff ? String.fromCodePoint(code) : undefined)
  if (character === undefined || NO_CHAR.test(character)) throw new ResultFault(`${whole} is no character`)
  return character
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

/** `line 12` */
function placeOf(text: string, at: number): string {
  let line = 1
  for (let end = text.indexOf('\n'); end >= 0 && end < at; end = text.indexOf('\n', end + 1)) line += 1
  return `line ${line}`
}
