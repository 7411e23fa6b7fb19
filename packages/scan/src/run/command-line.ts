/** Words as a shell would read them back. */
export function commandLine(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./*-]+$/.test(word) ? word : quote(word))).join(' ')
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
