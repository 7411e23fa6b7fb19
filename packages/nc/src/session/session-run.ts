import type { ByteSource, Clock } from '@portkit/core'
import type { SessionSettings } from '../settings.ts'
import type { SessionEnds } from './ends.ts'
import { type EndStates, settle } from './rules.ts'

export type Ending = 'over' | 'quit' | 'idle'

/** A session under way: what its two directions share. */
export interface Run {
  readonly ends: SessionEnds
  readonly settings: SessionSettings
  readonly clock: Clock
  readonly states: EndStates
  readonly input: ByteSource | undefined
  readonly ended: Promise<Ending>
  /** Aborted at the end. */
  readonly signal: AbortSignal
  /** The input has come to its end, or failed. */
  inputEnded: boolean
  over: boolean
  /** Reads from the network, the one that finds its end too. */
  reads: number
  /** When octets last moved, in the clock's nanoseconds; kept only where `-w` is set. */
  lastNs: number
  /** Octets have moved: `-w` counts from here, or from `laterMs` later. */
  moved(laterMs?: number): void
  /** Reads from the input or the network, or gives the read that a former session left under way. */
  read(source: ByteSource, most: number): Promise<Uint8Array | undefined>
  /** What `read` gave is taken; without this it stays for the next session. */
  take(source: ByteSource): void
  /** Something has ended. */
  lose(...which: readonly ('netIn' | 'netOut' | 'input' | 'output')[]): void
  /** Applies the rules: call it after every change. */
  settle(): void
  /** Writes to the network, where telnet's answers must not come between the octets of one write. */
  write(octets: Uint8Array): Promise<void>
  finish(ending: Ending): void
}

/** Reads that were under way when a session ended: of the input, or of a datagram socket that listens on. */
const unfinished = new WeakMap<ByteSource, Promise<Uint8Array | undefined>>()

export function startRun(ends: SessionEnds, settings: SessionSettings, clock: Clock): Run {
  const input = settings.readStdin ? ends.input : undefined
  const states = openStates(input !== undefined)
  const rules = { ...settings, listening: ends.listening, datagrams: ends.datagrams }
  const abort = new AbortController()
  const reading = new Map<ByteSource, Promise<Uint8Array | undefined>>()
  let resolveEnded: (ending: Ending) => void = () => {}
  const run: Run = {
    ends,
    settings,
    clock,
    states,
    input,
    ended: new Promise((resolve) => {
      resolveEnded = resolve
    }),
    signal: abort.signal,
    inputEnded: ends.input === undefined,
    over: false,
    reads: 0,
    lastNs: clock.nowNs(),
    moved(laterMs = 0) {
      if (settings.timeoutMs !== undefined) run.lastNs = clock.nowNs() + laterMs * 1e6
    },
    read(source, most) {
      const next = unfinished.get(source) ?? source.read(most)
      unfinished.delete(source)
      reading.set(source, next)
      return next
    },
    take(source) {
      reading.delete(source)
    },
    lose(...which) {
      if (run.over) return
      for (const end of which) states[end] = false
      run.moved()
      states.stirred = true
      run.settle()
    },
    settle() {
      if (run.over) return
      const { fin, ending } = settle(states, rules)
      if (fin) ends.net.endWrite()
      if (ending !== undefined) run.finish(ending)
    },
    write: settings.telnet ? inTurn(ends) : (octets) => ends.net.write(octets),
    finish(ending) {
      if (run.over) return
      run.over = true
      for (const [source, read] of reading) unfinished.set(source, read)
      resolveEnded(ending)
      abort.abort()
    },
  }
  return run
}

function openStates(input: boolean): EndStates {
  return {
    netIn: true,
    netOut: true,
    input,
    output: true,
    sending: false,
    printing: false,
    stirred: false,
  }
}

/** One write at a time, in the order of the calls. */
function inTurn(ends: SessionEnds): (octets: Uint8Array) => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  return (octets) => {
    const mine = last.then(() => ends.net.write(octets))
    last = mine.catch(() => {})
    return mine
  }
}
