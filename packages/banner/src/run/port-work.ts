import { awaitAnswer, type ByteStream, type ConnectAnswer, type Silence, type Target } from '@portkit/core'
import { Budget } from '../dialogue/budget.ts'
import { Conversation, type Subject } from '../dialogue/conversation.ts'
import { Transcript } from '../dialogue/transcript.ts'
import type { Wishes } from '../model/wishes.ts'
import type { Kit } from './kit.ts'
import { serverNameOf } from './server-name.ts'

/** The work on one port: its limits, what was said, and how connections to it are made. */
export interface PortWork extends Subject {
  readonly target: Target
  readonly kit: Kit
  readonly startedAtMs: number
  readonly startNs: number
  /** Sentences for the user about what went wrong at this port. */
  readonly remarks: Set<string>
}

export function beginWork(target: Target, kit: Kit): PortWork {
  const { settings, io } = kit
  const { clock, interrupted, random } = io
  const { timeoutMs, waitMs } = settings
  const wishes: Wishes = {
    ...settings.wishes,
    host: target.host,
    serverName: serverNameOf(target.host, settings.sni),
  }
  return {
    target,
    kit,
    host: target.host,
    address: target.address,
    port: target.port,
    transport: target.transport,
    wishes,
    waitMs,
    budget: new Budget(clock, timeoutMs, interrupted),
    transcript: new Transcript(clock),
    random: () => random(),
    startedAtMs: clock.wallMs(),
    startNs: clock.nowNs(),
    remarks: new Set(),
  }
}

/** Sends a SYN, and waits for its answer as long as the port's time lasts. @throws LocalFault */
export async function knock(
  { target, kit, budget }: PortWork,
  watch: (answer: Promise<ConnectAnswer | Silence>) => void = () => {},
): Promise<ConnectAnswer | Silence | undefined> {
  const { net, io } = kit
  const { address, family, port } = target
  const attempt = net.connect({ address, family, port, close: 'fin', keep: 'bytes' })
  const answer = awaitAnswer(attempt, io.clock, budget.leftMs, io.interrupted)
  watch(answer)
  try {
    return await answer
  } catch (reason) {
    if (io.interrupted.aborted) return undefined
    throw reason
  }
}

/** Another connection to a port that was open; undefined when there is none any more. @throws LocalFault */
export async function connectAgain(work: PortWork): Promise<ByteStream | undefined> {
  const { budget, kit } = work
  budget.giveBack(await kit.turns.next(kit.io.interrupted))
  if (budget.isOver) return undefined
  const answer = await knock(work)
  return answer === undefined || 'kind' in answer ? undefined : answer.connection?.bytes()
}

/** A conversation without TLS over a stream; `again` makes further ones. */
export function plainly(work: PortWork, stream: ByteStream): Conversation {
  const again = async (): Promise<Conversation | undefined> => {
    const next = await connectAgain(work)
    return next && plainly(work, next)
  }
  return new Conversation(stream, work, { secure: false, alpn: undefined, again })
}
