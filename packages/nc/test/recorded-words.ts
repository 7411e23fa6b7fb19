import type { InputStep } from './recorded-cases.ts'

/** Quoted text, or a word, perhaps with quoted text at its end; a quoted text may be repeated: `'x'*40000`. */
const WORD = /[^\s']*'(?:[^'\\]|\\.)*'(?:\*\d+)?|\S+/g

const ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, '\\': 92, "'": 39 }

export function words(text: string): readonly string[] {
  return text.match(WORD) ?? []
}

/** `\xHH`, `\n`, `\r`, `\t`, `\\` and `\'` become octets; all else is ASCII already. */
export function unescaped(text: string): Uint8Array {
  const octets: number[] = []
  for (const [part, hex, sign] of text.matchAll(/\\x([0-9a-f]{2})|\\(.)|[\s\S]/g)) {
    octets.push(hex === undefined ? (ESCAPES[sign ?? ''] ?? part.charCodeAt(0)) : Number.parseInt(hex, 16))
  }
  return Uint8Array.from(octets)
}

/** The octets of a quoted text such as `'hello\n'` or `'x'*40000`. */
export function quoted(text: string): Uint8Array {
  const match = /^'((?:[^'\\]|\\.)*)'(?:\*(\d+))?$/s.exec(text)
  if (match === null) throw new Error(`not a quoted text: ${text}`)
  const once = unescaped(match[1] ?? '')
  return Buffer.concat(Array.from({ length: Number(match[2] ?? 1) }, () => once))
}

/** Reads `wait:0.5 'a\n' eof`; the word `octets` is every octet once, in order. */
export function scriptOf(text: string): {
  readonly steps: readonly InputStep[]
  readonly end: 'eof' | 'open' | undefined
} {
  const list = words(text)
  const last = list.at(-1)
  const end = last === 'eof' || last === 'open' ? last : undefined
  return { steps: (end === undefined ? list : list.slice(0, -1)).map(stepOf), end }
}

function stepOf(word: string): InputStep {
  if (word === 'octets') return { kind: 'write', octets: Uint8Array.from({ length: 256 }, (_, i) => i) }
  const wait = /^wait:(\d+(?:\.\d+)?)$/.exec(word)
  return wait === null ? { kind: 'write', octets: quoted(word) } : { kind: 'wait', seconds: Number(wait[1]) }
}
