import {
  type Address,
  createQueue,
  err,
  escapeControl,
  type Fault,
  type Io,
  type Line,
  type LocalFault,
  type Plan,
  type Probe,
  type ProbeIo,
  type Result,
  type RunEvent,
  resolveHost,
  schedule,
  type UserRequest,
  word,
} from '@portkit/core'
import type { Alerts } from './alerts.ts'
import { type LaneState, nextAddress } from './lane-state.ts'
import { prometheusText } from './prometheus.ts'
import type { Reporter } from './reporter.ts'
import type { Settings } from './settings.ts'

export interface Session {
  readonly lanes: readonly LaneState[]
  readonly probe: Probe
  readonly plan: Plan
  readonly settings: Settings
  readonly reporter: Reporter
  readonly alerts: Alerts
  readonly io: Io
  readonly probeIo: ProbeIo
  /** Time between two frames of a moving picture; undefined where nothing moves by itself. */
  readonly tickMs: number | undefined
}

type Message =
  | { readonly kind: 'event'; readonly event: RunEvent }
  | { readonly kind: 'request'; readonly request: UserRequest | 'tick' }
  | { readonly kind: 'found'; readonly lane: LaneState; readonly addresses: readonly Address[] }

const MOST_WAITING = 256
const TEXTFILE_EVERY_NS = 1e9
/** Faults that pass by themselves; any other one in place of the first result ends the run. */
const PASSING = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EADDRINUSE', 'EAGAIN'])

/** Probes, counts and reports until the plan is done, the wanted state is reached, or the user ends it. */
export async function* runSession(session: Session): AsyncGenerator<Line, void> {
  const { reporter, io, alerts } = session
  const writer = createTextfile(session)
  writer.first()
  yield* reporter.start()
  const stop = new AbortController()
  const end = (): void => stop.abort('end')
  if (io.interrupted.aborted) end()
  io.interrupted.addEventListener('abort', end)
  const inbox = createInbox(session, stop.signal)
  try {
    for await (const message of inbox.messages) {
      yield* handle(session, message, inbox.resolve)
      yield* writer.sometimes()
      if (isDone(session)) break
    }
  } catch (error) {
    // Whatever was measured until then is not lost, and no picture is left on the screen.
    yield* reporter.end()
    throw error
  } finally {
    io.interrupted.removeEventListener('abort', end)
    end()
    inbox.close()
    await inbox.stopped
  }
  yield* reporter.end()
  yield* writer.now()
  yield* await alerts.end()
}

function* handle(session: Session, message: Message, resolve: (lane: LaneState) => void): Generator<Line> {
  const { reporter, lanes } = session
  switch (message.kind) {
    case 'request':
      return yield* reporter.request(message.request)
    case 'found': {
      const { lane, addresses } = message
      const from = lane.target.address
      // Chosen only now: another lane of the name may just have moved.
      const to = session.settings.allAddresses ? nextAddress(lane, lanes, addresses) : addresses[0]
      if (to === undefined || to.address === from) return
      lane.target = { ...lane.target, ...to }
      return yield* reporter.moved(lane, from, to.address)
    }
    case 'event': {
      const lane = lanes[message.event.lane]
      if (lane === undefined) return
      const startNs = lane.startNs ?? message.event.startedNs
      lane.startNs = startNs
      lane.elapsedMs = (session.io.clock.nowNs() - startNs) / 1e6
      if (message.event.kind === 'fault') yield* onFault(session, lane, message.event)
      else yield* onResult(session, lane, message.event, resolve)
    }
  }
}

function* onResult(
  session: Session,
  lane: LaneState,
  event: Result,
  resolve: (lane: LaneState) => void,
): Generator<Line> {
  const { observation, verdict } = event.result
  const previous = lane.last
  lane.last = word(verdict)
  lane.failures = lane.last === 'open' ? 0 : lane.failures + 1
  if (observation.kind !== 'silence') {
    lane.clock = observation.clock
    lane.lastRttNs = observation.rttNs ?? lane.lastRttNs
  }
  lane.stats.add(event.result, event.startedNs / 1e6)
  yield* session.reporter.result(lane, event, previous)
  yield* session.alerts.result(lane, event, previous)
  const { reResolveAfter } = session.settings
  if (reResolveAfter !== undefined && lane.failures > 0 && lane.failures % reResolveAfter === 0) resolve(lane)
}

function* onFault(session: Session, lane: LaneState, fault: Fault): Generator<Line> {
  lane.faults++
  lane.stats.fault()
  if (lane.last === undefined && !PASSING.has(fault.error.code)) lane.broken = true
  yield* session.reporter.fault(lane, fault)
}

function isDone({ lanes, settings }: Session): boolean {
  if (settings.until !== undefined && lanes.every((lane) => lane.last === settings.until)) return true
  return lanes.every((lane) => lane.broken)
}

/** The addresses that the lane's name stands for now, as far as it may use them. @throws ResolveError */
async function lookAgain(lane: LaneState, { settings, io }: Session): Promise<readonly Address[]> {
  const { host, family } = lane.target
  // Whoever leaves from one of our addresses has to stay in its family.
  const bound = settings.sourceAddress !== undefined || settings.interfaceName !== undefined
  const { addresses } = await resolveHost(host, io, settings.family ?? (bound ? family : undefined))
  return addresses
}

/** Everything that may happen, in one line: probes, the user, the picture's clock, new addresses. */
function createInbox(session: Session, stop: AbortSignal) {
  const { probe, plan, probeIo, io, tickMs } = session
  const messages = createQueue<Message>()
  const asking = new Set<LaneState>()
  const pump = async (): Promise<void> => {
    for await (const event of schedule(probe, plan, probeIo, stop)) {
      messages.push({ kind: 'event', event })
      await messages.below(MOST_WAITING)
    }
  }
  const stopped = pump().then(messages.end, messages.fail)
  const deaf = io.system.onRequest((request) => messages.push({ kind: 'request', request }))
  const ticking = tickMs === undefined ? undefined : tick(tickMs)
  async function tick(ms: number): Promise<void> {
    while (!stop.aborted) {
      await io.clock.sleep(ms, stop).catch(() => {})
      if (messages.size === 0) messages.push({ kind: 'request', request: 'tick' })
    }
  }
  const lookUp = async (lane: LaneState): Promise<void> => {
    if (lane.lookupNs === undefined || asking.has(lane)) return
    asking.add(lane)
    try {
      messages.push({ kind: 'found', lane, addresses: await lookAgain(lane, session) })
    } catch {
      // A name server that is down too is no news: the next failures ask again.
    } finally {
      asking.delete(lane)
    }
  }
  return {
    messages,
    resolve: (lane: LaneState): void => void lookUp(lane),
    stopped: Promise.all([stopped, ticking]),
    close() {
      deaf()
      messages.end()
    },
  }
}

/** Keeps the text file of `--prometheus` fresh. A file that cannot be written is told once, and once it can again. */
function createTextfile({ settings: { prometheus: path }, lanes, io }: Session) {
  let writtenNs = Number.NEGATIVE_INFINITY
  let told = false
  const write = (): Line[] => {
    if (path === undefined) return []
    writtenNs = io.clock.nowNs()
    try {
      io.system.writeAtomically(path, prometheusText(lanes))
      told = false
      return []
    } catch (error) {
      if (told) return []
      told = true
      return [err(`tcping: ${escapeControl((error as LocalFault).message)}\n`)]
    }
  }
  return {
    /** A file that cannot be written at all is a mistake of the command line. @throws LocalFault */
    first(): void {
      if (path !== undefined) io.system.writeAtomically(path, prometheusText(lanes))
    },
    now: write,
    sometimes: (): Line[] => (io.clock.nowNs() - writtenNs < TEXTFILE_EVERY_NS ? [] : write()),
  }
}
