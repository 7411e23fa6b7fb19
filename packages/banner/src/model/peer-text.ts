import { latin1 } from '../dialogue/readers.ts'
import { clipped } from './clip.ts'

/** A peer's text as `Service` has it: read as UTF-8; where it is not that, each octet is the character of its number. */
export function peerText(octets: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets)
  } catch {
    return latin1(octets)
  }
}

/** The same of a text of which each character is an octet. */
export function readable(text: string): string {
  if (!mayBeUtf8(text)) return text
  return peerText(Uint8Array.from(text, (character) => character.charCodeAt(0)))
}

/** Otherwise it is ASCII, or was read already. */
const mayBeUtf8 = (text: string): boolean => /[\u0080-\u00ff]/.test(text) && !/[\u0100-\uffff]/.test(text)

/** Octets that are read of a text, of which far less is told. */
const LONGEST = 2000

/** The octets as `Service` has texts, clipped; undefined for none. */
export function toldOctets(octets: Uint8Array | undefined, most?: number): string | undefined {
  if (octets === undefined) return undefined
  let end = LONGEST
  // Not within a character of UTF-8, whose later octets begin with the bits 10.
  while (end > LONGEST - 4 && ((octets[end] ?? 0) & 0xc0) === 0x80) end -= 1
  return clipped(peerText(octets.subarray(0, end)), most)
}

/** The same of a text of which each character is an octet. */
export function told(text: string | undefined, most?: number): string | undefined {
  if (text === undefined) return undefined
  if (!mayBeUtf8(text)) return clipped(text, most)
  return toldOctets(
    Uint8Array.from(text, (character) => character.charCodeAt(0)),
    most,
  )
}
