import type { Clock, StandardInput, StandardOutput } from '../io/io.ts'
import { StreamFault } from '../io/streams.ts'
import { octetsOf } from './sim-answers.ts'
import { concat, copyOf } from './sim-stream.ts'

/** One thing that happens to standard input. */
export type StdinStep =
  | { readonly write: string | Uint8Array }
  | { readonly waitMs: number }
  /** It ends, or stays open for ever: the last step; `eof` where there is none. */
  | 'eof'
  | 'open'

/** `/dev/null`, not open at all, or what happens to it, counted from the start of the world. */
export type StdinScript = 'null' | 'closed' | readonly StdinStep[]

/** Octets come at their times whether somebody reads or not. Letting go of it ends a pending read. */
export function simStdin(clock: Clock, script: StdinScript, isTty: boolean): StandardInput {
  if (script === 'closed') {
    const read = (): Promise<undefined> => Promise.reject(new StreamFault('EBADF'))
    return { isTty: false, read, release: () => {} }
  }
  const released = new AbortController()
  const arrivals = arrivalsOf(script === 'null' ? [] : script, clock.nowNs())
  const next = async (most: number): Promise<Uint8Array | undefined> => {
    const first = arrivals.pieces[0]
    const atNs = first?.atNs ?? arrivals.endNs
    if (atNs > clock.nowNs()) await untilNs(clock, atNs, released.signal)
    if (released.signal.aborted || first === undefined) return undefined
    return takeUpTo(arrivals.pieces, clock.nowNs(), most, isTty)
  }
  return {
    isTty,
    read: (most) => next(most).catch(() => undefined),
    release: () => released.abort('released'),
  }
}

interface Piece {
  readonly atNs: number
  octets: Uint8Array
}

interface Arrivals {
  readonly pieces: Piece[]
  /** When it ends; Infinity for never. */
  readonly endNs: number
}

function arrivalsOf(steps: readonly StdinStep[], startNs: number): Arrivals {
  const pieces: Piece[] = []
  let atNs = startNs
  for (const step of steps) {
    if (step === 'open') return { pieces, endNs: Number.POSITIVE_INFINITY }
    if (step === 'eof') break
    if ('waitMs' in step) atNs += step.waitMs * 1e6
    else if (step.write.length > 0) pieces.push({ atNs, octets: octetsOf(step.write) })
  }
  return { pieces, endNs: atNs }
}

/** Waits without a sleeper for what never comes, so that an idle world is seen to be idle. */
function untilNs(clock: Clock, atNs: number, signal?: AbortSignal): Promise<void> {
  if (atNs !== Number.POSITIVE_INFINITY) return clock.sleep((atNs - clock.nowNs()) / 1e6, signal)
  if (signal?.aborted) return Promise.resolve()
  return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }))
}

/** A pipe gives everything that is there; a terminal gives what was typed at once. */
function takeUpTo(pieces: Piece[], nowNs: number, most: number, one: boolean): Uint8Array {
  const taken: Uint8Array[] = []
  let room = most
  for (let first = pieces[0]; first !== undefined && first.atNs <= nowNs && room > 0; first = pieces[0]) {
    taken.push(copyOf(first.octets, 0, room))
    room -= Math.min(room, first.octets.length)
    first.octets = first.octets.subarray(taken.at(-1)?.length)
    if (first.octets.length === 0) pieces.shift()
    if (one) break
  }
  return concat(taken)
}

/** What standard output is like. */
export interface StdoutScript {
  /** A slow reader; without it, one that takes everything at once. */
  readonly octetsPerSecond?: number
  /** From that many octets on every write fails: the reader has gone, or the disk is full. */
  readonly fails?: { readonly code: 'EPIPE' | 'ENOSPC'; readonly afterOctets: number }
  /** Milliseconds from the start of the world until the reader goes away, also while nothing is written. */
  readonly goneAtMs?: number
}

/** One write, as much of it as was taken. */
export interface Written {
  readonly atNs: number
  readonly octets: Uint8Array
}

export interface SimStdout extends StandardOutput {
  /** Everything that was written, in order, with the time at which it was taken. */
  readonly written: readonly Written[]
}

export function simStdout(clock: Clock, { octetsPerSecond, fails, goneAtMs }: StdoutScript): SimStdout {
  const written: Written[] = []
  const goneAtNs = goneAtMs === undefined ? Number.POSITIVE_INFINITY : clock.nowNs() + goneAtMs * 1e6
  let total = 0
  return {
    written,
    gone: () => untilNs(clock, goneAtNs),
    async write(octets) {
      if (clock.nowNs() >= goneAtNs) throw new StreamFault('EPIPE')
      const room = Math.max(0, (fails?.afterOctets ?? Number.POSITIVE_INFINITY) - total)
      const taken = copyOf(octets, 0, room)
      total += taken.length
      if (octetsPerSecond !== undefined) await clock.sleep((taken.length / octetsPerSecond) * 1000)
      if (taken.length > 0) written.push({ atNs: clock.nowNs(), octets: taken })
      if (fails !== undefined && room < octets.length) throw new StreamFault(fails.code)
    },
  }
}
