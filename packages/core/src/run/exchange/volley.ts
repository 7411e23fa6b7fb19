import type { Clock } from '../../io/io.ts'
import type { PacketChannel } from '../../io/packets.ts'
import type { Exchange } from './exchange.ts'
import type { Aim } from './ledger.ts'
import { createPace, type Pace } from './pace.ts'
import { MOST_AT_ONCE } from './sender.ts'

export interface Volley<A extends Aim = Aim> {
  readonly exchange: Exchange<A>
  readonly channel: PacketChannel
  readonly clock: Clock
  /** Where the k-th shot of this volley goes; undefined: there is none any more. Asked once for each, in order. */
  aim(k: number): A | undefined
  /** How many shots there are; then no aim is asked for before it is due. */
  readonly count?: number | undefined
  /** Shots that leave in one call at most: 1 where the next one depends on the answers. */
  readonly atOnce?: number | undefined
  /** Asked right before a shot: what has become superfluous meanwhile is left out. All are wanted when not given. */
  isWanted?(aim: A): boolean
  /** From shot to shot; 0: as fast as the system takes them. */
  readonly intervalNs: number
  /** Whether to wait for the answers of the last shots. */
  readonly wait: boolean
  /** How long behind the last shot, whatever time the shots have; nanoseconds. What flies then is given up. */
  readonly waitNs?: number | undefined
  /** Ends it at once, without an error. */
  readonly signal: AbortSignal
  /** After each turn of the loop: what was said meanwhile may be written. The volley goes on when it resolves. */
  turn?(): Promise<void> | undefined
}

/** Below this the loop looks for answers each time it sends, and does not wait for them besides. */
const SHORT_NS = 2e6
/** Node's timers count in milliseconds. */
const TICK_NS = 1e6
/** Without room to send, or while the loop sends without a pause, the event loop gets its turn this often. */
const TURN_NS = 5e6

/** Shoots in time and takes in what comes, until all shots are settled or the signal is aborted, or the channel fails. */
export async function runVolley<A extends Aim>(volley: Volley<A>): Promise<void> {
  const { exchange, channel, clock, signal, atOnce = MOST_AT_ONCE } = volley
  const pace = createPace(volley.intervalNs, clock.nowNs())
  const source = createSource(volley)
  let turnedNs = clock.nowNs()
  const end = createEnd(volley, source)
  const goesOn = (): boolean => !signal.aborted && channel.fault() === undefined
  const isDue = (nowNs: number): boolean => !source.isEmpty && pace.due(nowNs, source.taken) > 0
  while (goesOn()) {
    const due = Math.min(atOnce, pace.due(clock.nowNs(), source.taken))
    const isHeldUp = due > 0 && !source.isEmpty && !(await source.shoot(due))
    const seen = exchange.pump()
    await volley.turn?.()
    const nowNs = clock.nowNs()
    if (end.hasCome(nowNs)) return
    const isBusy = seen > 0 || (!isHeldUp && isDue(nowNs))
    if (isBusy && nowNs - turnedNs < TURN_NS) continue
    if (isBusy) await clock.sleep(0)
    else await rest(volley, Math.min(end.atNs(), nextShotNs(pace, source, isHeldUp, nowNs)))
    turnedNs = clock.nowNs()
  }
}

interface End {
  /** Looks whether all is done; what flies when the time is over is given up. */
  hasCome(nowNs: number): boolean
  /** Infinite as long as shots are left, and without a limit. */
  atNs(): number
}

function createEnd<A extends Aim>({ exchange, wait, waitNs }: Volley<A>, source: Source): End {
  let endNs = Number.POSITIVE_INFINITY
  return {
    hasCome(nowNs) {
      if (!source.isEmpty) return false
      if (!wait || exchange.flying === 0) return true
      endNs = Math.min(endNs, nowNs + (waitNs ?? Number.POSITIVE_INFINITY))
      if (nowNs < endNs) return false
      exchange.giveUp()
      return true
    },
    atNs: () => endNs,
  }
}

/** Infinite when no shot is left. Without room in the system another try comes soon. */
function nextShotNs(pace: Pace, source: Source, isHeldUp: boolean, nowNs: number): number {
  if (source.isEmpty) return Number.POSITIVE_INFINITY
  return isHeldUp ? nowNs + TICK_NS : pace.nextNs(source.taken)
}

interface Source {
  readonly taken: number
  /** Nothing is left to shoot. */
  readonly isEmpty: boolean
  /** False when the system had no room. */
  shoot(due: number): Promise<boolean>
}

/** Keeps the aims that there was no room for. */
function createSource<A extends Aim>({ exchange, aim, count, atOnce, isWanted }: Volley<A>): Source {
  const most = count ?? Number.POSITIVE_INFINITY
  let waiting: A[] = []
  let asked = 0
  let ended = most <= 0
  let taken = 0
  const load = (due: number): void => {
    if (isWanted !== undefined) waiting = waiting.filter((one) => isWanted(one))
    while (!ended && waiting.length < due) {
      const next = aim(asked)
      asked += 1
      ended = next === undefined || asked >= most
      if (next !== undefined && isWanted?.(next) !== false) waiting.push(next)
    }
  }
  return {
    get taken() {
      return taken
    },
    get isEmpty() {
      if (count === undefined) load(1)
      return ended && waiting.length === 0
    },
    async shoot(due) {
      // Where the next shot depends on the answers, those that are here come first.
      if (atOnce === 1) exchange.pump()
      load(due)
      const wanted = Math.min(due, waiting.length)
      const result = exchange.shoot(waiting, wanted)
      const done = typeof result === 'number' ? result : await result
      taken += done
      waiting = waiting.slice(done)
      // Some went, or were refused: whether there is room for the others, another try tells.
      return done > 0 || wanted === 0
    },
  }
}

/** Until the next shot is due or a shot's time is over, or something comes. */
async function rest<A extends Aim>(
  { exchange, channel, clock, signal }: Volley<A>,
  nextNs: number,
): Promise<void> {
  const nowNs = clock.nowNs()
  const endNs = Math.min(nextNs, exchange.nextEndNs() ?? Number.POSITIVE_INFINITY)
  const ms = Math.max(0, endNs - nowNs) / 1e6
  if (endNs - nowNs < SHORT_NS) return quietly(clock.sleep(ms, signal))
  const over = new AbortController()
  const end = (): void => over.abort()
  signal.addEventListener('abort', end, { once: true })
  const timer = quietly(clock.sleep(ms, over.signal))
  await Promise.race([channel.ready(over.signal), timer])
  end()
  await timer
  signal.removeEventListener('abort', end)
}

function quietly(work: Promise<void>): Promise<void> {
  return work.catch(() => {})
}
