import type { Clock } from '../io/io.ts'
import { type ByteStream, StreamFault } from '../io/streams.ts'
import { type Answers, octetsOf, playAnswers } from './sim-answers.ts'
import { type HttpProxy, httpProxy } from './sim-http-proxy.ts'
import { pythonRepr, stamped } from './sim-log.ts'
import type { PeerWorld } from './sim-peer-world.ts'
import { Reader } from './sim-reader.ts'
import { type Socks, socksProxy } from './sim-socks.ts'
import { concat, copyOf, type SimStream } from './sim-stream.ts'
import type { PeerStep } from './sim-verbs.ts'

/** What sits behind a simulated port, or calls a simulated listener. */
export type PeerScript =
  /** Does one thing after the other, then closes. */
  | { readonly kind: 'steps'; readonly steps: readonly PeerStep[] }
  /** Sends everything back until the other end has ended. */
  | { readonly kind: 'echo' }
  /** Sends this at once, and reads until the other end has ended: an SSH or SMTP server. */
  | { readonly kind: 'greeting'; readonly text: string | Uint8Array }
  /** Answers one request with this, and closes. */
  | { readonly kind: 'http'; readonly response: string | Uint8Array }
  | Answers
  | Socks
  | HttpProxy

/** Plays the script over an open connection, and ends it. Never rejects. */
export async function playPeer(script: PeerScript, stream: SimStream, world: PeerWorld): Promise<void> {
  try {
    await play(script, stream, world)
  } catch (error) {
    if (!(error instanceof StreamFault)) throw error
  } finally {
    stream.close('fin')
  }
}

async function play(script: PeerScript, stream: SimStream, world: PeerWorld): Promise<void> {
  switch (script.kind) {
    case 'steps':
      return playSteps(script.steps, stream, world)
    case 'echo':
      return echo(stream)
    case 'greeting':
      await stream.write(octetsOf(script.text))
      return drain(stream)
    case 'http':
      await new Reader(stream).until('\r\n\r\n')
      return stream.write(octetsOf(script.response))
    case 'answers':
      return playAnswers(script, stream)
    case 'socks':
      return socksProxy(script, stream, world)
    case 'http-proxy':
      return httpProxy(script, stream, world)
  }
}

async function playSteps(steps: readonly PeerStep[], stream: SimStream, world: PeerWorld): Promise<void> {
  const log = stamped(world.clock, world.log)
  log(world.opening)
  for (const step of steps) await playStep(step, stream, world.clock, log)
}

async function playStep(
  step: PeerStep,
  stream: SimStream,
  clock: Clock,
  log: (event: string) => void,
): Promise<void> {
  switch (step.does) {
    case 'recv':
      return receive(stream, clock, log)
    case 'send': {
      const sent = await stream.write(octetsOf(step.octets)).then(() => undefined, codeOf)
      return log(sent === undefined ? `sent b${pythonRepr(octetsOf(step.octets))}` : `send failed ${sent}`)
    }
    case 'wait':
      return clock.sleep(step.seconds * 1000)
    case 'linger':
      return linger(step.seconds * 1000, stream, clock, log)
    case 'drain':
      while (logHeard(await hear(stream), log));
      return
    case 'fin':
      stream.endWrite()
      return log('sent FIN')
    case 'close':
      stream.close('fin')
      return log('closed')
    case 'rst':
      stream.close('rst')
      return log('sent RST')
  }
}

/** What came: octets, the end, or the errno's name of what broke it. */
type Heard = Uint8Array | undefined | string

function hear(stream: ByteStream): Promise<Heard> {
  return stream.read(65_536).catch(codeOf)
}

/** TCP keeps no borders: what comes within so many milliseconds came together. */
const TOGETHER_MS = 1

/** What comes first and right behind it; an end behind it is left for the next step to hear. */
async function receive(stream: SimStream, clock: Clock, log: (event: string) => void): Promise<void> {
  const pieces: Uint8Array[] = []
  let heard = await hear(stream)
  for (; heard instanceof Uint8Array; heard = await hear(stream)) {
    pieces.push(copyOf(heard))
    const late = clock.sleep(TOGETHER_MS).then(() => 'late')
    if ((await Promise.race([stream.readable(), late])) === 'late') break
  }
  logHeard(pieces.length > 0 ? concat(pieces) : heard, log)
}

async function linger(
  ms: number,
  stream: SimStream,
  clock: Clock,
  log: (event: string) => void,
): Promise<void> {
  const cancel = new AbortController()
  const late = clock.sleep(ms, cancel.signal).then(
    () => 'late',
    () => 'late',
  )
  do {
    if ((await Promise.race([stream.readable(), late])) === 'late') return log('nothing more for now')
  } while (logHeard(await hear(stream), log))
  cancel.abort()
}

/** Whether more may come. */
function logHeard(heard: Heard, log: (event: string) => void): boolean {
  if (heard === undefined) log('got FIN')
  else if (typeof heard === 'string') log(heard === 'ECONNRESET' ? 'got RST' : `got ${heard}`)
  else log(`got b${pythonRepr(heard)}`)
  return heard instanceof Uint8Array
}

async function echo(stream: ByteStream): Promise<void> {
  for (;;) {
    const octets = await stream.read(65_536)
    if (octets === undefined) return
    await stream.write(octets)
  }
}

async function drain(stream: ByteStream): Promise<void> {
  while ((await stream.read(65_536)) !== undefined);
}

function codeOf(error: unknown): string {
  if (error instanceof StreamFault) return error.code
  throw error
}
