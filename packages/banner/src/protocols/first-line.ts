import { latin1, line } from '../dialogue/readers.ts'
import { clipped } from '../model/clip.ts'
import { peerText } from '../model/peer-text.ts'

/** Octets of a first line at most. */
const MOST = 600

/** Octets that are read of a text, of which far less is told. */
const LONGEST_TEXT = 2000

/**
 * The first line of an answer, without its end and each octet as a character, if it begins with one of the
 * texts: `more` while it may still become one, undefined on the first octet that is wrong.
 */
export function firstLine(
  octets: Uint8Array,
  starts: readonly string[],
  ended: boolean,
): string | 'more' | undefined {
  const begun = latin1(octets.subarray(0, MOST))
  const right = starts.some((start) => begun.startsWith(start))
  if (!right && (ended || !starts.some((start) => start.startsWith(begun)))) return undefined
  const first = line(MOST)(octets, ended)
  return first === undefined || first === 'more' ? first : first.value
}

/** A peer's text, of whose octets each is a character, as `Service` has it; clipped; undefined for none. */
export const worded = (text: string, most?: number): string | undefined =>
  wordedOctets(
    Uint8Array.from(text, (character) => character.charCodeAt(0)),
    most,
  )

/** A peer's text as `Service` has it; clipped; undefined for none. */
export const wordedOctets = (octets: Uint8Array, most?: number): string | undefined =>
  clipped(peerText(octets.subarray(0, LONGEST_TEXT)), most)
