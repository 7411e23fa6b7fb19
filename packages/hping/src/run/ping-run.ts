import {
  type AimedShot,
  createExchange,
  type Observer,
  type PacketChannel,
  runVolley,
  withChannel,
} from '@portkit/core'
import { raised } from '../words/raised.ts'
import { type Course, createCourse } from './course.ts'
import { listenerOf } from './listener.ts'
import type { NamedText } from './names.ts'
import { type Outfit, orderOf } from './order.ts'
import type { Run } from './run.ts'
import { USUAL } from './usual.ts'

/**
 * Sends packets one after the other and hears the answers; `text` takes what Ctrl-Z says, if anything is to be said.
 * Rejects with LocalFault when the way breaks down.
 */
export async function pingRun(run: Run, outfit: Outfit, text: NamedText | undefined): Promise<void> {
  const { settings, observers, io } = run
  const course = createCourse(settings)
  const over = new AbortController()
  const watched = { ...run, observers: [...observers, following(run, course, over)] }
  const { suspendRaises } = settings
  const stop =
    suspendRaises &&
    io.system.onSuspend(() => {
      const line = raised(course.raise(io.clock.nowNs()))
      text?.text(line.text)
      // The next turn may be far; a fault of the writing is told there.
      void run.lines.flush()
    })
  try {
    await withChannel(watched, orderOf(run, outfit), (all, { probes, aimAt }, channel) => {
      const { mode: protocol, traceroute } = settings
      const aim = (index: number): AimedShot | undefined => {
        const { port, ttl } = course.next()
        return aimAt(
          0,
          { protocol, port: protocol === 'icmp' ? 0 : port, round: traceroute ? ttl - 1 : index, index },
          ttl,
        )
      }
      return shootAll(all, { probes, aim, signal: AbortSignal.any([io.interrupted, over.signal]) }, channel)
    })
  } finally {
    stop?.()
  }
}

/** Answers move the course on; the target's own end a traceroute that is to stop there. */
function following({ settings }: Run, course: Course, over: AbortController): Observer {
  const { traceroute, trStop } = settings
  return {
    answered({ round }, { kind }, { reason }) {
      if (kind === 'again') return
      const isPassing = reason === 'time-exceeded'
      course.answered(traceroute ? round + 1 : undefined, isPassing)
      if (trStop && !isPassing) over.abort()
    },
  }
}

interface Shooting {
  readonly probes: Parameters<typeof createExchange>[0]['probes']
  aim(k: number): AimedShot | undefined
  readonly signal: AbortSignal
}

/** Late answers count, as they do with hping3, as long as the run lasts; but no shot is remembered for longer. */
const LONGEST_NS = 10e9
/** Shots that are remembered, and how many of them may wait for their answers. */
const CAPACITY = 2 ** 17
const MOST_FLYING = CAPACITY / 2

async function shootAll(run: Run, { probes, aim, signal }: Shooting, channel: PacketChannel): Promise<void> {
  const { settings, lines } = run
  const { traceroute, destination } = settings
  const { clock } = run.io
  const { count = Number.POSITIVE_INFINITY, intervalNs = USUAL.intervalNs, timeoutMs } = settings
  const waitNs = timeoutMs * 1e6
  const timeoutNs = Math.max(waitNs, Math.min(LONGEST_NS, MOST_FLYING * intervalNs))
  const shotOf = (index: number): AimedShot | undefined => exchange.aimOf(index)
  const listener = listenerOf(run, shotOf)
  const exchange = createExchange<AimedShot>({
    channel,
    clock,
    probes,
    timeoutNs,
    listener,
    capacity: CAPACITY,
  })
  await runVolley({
    exchange,
    channel,
    clock,
    aim,
    count,
    // What the next packet is like follows from the answers so far.
    atOnce: traceroute || destination.rises === 'answers' ? 1 : undefined,
    intervalNs,
    wait: true,
    waitNs,
    signal,
    turn: lines.flush,
  })
  // Where the end came early: who has been silent for that long counts as silent.
  exchange.giveUp(waitNs)
}
