import { displayWidth } from '@portkit/core'

/** The text in lines of whole words, no wider than that but where one word is: what somebody may want to copy is never cut. */
export function wordLines(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line: string | undefined
  for (const word of text.split(' ')) {
    const longer: string = line === undefined ? word : `${line} ${word}`
    if (line !== undefined && displayWidth(longer) > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line ?? '']
}
