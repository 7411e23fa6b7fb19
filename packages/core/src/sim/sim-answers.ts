import type { ByteStream } from '../io/streams.ts'
import { latin1 } from './sim-reader.ts'

/** What a question has to begin with, or to look like with a character for each octet. The empty text fits everything. */
export type Question = string | Uint8Array | RegExp

/** A server that answers each piece it reads by the first rule that fits, and what fits none with silence. */
export interface Answers {
  readonly kind: 'answers'
  /** Sent at once. */
  readonly greeting?: string | Uint8Array
  /** `close` and `reset` end the connection instead. */
  readonly answers: readonly (readonly [question: Question, answer: string | Uint8Array])[]
}

/** The answer of the first rule that fits. */
export function answerTo<T>(octets: Uint8Array, rules: readonly (readonly [Question, T])[]): T | undefined {
  return rules.find(([question]) => fits(octets, question))?.[1]
}

/** Answers until the other end has ended, or a rule says so. Rejects with StreamFault. */
export async function playAnswers({ greeting, answers }: Answers, stream: ByteStream): Promise<void> {
  if (greeting !== undefined) await stream.write(octetsOf(greeting))
  for (let octets = await stream.read(65_536); octets !== undefined; octets = await stream.read(65_536)) {
    const answer = answerTo(octets, answers)
    if (answer === 'reset') stream.close('rst')
    if (answer === 'reset' || answer === 'close') return
    if (answer !== undefined) await stream.write(octetsOf(answer))
  }
}

function fits(octets: Uint8Array, question: Question): boolean {
  // Not `test`, which goes on from where a global expression last matched.
  if (question instanceof RegExp) return latin1(octets).search(question) >= 0
  const start = octetsOf(question)
  return start.length <= octets.length && start.every((octet, at) => octet === octets[at])
}

/** Text as UTF-8. */
export function octetsOf(text: string | Uint8Array): Uint8Array {
  return typeof text === 'string' ? new TextEncoder().encode(text) : text
}
