import type { Ran } from './kit.ts'

/** One command with the world that it runs in. Line numbers count from 1. */
export interface Scene {
  readonly line: number
  readonly world: readonly string[]
  readonly command: string
  /** `|`, `!` and `?` lines as they stand in the file. */
  readonly expected: readonly string[]
}

/** Cuts a transcript into scenes. `@` lines after a scene begin a new world. @throws Error for lines without a mark */
export function readScenes(text: string): readonly Scene[] {
  const scenes: { line: number; world: readonly string[]; command: string; expected: string[] }[] = []
  let world: string[] = []
  let used = false
  for (const [i, line] of text.split('\n').entries()) {
    const rest = line.slice(2)
    if (line === '' || line.startsWith('#')) continue
    if (line.startsWith('@ ')) {
      world = used ? [rest] : [...world, rest]
      used = false
    } else if (line.startsWith('$ ')) {
      scenes.push({ line: i + 1, world, command: rest, expected: [] })
      used = true
    } else if (/^[|!?]/.test(line) && used) scenes.at(-1)?.expected.push(line)
    else throw new Error(`line ${i + 1} has no mark: ${line}`)
  }
  return scenes
}

/** Words of a command as a shell would cut them, without the name of the tool; single quotes alone are known. */
export function wordsOf(command: string): readonly string[] {
  const words = command.match(/(?:'[^']*'|[^\s'])+/g) ?? []
  return words.slice(1).map((word) => word.replaceAll("'", ''))
}

/** What a run printed, in the order of its lines, as a transcript shows it. Only local dates are masked. */
export function transcribe({ lines, status }: Ran): readonly string[] {
  const open = { out: '', err: '' }
  const mark = { out: '|', err: '!' } as const
  const shown: string[] = []
  for (const { to, text } of lines) {
    const parts = (open[to] + text).split('\n')
    open[to] = parts.pop() ?? ''
    for (const part of parts) shown.push(`${mark[to]} ${visible(part)}`.trimEnd())
  }
  for (const to of ['out', 'err'] as const) {
    if (open[to] !== '') shown.push(`${mark[to]} ${visible(open[to])}\\c`)
  }
  return [...shown, `? ${status}`]
}

/** Control characters as `\x1b`, `\r`; a line without an end gets echo's `\c`. */
function visible(text: string): string {
  return text
    .replaceAll('\r', '\\r')
    .replace(/\p{Cc}/gu, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'DATE')
    .replace(/ at \d\d:\d\d:\d\d/g, ' at TIME')
}
