/** One thing that a scripted peer does. */
export type PeerStep =
  /** Waits for one piece of data, with what follows it at once, or the end. */
  | { readonly does: 'recv' }
  | { readonly does: 'send'; readonly octets: string | Uint8Array }
  | { readonly does: 'wait'; readonly seconds: number }
  /** Reads for so long, or until the end. */
  | { readonly does: 'linger'; readonly seconds: number }
  /** Reads until the end. */
  | { readonly does: 'drain' }
  /** Half close. */
  | { readonly does: 'fin' }
  | { readonly does: 'close' }
  | { readonly does: 'rst' }

/**
 * Steps from the words of a command line, quotes and backslashes as a shell and Python read them:
 * `recv send:'hi\n' wait:0.5 'send:two words' linger:1 drain fin close rst`. @throws Error for an unknown word
 */
export function peerSteps(text: string): readonly PeerStep[] {
  return shellWords(text).map(stepOf)
}

function stepOf(word: string): PeerStep {
  const colon = word.indexOf(':')
  const verb = colon < 0 ? word : word.slice(0, colon)
  const rest = colon < 0 ? '' : word.slice(colon + 1)
  switch (verb) {
    case 'recv':
    case 'drain':
    case 'fin':
    case 'close':
    case 'rst':
      return { does: verb }
    case 'send':
      return { does: 'send', octets: unescaped(rest) }
    case 'wait':
    case 'linger':
      return { does: verb, seconds: Number(rest) }
    default:
      throw new Error(`no such step of a peer: ${word}`)
  }
}

/** Words between blanks; single quotes hold words together. */
function shellWords(text: string): readonly string[] {
  const words = text.match(/(?:'[^']*'|[^\s'])+/g) ?? []
  return words.map((word) => word.replaceAll("'", ''))
}

const NAMED: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, '\\': 92, '0': 0 }

/** Octets of `hi\n\xff`: `\n`, `\r`, `\t`, `\0`, `\\` and `\xHH`; other text is UTF-8. */
export function unescaped(text: string): Uint8Array {
  const octets: number[] = []
  for (const [piece, hex, name] of text.matchAll(/\\x([0-9a-fA-F]{2})|\\([nrt\\0])|[^\\]+|\\/g)) {
    if (hex !== undefined) octets.push(Number.parseInt(hex, 16))
    else if (name !== undefined) octets.push(NAMED[name] ?? 0)
    else octets.push(...new TextEncoder().encode(piece))
  }
  return Uint8Array.from(octets)
}
