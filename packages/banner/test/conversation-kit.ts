import { type SimStream, streamPair, type VirtualClock, virtualClock, type Wire } from '@portkit/core/sim'
import { Budget } from '../src/dialogue/budget.ts'
import { Conversation } from '../src/dialogue/conversation.ts'
import type { Reader } from '../src/dialogue/dialogue.ts'
import { Transcript } from '../src/dialogue/transcript.ts'
import { WISHES } from './detector-kit.ts'

export interface Talk {
  readonly clock: VirtualClock
  readonly conversation: Conversation
  /** The other end of it. */
  readonly peer: SimStream
  readonly transcript: Transcript
  readonly budget: Budget
  readonly interrupt: AbortController
}

const NEAR = { address: '10.0.0.1', port: 40_000 }
const FAR = { address: '10.0.0.2', port: 4711 }

/** A conversation over a simulated connection, with a port's limits. */
export function talk({ timeoutMs = 5000, waitMs = 1000, octets = 65_536, wire = {} as Wire } = {}): Talk {
  const clock = virtualClock()
  const interrupt = new AbortController()
  const [near, peer] = streamPair(clock, NEAR, FAR, wire)
  const budget = new Budget(clock, timeoutMs, interrupt.signal, octets)
  const transcript = new Transcript(clock)
  const subject = {
    host: 'db.lan',
    address: FAR.address,
    port: FAR.port,
    transport: 'tcp',
    wishes: WISHES,
    budget,
    waitMs,
    transcript,
    random: () => 1,
  } as const
  const again = async (): Promise<undefined> => undefined
  const conversation = new Conversation(near, subject, { secure: false, alpn: undefined, again })
  return { clock, conversation, peer, transcript, budget, interrupt }
}

/** Everything up to the end, and how often it was looked at. */
export function countingReader() {
  const lengths: number[] = []
  const read: Reader<string> = (octets, ended) => {
    lengths.push(octets.length)
    return ended ? { value: Buffer.from(octets).toString('latin1'), length: octets.length } : 'more'
  }
  return { read, lengths }
}
