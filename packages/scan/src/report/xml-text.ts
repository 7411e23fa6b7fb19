/** Halves of surrogate pairs and other code points that are no Char of XML 1.0 (section 2.2), not even as references. */
const NO_CHAR = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu

/**
 * Mark-up; white space that attributes would lose (XML 1.0 section 3.3.3); and what a terminal would act upon. A hyphen
 * behind a hyphen too, as nmap does: two of them end a comment.
 */
const SPECIAL = /[&<>"'\t\n\r\u{7f}-\u{9f}\p{Zl}\p{Zp}\p{Bidi_Control}\u{feff}]|(?<=-)-/gu

const NAMED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Most of what is written needs nothing, and one look tells. */
const PLAIN = /^(?:[\w .:/|()]|-(?!-))*$/

/** Text for attributes, elements and comments. What XML cannot hold is written as escapes in words: `\x00`, `\ud800`. */
export function escapeXml(text: string): string {
  if (PLAIN.test(text)) return text
  return text
    .replace(NO_CHAR, (character) => {
      const hex = character.charCodeAt(0).toString(16)
      return hex.length > 2 ? `\\u${hex}` : `\\x${hex.padStart(2, '0')}`
    })
    .replace(SPECIAL, (character) => NAMED[character] ?? `&#${character.charCodeAt(0)};`)
}

/** A value that is undefined leaves its attribute out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>

/** `<port protocol="tcp" portid="22">`; with `/` as end, an empty element. */
export function startTag(name: string, attributes: Attributes, end: '' | '/' = ''): string {
  let tag = `<${name}`
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) tag += ` ${key}="${typeof value === 'number' ? value : escapeXml(value)}"`
  }
  return `${tag}${end}>`
}

/** `<verbose level="0"/>` */
export function emptyTag(name: string, attributes: Attributes): string {
  return startTag(name, attributes, '/')
}
