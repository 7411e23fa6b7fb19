import type { Dialogue, Reader } from '../../dialogue/dialogue.ts'
import { type CodedReply, codedReply, line } from '../../dialogue/readers.ts'

/** Says one line. */
export function say(dialogue: Dialogue, command: string): Promise<void> {
  return dialogue.send(new TextEncoder().encode(`${command}\r\n`))
}

/** Says one line and reads the reply. */
export async function ask(dialogue: Dialogue, command: string): Promise<CodedReply | undefined> {
  await say(dialogue, command)
  return dialogue.receive(codedReply)
}

/** The greeting, or what came instead of it: answers to a probe that came with it are dropped. */
export function firstOf<T>(dialogue: Dialogue, reader: Reader<T>): Promise<T | undefined> {
  return dialogue.receive((octets, ended) => {
    const taken = reader(octets, ended)
    return taken === undefined || taken === 'more' ? taken : { value: taken.value, length: octets.length }
  })
}

/**
 * Only when nothing has come behind it. What stands behind the go-ahead to TLS came in the clear, yet would be taken for
 * the server's words in there (CVE-2011-0411 and its like).
 */
export function alone<T>(reader: Reader<T>): Reader<T> {
  return (octets, ended) => {
    const taken = reader(octets, ended)
    return taken === undefined || taken === 'more' || taken.length === octets.length ? taken : undefined
  }
}

const MOST_LINES = 200

/** Lines up to the first that the test accepts, without that one; undefined when it did not come. */
export async function linesTo(
  dialogue: Dialogue,
  isLast: (text: string) => boolean,
): Promise<{ readonly lines: readonly string[]; readonly last: string } | undefined> {
  const lines: string[] = []
  while (lines.length < MOST_LINES) {
    const text = await dialogue.receive(line())
    if (text === undefined) return undefined
    if (isLast(text)) return { lines, last: text }
    lines.push(text)
  }
  return undefined
}
