import { readFileSync } from 'node:fs'

export const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** What stands below a heading, up to the next one that is not deeper. */
export function section(heading: string): string {
  const from = readme.indexOf(`\n${heading}\n`)
  if (from === -1) throw new Error(`no heading ${heading}`)
  const depth = heading.indexOf(' ')
  const next = new RegExp(`\\n#{1,${depth}} `).exec(readme.slice(from + heading.length))
  return next === null ? readme.slice(from) : readme.slice(from, from + heading.length + next.index)
}

/** A command line of a transcript, and what it printed. */
export interface Example {
  readonly command: string
  readonly output: string
}

/** The transcripts of a text, in their order. */
export function examplesIn(text: string): readonly Example[] {
  return [...text.matchAll(/```\n(\$ [\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((example) => {
        const end = example.indexOf('\n')
        return { command: example.slice(0, end), output: example.slice(end + 1) }
      }),
  )
}
