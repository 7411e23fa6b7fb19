/** Longer parts of a command line are cut in messages. */
const LONGEST = 60

/** A piece of the user's text as messages show it: in single quotes, cut to 60 characters. */
export function quoted(text: string): string {
  if (text.length <= LONGEST) return `'${text}'`
  // Cut between characters, not between the halves of one.
  const start = Array.from(text.slice(0, LONGEST)).slice(0, -1).join('')
  return `'${start}…'`
}
