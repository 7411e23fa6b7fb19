import { setMaxListeners } from 'node:events'
import type { Clock } from '../io/io.ts'
import { LocalFault } from '../model/errors.ts'
import { classify, type ProbeResult } from '../model/observation.ts'
import type { Target } from '../model/target.ts'
import type { Probe, ProbeIo } from '../probes/probe.ts'
import { createFlight } from './flight.ts'
import { createQueue, type Queue } from './queue.ts'

/** A place in the schedule. Whoever runs the plan may point it at another address between two probes. */
export interface Lane {
  target: Target
}

export interface Plan {
  readonly lanes: readonly Lane[]
  /** Probes of each lane; without it the plan runs until it is stopped. */
  readonly count?: number | undefined
  /** From the start of a probe to the start of the lane's next one; `flood`: as soon as it is answered. */
  readonly interval: number | 'flood'
  readonly timeoutMs: number
  /**
   * The whole run ends after this time. A probe that silence had less than its whole time for is left out of the
   * results, unless it is its lane's first and only one.
   */
  readonly deadlineMs?: number | undefined
  /** Probes under way at once, all lanes together. */
  readonly maxInFlight?: number | undefined
}

/** One probe's place: which lane, which of its probes (from 1), and when it started on both clocks. */
export interface Slot {
  readonly lane: number
  readonly target: Target
  readonly seq: number
  /** Milliseconds since 1970. */
  readonly startedAtMs: number
  /** Monotonic nanoseconds. */
  readonly startedNs: number
}

/** A probe that this machine could not carry out: no packet left. */
export interface Fault extends Slot {
  readonly kind: 'fault'
  readonly error: LocalFault
}

/** A probe that was carried out. */
export interface Result extends Slot {
  readonly kind: 'result'
  readonly result: ProbeResult
}

export type RunEvent = Result | Fault

/** For callers who stop by count or deadline alone. */
const NEVER = new AbortController().signal
/** Lanes start this far apart, so that many targets do not disturb each other's times. */
const GAP_MS = 10
/** Probes that end within this time of the next one's start are waited for. */
const ORDER_NS = 3e6
/** The part of its time-out after which a probe that the deadline cuts short counts as unanswered. */
const ENOUGH = 0.9
/** Flooding goes on after this time without an answer, as ping(8) does. */
const FLOOD_MS = 10
const MOST_IN_FLIGHT = 1024
/** A reader that does not read stops the probing before it fills the memory. */
const MOST_UNREAD = 1024

/**
 * Runs the plan and yields each result as it is known; overlapping probes may come out of order. Starts are counted
 * from the first one, so that nothing drifts; slots that were slept through (a suspended process) are left out.
 * Ends after the last answer or at the deadline, and at once when `signal` is aborted: probes under way then are dropped.
 */
export async function* schedule(
  probe: Probe,
  plan: Plan,
  io: ProbeIo,
  signal: AbortSignal = NEVER,
): AsyncGenerator<RunEvent> {
  const run = createRun(probe, plan, io, signal)
  const work = plan.interval === 'flood' ? flood(run) : paced(run, plan.interval)
  work.then(
    () => run.queue.end(),
    (error: unknown) => (run.stop.aborted ? run.queue.end() : run.queue.fail(error)),
  )
  try {
    yield* run.queue
  } finally {
    run.close()
    run.queue.end()
    await work.catch(() => {})
  }
}

type Run = ReturnType<typeof createRun>

function createRun(probe: Probe, plan: Plan, io: ProbeIo, signal: AbortSignal) {
  const { clock } = io
  const { stop, close } = stopWith(signal)
  const deadlineNs = clock.nowNs() + (plan.deadlineMs ?? Number.POSITIVE_INFINITY) * 1e6
  const queue: Queue<RunEvent> = createQueue()
  const flight = createFlight(plan.maxInFlight ?? MOST_IN_FLIGHT)
  const seqs = plan.lanes.map(() => 0)

  /** The newest probe of each lane, and when its time is up. */
  const newest: { readonly endNs: number; readonly done: Promise<void> }[] = []
  /** Lets a probe whose time is just up end before the next one starts: so lines come in order. */
  const ending = async (lane: number): Promise<void> => {
    const last = newest[lane]
    if (last !== undefined && last.endNs <= clock.nowNs() + ORDER_NS) await last.done
  }
  const send = (lane: number): Promise<void> => {
    const endNs = clock.nowNs() + plan.timeoutMs * 1e6
    const done = sendNext(lane)
    newest[lane] = { endNs, done: done.catch(() => {}) }
    return done
  }

  /** Starts the lane's next probe; resolves when it is answered. */
  const sendNext = async (lane: number): Promise<void> => {
    const target = plan.lanes[lane]?.target
    if (target === undefined) return
    const seq = (seqs[lane] ?? 0) + 1
    seqs[lane] = seq
    const startedNs = clock.nowNs()
    const waitMs = Math.min(plan.timeoutMs, (deadlineNs - startedNs) / 1e6)
    const event = await observeOnce({ lane, target, seq, startedAtMs: clock.wallMs(), startedNs }, waitMs)
    if (event !== undefined && !stop.aborted) queue.push(event)
    // A fault is told at once: without a pause, a flood of them would take a whole core.
    if (event?.kind === 'fault' && plan.interval === 'flood')
      await clock.sleep(FLOOD_MS, stop).catch(() => {})
  }

  const observeOnce = async (slot: Slot, waitMs: number): Promise<RunEvent | undefined> => {
    const { target, seq, startedAtMs } = slot
    try {
      const observation = await probe.observe(target, io, waitMs, stop)
      const cutShort = observation.kind === 'silence' && waitMs < ENOUGH * plan.timeoutMs && seq > 1
      if (cutShort) return undefined
      const verdict = classify(observation, probe.method ?? target.transport)
      const result = { target, seq, startedAtMs, observation, verdict }
      return { kind: 'result', ...slot, result }
    } catch (error) {
      if (stop.aborted) return undefined
      if (!(error instanceof LocalFault)) throw error
      return { kind: 'fault', ...slot, error }
    }
  }
  const isOver = (atNs: number): boolean => stop.aborted || atNs >= deadlineNs
  return { plan, clock, stop, close, queue, flight, send, ending, isOver }
}

/** A run's own end: with the caller's signal, or by `close`. */
function stopWith(signal: AbortSignal): { readonly stop: AbortSignal; close(): void } {
  const control = new AbortController()
  const close = (): void => control.abort('stopped')
  if (signal.aborted) close()
  signal.addEventListener('abort', close, { once: true })
  // Each probe under way listens for the end of the run; Node would warn on stderr from the eleventh on.
  setMaxListeners(0, control.signal)
  return { stop: control.signal, close }
}

async function paced(run: Run, intervalMs: number): Promise<void> {
  const { plan, clock, stop, flight, send, isOver } = run
  const lanes = Math.max(1, plan.lanes.length)
  const most = (plan.count ?? Number.POSITIVE_INFINITY) * plan.lanes.length
  const gapMs = Math.min(GAP_MS, intervalMs / lanes)
  let startNs = clock.nowNs()
  for (let slot = 0; slot < most; slot++) {
    await ready(run)
    const offsetNs = (Math.floor(slot / lanes) * intervalMs + (slot % lanes) * gapMs) * 1e6
    if (isOver(startNs + offsetNs)) break
    await sleepUntil(clock, startNs + offsetNs, stop)
    await run.ending(slot % lanes)
    startNs += missedNs(clock.nowNs() - startNs - offsetNs, intervalMs)
    if (isOver(startNs + offsetNs)) break
    flight.add(send(slot % lanes))
  }
  if (!stop.aborted) await flight.landed()
}

/** Waits until a probe may start: there is room in flight, and the reader keeps up. */
async function ready({ flight, queue }: Run): Promise<void> {
  await flight.room()
  await queue.below(MOST_UNREAD)
}

/** Whole intervals that went by unused. */
function missedNs(lateNs: number, intervalMs: number): number {
  const intervalNs = intervalMs * 1e6
  return intervalNs > 0 && lateNs >= intervalNs ? Math.floor(lateNs / intervalNs) * intervalNs : 0
}

async function sleepUntil(clock: Clock, dueNs: number, stop: AbortSignal): Promise<void> {
  await clock.sleep(Math.max(0, dueNs - clock.nowNs()) / 1e6, stop).catch(() => {})
}

async function flood(run: Run): Promise<void> {
  const { plan, clock, stop, flight, send, isOver } = run
  const { lanes, count = Number.POSITIVE_INFINITY } = plan
  const floodLane = async (lane: number): Promise<void> => {
    for (let round = 0; round < count && !isOver(clock.nowNs()); round++) {
      await ready(run)
      if (stop.aborted) return
      const probe = send(lane)
      flight.add(probe)
      await answeredOr(probe, clock, FLOOD_MS)
    }
  }
  await Promise.all(lanes.map((_, lane) => floodLane(lane)))
  if (!stop.aborted) await flight.landed()
}

/** Waits for the answer or `ms`, and lets the event loop turn once in any case. */
async function answeredOr(probe: Promise<void>, clock: Clock, ms: number): Promise<void> {
  const cancel = new AbortController()
  const timer = clock.sleep(ms, cancel.signal).catch(() => {})
  await Promise.race([probe.catch(() => {}), timer])
  cancel.abort()
  await clock.sleep(0)
}
