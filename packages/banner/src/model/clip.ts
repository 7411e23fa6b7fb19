/** Characters of one text at most that a peer may have told. */
const MOST = 200

/** A peer's text on one line: blanks and line ends as single blanks, without those at its ends, cut with `…`. */
export function clip(text: string, most = MOST): string {
  // Long texts are cut first: nothing takes longer than their part that is kept.
  const line = text
    .slice(0, 4 * most)
    .replace(/\s+/g, ' ')
    .trim()
  return line.length > most ? `${line.slice(0, most - 1)}…` : line
}

/** The clipped text; undefined where there is none. */
export function clipped(text: string | undefined, most = MOST): string | undefined {
  const short = text === undefined ? '' : clip(text, most)
  return short === '' ? undefined : short
}
