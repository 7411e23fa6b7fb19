import type { Clock } from '../../io/io.ts'
import type { PacketChannel } from '../../io/packets.ts'
import { LocalFault } from '../../model/errors.ts'
import type { Observation } from '../../model/observation.ts'
import type { PacketProbe } from '../../probes/packet/packet-probe.ts'
import { createExchange, type Exchange } from './exchange.ts'
import type { Aim } from './ledger.ts'
import type { ExchangeListener } from './listener.ts'

/** Asks by one shot at a time, as often as wanted at once. It owns its channel. */
export interface Asker {
  /** The answer to one shot, or silence. Rejects with LocalFault, and with the signal's reason. */
  ask(aim: Aim, timeoutMs: number, signal?: AbortSignal): Promise<Observation>
  /** What went wrong with the channel for good: another one is needed. */
  fault(): LocalFault | undefined
  /** Nothing is left of it; who still waits is told. Safe to call twice. */
  close(): void
}

export interface AskerOptions {
  readonly channel: PacketChannel
  readonly clock: Clock
  /** What the aims use. */
  readonly probes: readonly PacketProbe[]
  /** The longest that a question may take. */
  readonly timeoutMs: number
}

/** Somebody who waits for the answer to a shot. */
interface Question {
  readonly answer: Promise<Observation>
  settle(observation: Observation): void
  fail(error: unknown): void
}

/** A full queue of the system empties within this time, or it is stuck. */
const ROOM_NS = 10e6
const ROOM_TRY_MS = 1
/** Shots that may be made while the first one still waits: a flood makes some thousand a second. */
const CAPACITY = 2 ** 16

export function createAsker({ channel, clock, probes, timeoutMs: longestMs }: AskerOptions): Asker {
  const waiting = new Map<number, Question>()
  const exchange = createExchange({
    channel,
    clock,
    probes,
    timeoutNs: longestMs * 1e6,
    listener: listenerFor(waiting),
    capacity: CAPACITY,
  })
  const listen = createEar(exchange, channel, waiting)
  const shoot = inTurn((aim: Aim, question: Question, signal: AbortSignal | undefined) =>
    shootOnce({ exchange, clock, waiting }, aim, question, signal),
  )

  const silenceOf = (index: number): Observation => {
    // An answer that came in time and that nobody had looked at yet is no silence.
    exchange.pump()
    return { kind: 'silence', waitedNs: clock.nowNs() - exchange.sentNs(index), syns: 1 }
  }
  return {
    async ask(aim, timeoutMs, signal) {
      signal?.throwIfAborted()
      const question = createQuestion()
      const over = new AbortController()
      const onAbort = (): void => question.fail(signal?.reason)
      signal?.addEventListener('abort', onAbort, { once: true })
      let index: number | undefined
      try {
        index = await shoot(aim, question, signal)
        signal?.throwIfAborted()
        listen.start()
        const shot = index
        const limit = clock.sleep(timeoutMs, over.signal).then(() => question.settle(silenceOf(shot)))
        limit.catch(() => {})
        return await question.answer
      } finally {
        signal?.removeEventListener('abort', onAbort)
        over.abort()
        if (index !== undefined) waiting.delete(index)
        if (waiting.size === 0) listen.stop()
      }
    },
    fault() {
      if (waiting.size === 0) exchange.pump()
      return channel.fault()
    },
    close() {
      channel.close()
      for (const question of waiting.values()) question.fail(new LocalFault('ECANCELED', 'no longer asked'))
      listen.stop()
    },
  }
}

function listenerFor(waiting: ReadonlyMap<number, Question>): ExchangeListener {
  return {
    answered(index, { kind, observe }) {
      if (kind === 'first') waiting.get(index)?.settle(observe())
    },
    silent(index, waitedNs) {
      waiting.get(index)?.settle({ kind: 'silence', waitedNs, syns: 1 })
    },
    refused(index, fault) {
      waiting.get(index)?.fail(fault)
    },
  }
}

/** What shooting takes. */
interface Range {
  readonly exchange: Exchange
  readonly clock: Clock
  readonly waiting: Map<number, Question>
}

/** Says which shot it was. @throws LocalFault ENOBUFS when there is no room for long, and the signal's reason */
async function shootOnce(
  { exchange, clock, waiting }: Range,
  aim: Aim,
  question: Question,
  signal: AbortSignal | undefined,
): Promise<number> {
  const untilNs = clock.nowNs() + ROOM_NS
  for (;;) {
    signal?.throwIfAborted()
    const index = exchange.shots
    // Before it is sent: the answer may come before the system has said that it was.
    waiting.set(index, question)
    if ((await exchange.shoot([aim])) > 0) return index
    waiting.delete(index)
    if (clock.nowNs() >= untilNs) {
      throw new LocalFault('ENOBUFS', 'no room to send: the queue of the network interface is full')
    }
    await clock.sleep(ROOM_TRY_MS)
    exchange.pump()
  }
}

/** Takes in what comes as long as somebody waits for it. */
function createEar(
  exchange: Pick<Exchange, 'pump'>,
  channel: PacketChannel,
  waiting: ReadonlyMap<number, Question>,
) {
  let current: AbortController | undefined
  const failAll = (error: unknown): void => {
    for (const question of waiting.values()) question.fail(error)
  }
  const listen = async (stop: AbortSignal): Promise<void> => {
    while (!stop.aborted) {
      exchange.pump()
      const fault = channel.fault()
      if (fault !== undefined) return failAll(fault)
      await channel.ready(stop)
    }
  }
  return {
    start(): void {
      if (current !== undefined) return
      const control = new AbortController()
      current = control
      const done = (): void => {
        if (current === control) current = undefined
      }
      listen(control.signal).catch(failAll).finally(done)
    },
    stop(): void {
      current?.abort()
      current = undefined
    },
  }
}

function createQuestion(): Question {
  let settle: Question['settle'] = () => {}
  let fail: Question['fail'] = () => {}
  const answer = new Promise<Observation>((resolve, reject) => {
    settle = resolve
    fail = reject
  })
  // It may fail before anybody waits for it.
  answer.catch(() => {})
  return { answer, settle, fail }
}

/** One call after the other: what an unfinished one takes back would be the next one's, too. */
function inTurn<A extends readonly unknown[], T>(work: (...args: A) => Promise<T>) {
  let last: Promise<unknown> = Promise.resolve()
  return (...args: A): Promise<T> => {
    const next = last.then(() => work(...args))
    last = next.catch(() => {})
    return next
  }
}
