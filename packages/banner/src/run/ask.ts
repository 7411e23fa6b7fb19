import type { Conversation } from '../dialogue/conversation.ts'
import type { Reader } from '../dialogue/dialogue.ts'
import { type Judgement, judging } from '../dialogue/judge.ts'
import type { Method } from '../model/finding.ts'
import type { Asked, DetectContext, Protocol } from '../model/protocol.ts'
import type { Approach } from './approach.ts'
import { matching, type OwnMatch, TOO_LONG } from './own-match.ts'
import type { PortWork } from './port-work.ts'

/** An answer that a protocol claims, and the conversation in which it is still unread. */
export interface Found extends Judgement {
  readonly method: Method
  readonly conversation: Conversation
}

/** What is said first. */
export interface Question {
  readonly asked: Asked
  readonly octets: Uint8Array
  /** Over which connection: a fresh one, unless something else is said. */
  readonly where?: 'fresh' | 'unspoken' | 'silent'
  /** Milliseconds for an answer, where it is not the usual wait. */
  readonly waitMs?: number
}

const NOTHING = new Uint8Array(0)

/** Waits for what the port says by itself. */
export const GREETING: Question = { asked: 'nothing', octets: NOTHING }

export function questionOf(protocol: Protocol, work: PortWork, secure: boolean): Question {
  const { port, transport, wishes, random } = work
  const octets = protocol.probe?.({ port, transport, secure, wishes, random }) ?? NOTHING
  return octets.length === 0 ? GREETING : { asked: protocol.name, octets }
}

/**
 * Asks, and shows the answer to all protocols.
 * @param early is shown it first: the others are not even loaded where it claims the answer
 */
export async function ask(
  { asked, octets, where = 'fresh', waitMs }: Question,
  approach: Approach,
  work: PortWork,
  early?: Protocol,
): Promise<Found | undefined> {
  const { port, transport, budget } = work
  if (budget.isOver) return undefined
  const conversation = await approach[where]()
  if (conversation === undefined) return undefined
  conversation.asking(asked)
  if (octets.length > 0) await conversation.send(octets)
  const context = { port, transport, secure: approach.secure, asked, sent: octets }
  const among = (protocols: readonly Protocol[]) =>
    conversation.receiveWithin(judge(work, context, protocols), waitMs ?? work.waitMs)
  const first = early && (await among([early]))
  const isDecided = first !== undefined || (early !== undefined && !conversation.hasUnread)
  const judgement = isDecided ? first : await among(await allProtocols())
  if (judgement !== undefined)
    return { ...judgement, method: octets.length > 0 ? 'probe' : 'greeting', conversation }
  if (conversation.hasUnread && conversation.end === undefined)
    await conversation.receiveWithin(REST, REST_MS)
  approach.keep(conversation)
  return undefined
}

async function allProtocols(): Promise<readonly Protocol[]> {
  return (await import('../protocols/table.ts')).PROTOCOLS
}

/** Who says what an answer is: the user's own expression, or the protocols. */
export function judge(
  { kit, remarks }: PortWork,
  context: Omit<DetectContext, 'ended'>,
  protocols: readonly Protocol[],
): Reader<Judgement> {
  if (kit.match === undefined) return judging(protocols, context)
  return judgingBy(kit.match, () => remarks.add(TOO_LONG))
}

const USER: Protocol = { name: 'user', ports: {}, detect: () => undefined }

function judgingBy(match: OwnMatch, onTooLong: () => void): Reader<Judgement> {
  const reader = matching(match, onTooLong)
  return (octets, ended) => {
    const taken = reader(octets, ended)
    if (taken === undefined || taken === 'more') return taken
    return { value: { protocol: USER, service: taken.value }, length: taken.length }
  }
}

/** So much of an answer that nobody knows is shown; what comes right behind its first segment belongs to it. */
const ENOUGH = 256
const REST_MS = 50

const REST: Reader<true> = (octets, ended) => {
  if (octets.length >= ENOUGH) return { value: true, length: 0 }
  return ended ? undefined : 'more'
}
