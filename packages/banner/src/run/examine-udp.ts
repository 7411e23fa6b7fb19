import type { Observation } from '@portkit/core'
import type { Conversation } from '../dialogue/conversation.ts'
import type { Judgement } from '../dialogue/judge.ts'
import type { Finding } from '../model/finding.ts'
import type { Protocol } from '../model/protocol.ts'
import { PROTOCOLS, usualAt } from '../protocols/table.ts'
import { judge, type Question, questionOf } from './ask.ts'
import { findingOf } from './finding.ts'
import type { Known } from './identify.ts'
import type { PortWork } from './port-work.ts'
import { openUdp } from './udp-conversation.ts'

interface Asking extends Question {
  readonly fromAnyPort: boolean
}

interface Answered {
  readonly observation: Observation
  readonly known: Known
}

/** Finds out what answers datagrams to a port. @throws LocalFault */
export async function examineUdp(work: PortWork): Promise<Finding | undefined> {
  const { kit, budget } = work
  let observation: Observation | undefined
  for (const question of questions(work)) {
    if (budget.isOver) break
    const answered = await ask(question, work)
    if (answered?.known.service !== undefined) return findingOf(work, answered.observation, answered.known)
    // Who has answered is open, whatever becomes of the next question.
    observation ??= answered?.observation
    if (answered !== undefined && answered.observation.kind !== 'reply') break
  }
  if (kit.io.interrupted.aborted && observation === undefined) return undefined
  const silence: Observation = { kind: 'silence', waitedNs: kit.io.clock.nowNs() - work.startNs, syns: 1 }
  return findingOf(work, observation ?? silence, { cut: budget.isOver })
}

/** What usually has the port, else two questions that many servers answer with an error at least. */
function questions(work: PortWork): readonly Asking[] {
  const { own, depth } = work.kit.settings
  if (own !== undefined) return [{ asked: 'user', octets: own.octets, fromAnyPort: false }]
  const usual = usualAt(work.port, 'udp')
  const all = depth === 'thorough' ? PROTOCOLS.filter(({ ports }) => ports.udp !== undefined) : []
  const likely = usual.length > 0 ? usual : PROTOCOLS.filter(({ name }) => name === 'dns')
  const protocols = [...new Set([...likely, ...all])].filter(({ probe }) => probe !== undefined)
  const asked = protocols.map((protocol) => askingOf(protocol, work))
  return usual.length > 0 ? asked : [CRLF, ...asked]
}

const CRLF: Asking = { asked: 'crlf', octets: new TextEncoder().encode('\r\n'), fromAnyPort: false }

function askingOf(protocol: Protocol, work: PortWork): Asking {
  return { ...questionOf(protocol, work, false), fromAnyPort: protocol.answersFromAnyPort ?? false }
}

/** Datagrams get lost: half of the wait after the first one a second one goes out. undefined: silence. */
async function ask(asking: Asking, work: PortWork): Promise<Answered | undefined> {
  const { port, waitMs } = work
  const opened = await openUdp(asking, work)
  if ('kind' in opened) return { observation: opened, known: { cut: false } }
  const { conversation, error } = opened
  const context = { port, transport: 'udp', secure: false, asked: asking.asked, sent: asking.octets } as const
  // Each datagram is an answer of its own.
  const judging = (octets: Uint8Array, ended: boolean) => judge(work, context, PROTOCOLS)(octets, ended)
  try {
    for (const patienceMs of [waitMs / 2, waitMs]) {
      await conversation.send(asking.octets)
      const judged = await conversation.receiveWithin(judging, patienceMs)
      if (judged !== undefined) return await replied(judged, conversation, work)
      if (conversation.heard > 0) return { observation: reply(work, conversation), known: { cut: false } }
      const told = error()
      if (told !== undefined) return { observation: told, known: { cut: false } }
    }
    return undefined
  } finally {
    conversation.close()
  }
}

async function replied(
  { protocol, service }: Judgement,
  conversation: Conversation,
  work: PortWork,
): Promise<Answered> {
  const observation = reply(work, conversation)
  const isMore = protocol.ask !== undefined && work.kit.settings.own === undefined
  const told = isMore ? await protocol.ask(service, conversation) : service
  return { observation, known: { service: told, method: 'probe', cut: false } }
}

function reply({ target, transcript, kit, startNs }: PortWork, { heard }: Conversation): Observation {
  const elapsedNs = kit.io.clock.nowNs() - startNs
  const rttNs = transcript.exchanges().findLast(({ firstNs }) => firstNs !== undefined)?.firstNs
  return { kind: 'reply', from: target.address, length: heard, rttNs, clock: 'process', elapsedNs, syns: 1 }
}
