import type { Dialogue } from '../../dialogue/dialogue.ts'
import { readable } from '../../model/peer-text.ts'
import { IAC, type Item, items, OPTIONS, VERBS } from './telnet-commands.ts'

/** Pieces read, characters kept, and commands answered at most. */
const MOST = { pieces: 100, text: 4096, answers: 60 } as const

/** What waits for the user to type, at the end of the text. */
const PROMPT = /(?:(?<!last )log[io]n|user ?name|user|password|passcode|account|name)[^:>\n]{0,20}[:>] ?$/i

/**
 * Refuses every option but echo and go-ahead suppression by the server, as a terminal that can do nothing, and reads until
 * the server waits for a name or a password, or for anything. @returns the text, perhaps empty
 */
export async function negotiate(dialogue: Dialogue): Promise<string> {
  const answered = new Set<number>()
  let text = ''
  for (let count = 0; count < MOST.pieces && text.length < MOST.text; count += 1) {
    const found = await dialogue.receive(items)
    if (found === undefined) break
    const answers = found.flatMap((item) => answerTo(item, answered))
    if (answers.length > 0) await dialogue.send(Uint8Array.from(answers))
    text += found.map((item) => (item.kind === 'text' ? item.text : '')).join('')
    if (PROMPT.test(text.slice(-200))) break
  }
  // Without the blank behind a prompt, which may come too late to be read.
  return readable(text.slice(0, MOST.text).replaceAll('\0', '').trimEnd())
}

/** Each demand is answered once only, so that no server can go round in circles with us (RFC 1143). */
function answerTo(item: Item, answered: Set<number>): readonly number[] {
  if (item.kind !== 'negotiation') return []
  const { verb, option } = item
  const demand = verb * 256 + option
  if (answered.has(demand) || answered.size >= MOST.answers) return []
  answered.add(demand)
  if (verb === VERBS.do) return [IAC, VERBS.wont, option]
  if (verb !== VERBS.will) return []
  const welcome = option === OPTIONS.echo || option === OPTIONS.suppressGoAhead
  return [IAC, welcome ? VERBS.do : VERBS.dont, option]
}
