import type { ByteStream, Observation } from '@portkit/core'
import { Conversation } from '../dialogue/conversation.ts'
import type { Judgement } from '../dialogue/judge.ts'
import type { Finding } from '../model/finding.ts'
import type { Protocol } from '../model/protocol.ts'
import { PROTOCOLS, usualAt } from '../protocols/table.ts'
import { answeredFromAnyPort } from './any-port.ts'
import { judge, type Question, questionOf } from './ask.ts'
import { findingOf } from './finding.ts'
import type { Known } from './identify.ts'
import type { PortWork } from './port-work.ts'

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
    if (answered !== undefined) {
      if (answered.observation.kind !== 'reply' || answered.known.service !== undefined)
        return findingOf(work, answered.observation, answered.known)
      observation ??= answered.observation
    }
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
  const { conversation, refusal } = await open(asking, work)
  const context = { port, transport: 'udp', secure: false, asked: asking.asked, sent: asking.octets } as const
  // Each datagram is an answer of its own.
  const judging = (octets: Uint8Array, ended: boolean) => judge(work, context)(octets, ended)
  try {
    for (const patienceMs of [waitMs / 2, waitMs]) {
      await conversation.send(asking.octets)
      const judged = await conversation.receiveWithin(judging, patienceMs)
      if (judged !== undefined) return await replied(judged, conversation, work)
      if (conversation.heard > 0) return { observation: reply(work, conversation), known: { cut: false } }
      if (conversation.end === 'reset') return { observation: refusal(), known: { cut: false } }
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

interface Opened {
  readonly conversation: Conversation
  /** What the system tells of a refusal. */
  refusal(): Observation
}

async function open({ asked, fromAnyPort }: Asking, work: PortWork): Promise<Opened> {
  const { kit, target, budget, startNs } = work
  const { sockets, clock } = kit.io
  const { address, family, port } = target
  const socket = await (fromAnyPort
    ? sockets.bindUdp({ address: family === 6 ? '::' : '0.0.0.0', family, port: 0 })
    : sockets.connectUdp({ address, family, port, errors: true }))
  const stream: ByteStream = fromAnyPort ? answeredFromAnyPort(socket, { address, port }) : socket
  const again = async (): Promise<Conversation | undefined> => {
    if (budget.isOver) return undefined
    return (await open({ asked, fromAnyPort, octets: NOTHING }, work)).conversation
  }
  const conversation = new Conversation(stream, work, { secure: false, alpn: undefined, again })
  conversation.asking(asked)
  const refusal = (): Observation => {
    const elapsedNs = clock.nowNs() - startNs
    const timed = { rttNs: elapsedNs, clock: 'process', elapsedNs, syns: 1 } as const
    const icmp = socket.takeIcmp()
    if (icmp !== undefined) return { kind: 'icmp-error', family, ...icmp, ...timed }
    return { kind: 'refused', by: 'unknown', ...timed }
  }
  return { conversation, refusal }
}

const NOTHING = new Uint8Array(0)
