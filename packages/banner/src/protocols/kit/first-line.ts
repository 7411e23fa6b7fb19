import { latin1, line } from '../../dialogue/readers.ts'

/** Octets of a first line at most. */
const MOST = 600

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
