import { clipped } from '../../model/clip.ts'
import { told } from '../../model/peer-text.ts'

const TITLE = /<title(?:\s[^<>]{0,200})?>([^<]{0,1000})<\/title/i

/** Where the title of a page ends; undefined while it has none. What follows never moves it. */
export function titleEnd(body: string): number | undefined {
  const found = TITLE.exec(body)
  return found === null ? undefined : found.index + found[0].length
}

/** The title of a page (HTML, section 4.2.2), without character references. */
export function titleOf(body: string): string | undefined {
  const text = told(TITLE.exec(body)?.[1], 1000)
  return text === undefined ? undefined : clipped(unescaped(text))
}

/** Those that stand in titles. */
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  copy: '©',
  reg: '®',
  trade: '™',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  middot: '·',
  bull: '•',
  laquo: '«',
  raquo: '»',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  Auml: 'Ä',
  Ouml: 'Ö',
  Uuml: 'Ü',
  szlig: 'ß',
  agrave: 'à',
  ccedil: 'ç',
  egrave: 'è',
  eacute: 'é',
}

function unescaped(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([A-Za-z]{2,8}));/g,
    (reference: string, decimal?: string, hexadecimal?: string, name?: string) => {
      if (name !== undefined) return Object.hasOwn(NAMED, name) ? (NAMED[name] ?? reference) : reference
      const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal)
      return isCharacter(code) ? String.fromCodePoint(code) : reference
    },
  )
}

const isCharacter = (code: number): boolean =>
  code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
