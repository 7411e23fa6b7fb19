import type { ByteSink, Clock } from '@portkit/core'
import { virtualClock } from '@portkit/core/sim'
import type { SessionEnds } from '../src/session/ends.ts'
import { runSession, type SessionEnd } from '../src/session/session.ts'
import type { SessionSettings } from '../src/settings.ts'
import { type Feed, feed, octetsOf, type Peer, wire } from './wires.ts'

export const PLAIN: SessionSettings = {
  timeoutMs: undefined,
  intervalMs: 0,
  quitMs: undefined,
  shutdownAtEof: false,
  receiveLimit: undefined,
  readStdin: true,
  crlf: false,
  telnet: false,
}

/** What happens, in order: numbers are seconds of waiting. */
export type Step = number | ((world: Moves) => void)

export interface Moves {
  readonly input: Feed
  readonly peer: Peer
}

export interface Outcome {
  /** How it went; undefined where the session was still running. */
  readonly end: SessionEnd | undefined
  /** When it was over, in seconds. */
  readonly seconds: number | undefined
  readonly stdout: string
  readonly peer: readonly string[]
}

export interface Case {
  readonly settings?: Partial<SessionSettings>
  readonly ends?: Partial<SessionEnds>
  readonly steps: readonly Step[]
}

/** Plays the steps around one session in virtual time, and looks at it `LATER_S` after the last one. */
export async function play({ settings = {}, ends = {}, steps }: Case): Promise<Outcome> {
  const clock = virtualClock()
  const input = feed()
  const { net, peer } = wire(clock)
  const printed: string[] = []
  const whole: SessionEnds = {
    net,
    input,
    output: sink(printed),
    datagrams: false,
    listening: false,
    ...ends,
  }
  let end: SessionEnd | undefined
  let seconds: number | undefined
  const session = runSession(whole, { ...PLAIN, ...settings }, clock).then((result) => {
    end = result
    seconds = Math.round(clock.nowNs() / 1e8) / 10
  })
  for (const step of steps) {
    if (typeof step === 'number') await clock.sleep(step * 1000)
    else step({ input, peer })
  }
  await Promise.race([session, clock.sleep(LATER_S * 1000)])
  return { end, seconds, stdout: printed.join(''), peer: peer.log }
}

const LATER_S = 60

/** Keeps what is written as Latin-1 text. */
export function sink(printed: string[]): ByteSink {
  return {
    async write(octets) {
      printed.push(Buffer.from(octets).toString('latin1'))
    },
  }
}

/** Takes so long for each write. */
export function slowSink(clock: Clock, ms: number, printed: string[]): ByteSink {
  return {
    async write(octets) {
      await clock.sleep(ms)
      printed.push(Buffer.from(octets).toString('latin1'))
    },
  }
}

export const type =
  (text: string | Uint8Array): Step =>
  (world) =>
    world.input.push(octetsOf(text))
export const eof: Step = (world) => world.input.end()
export const send =
  (text: string | Uint8Array): Step =>
  (world) =>
    world.peer.send(octetsOf(text))
export const fin: Step = (world) => world.peer.fin()
export const rst: Step = (world) => world.peer.rst()
export const stall: Step = (world) => world.peer.stall()
export const resume: Step = (world) => world.peer.resume()
