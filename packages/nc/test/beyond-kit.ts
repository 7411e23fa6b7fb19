import {
  type ByteStream,
  type Clock,
  type Connection,
  type Io,
  type Line,
  type Net,
  runCli,
  type Sockets,
} from '@portkit/core'
import {
  type Behaviour,
  peerSteps,
  type SimIo,
  STILL_RUNNING,
  type StillRunning,
  simIo,
  type World,
} from '@portkit/core/sim'
import { expect } from 'vitest'
import { ncTs } from '../src/cli.ts'
import { loadEverything } from './recorded-sim.ts'

export const OPEN = { does: 'accept', afterMs: 0.25 } as const
export const CLOSED = { does: 'refuse', afterMs: 0.3 } as const
export const STEALTH = { does: 'drop' } as const
export const ICMP = { does: 'icmp', afterMs: 0.2, type: 3, code: 13, from: '10.0.0.254' } as const
export const NO_ROUTE = { does: 'fault', code: 'ENETUNREACH', message: 'no way', about: 'connect' } as const

/** A port behind which somebody does these things (`peerSteps`). */
export function talks(steps: string): Behaviour {
  return { does: 'accept', afterMs: 0.25, peer: { kind: 'steps', steps: peerSteps(steps) } }
}

export interface Ran {
  readonly status: number | StillRunning
  readonly stdout: string
  readonly stderr: string
  /** When it ended: seconds, to the millisecond. */
  readonly seconds: number
  readonly io: SimIo
}

export interface Circumstances {
  /** Virtual seconds until it is given up. */
  readonly seconds?: number
  /** From so many lines to standard output on nobody reads it any more. */
  readonly readerLeavesAfter?: number
  /** The way in which the world is changed before it is used. */
  readonly with?: (io: Io) => Io
}

const PATIENCE_S = 300

/** Everything but line ends, the tabs of the usage and what `--progress` does on a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be in there
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/

// biome-ignore lint/suspicious/noControlCharactersInRegex: what is written over
const PROGRESS = /\r[^\r\n]*\u001b\[K/g

/**
 * Runs nc-ts, called `nc`, in a world of data. Whatever it opened must be closed at its end, nothing of it may sleep on,
 * and no control character may have come to standard error.
 */
export async function run(
  args: string | readonly string[],
  world: Partial<World>,
  { seconds = PATIENCE_S, readerLeavesAfter = Number.POSITIVE_INFINITY, ...more }: Circumstances = {},
): Promise<Ran> {
  const io = simIo({ ports: {}, ...world })
  const left = new Set<string>()
  let stirred = false
  const stir = (): void => {
    stirred = true
  }
  const watched = watch(io, left, stir)
  const lines: Line[] = []
  let printed = 0
  const write = (line: Line): boolean => {
    stir()
    if (line.to === 'out') printed += 1
    return printed <= readerLeavesAfter && lines.push(line) > 0
  }
  const argv = typeof args === 'string' ? args.split(' ') : args
  // Modules are imported one after the other before anything happens: until then time stands still.
  io.clock.halt()
  const tool = runCli(ncTs('nc'), argv, more.with?.(watched) ?? watched, write, { version: '1.2.3' })
  tool.finally(stir)
  while (!stirred) await new Promise((resolve) => setImmediate(resolve))
  const status = await io.runFor(tool, seconds)
  const textTo = (to: Line['to']) => lines.flatMap((line) => (line.to === to ? [line.text] : [])).join('')
  const relayed = Buffer.concat(io.output.map(({ octets }) => octets)).toString('latin1')
  const stderr = textTo('err')
  if (status !== STILL_RUNNING) expect([...left], 'what is left open').toEqual([])
  expect(stderr.replaceAll(PROGRESS, '')).not.toMatch(CONTROL)
  return { status, stdout: textTo('out') + relayed, stderr, seconds: io.clock.nowNs() / 1e9, io }
}

/** Command lines that end by themselves and come by all places where a module is loaded. */
const WAYS = [
  '-vz -w1 10.0.0.2 22 23 24',
  '-z -w1 --wait 1 10.0.0.2 23',
  '-vz -w1 --tls 10.0.0.2 22',
  '-v --tls-insecure --tls -q0 10.0.0.2 22',
  '-z --json -w1 10.0.0.2 22 23',
  '-uz --json -w1 10.0.0.2 22 53',
  '-uvz -w1 --honest-udp 10.0.0.2 22 53',
  '-uz 10.99.0.1 53',
  '-uz --json -w1 --wait 1 10.0.0.2 23',
  '-uz -w1 --wait 1 10.0.0.2 23',
  '-vn db.lan 22',
  '-v -q0 --progress --hex-dump f 10.0.0.2 22',
  '-F 10.0.0.2 22',
  '-vz -x 10.0.0.2:22 10.0.0.2 22',
  '-z 10.0.0.2 100-300',
  '-l 4000',
  '-h',
]

/**
 * Loads whatever nc-ts loads when it needs it, by each of the ways to it: virtual time would run past that.
 * Wants to be called before the first `run`.
 */
export async function warmUp(): Promise<void> {
  await loadEverything()
  const ports = { '10.0.0.2:22': talks('close'), '10.0.0.2:24': STEALTH }
  const datagrams = {
    '10.0.0.2:53': { does: 'drop' },
    '10.99.0.1:53': { does: 'fault', code: 'EIO' },
  } as const
  for (const args of WAYS) {
    const io = simIo({ ports, datagrams, stdin: 'null', taken: ['0.0.0.0:4000'] })
    await runCli(ncTs('nc'), args.split(' '), io, () => true, { version: '1.2.3' })
  }
}

/** The same world, but `left` knows what is open and who sleeps. */
function watch(io: SimIo, left: Set<string>, stir: () => void): Io {
  let count = 0
  const opened = (what: string): (() => void) => {
    stir()
    count += 1
    const name = `${what} ${count}`
    left.add(name)
    return () => void left.delete(name)
  }
  return {
    ...io,
    clock: watchedClock(io.clock, opened),
    sockets: watchedSockets(io.sockets, opened),
    openNet: async (choice) => watchedNet(await io.openNet(choice), opened),
  }
}

type Opened = (what: string) => () => void

function watchedClock(clock: Clock, opened: Opened): Clock {
  const sleep: Clock['sleep'] = async (ms, signal) => {
    const awake = opened(`sleep of ${ms} ms`)
    try {
      await clock.sleep(ms, signal)
    } finally {
      awake()
    }
  }
  return { nowNs: () => clock.nowNs(), wallMs: () => clock.wallMs(), sleep }
}

function watchedNet(net: Net, opened: Opened): Net {
  return {
    ...net,
    connect(request) {
      const attempt = net.connect(request)
      const ended = opened(`attempt at port ${request.port}`)
      const answer = Promise.resolve(attempt.answer).then(
        ({ fact, connection }) => {
          ended()
          return connection === undefined
            ? { fact }
            : { fact, connection: watchedConnection(connection, opened) }
        },
        (error: unknown) => {
          ended()
          throw error
        },
      )
      answer.catch(() => {})
      return {
        answer,
        abandon() {
          ended()
          return attempt.abandon()
        },
      }
    },
  }
}

function watchedConnection(connection: Connection, opened: Opened): Connection {
  const closed = opened('connection')
  return {
    descriptor: connection.descriptor,
    stream: () => connection.stream(),
    bytes: () => watchedStream(connection.bytes(), closed),
    close() {
      closed()
      connection.close()
    },
  }
}

function watchedStream<T extends ByteStream>(stream: T, closed: () => void): T {
  return new Proxy(stream, {
    get(target, name) {
      if (name === 'close') closed()
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

function watchedSockets(sockets: Sockets, opened: Opened): Sockets {
  const stream = <T extends ByteStream>(made: T, what: string): T => watchedStream(made, opened(what))
  return {
    ...sockets,
    async listenTcp(request) {
      const listener = await sockets.listenTcp(request)
      const closed = opened('listener')
      return {
        local: listener.local,
        accept: async (signal) => stream(await listener.accept(signal), 'client'),
        close() {
          closed()
          listener.close()
        },
      }
    },
    connectUdp: async (request) => stream(await sockets.connectUdp(request), 'UDP socket'),
    bindUdp: async (request) => stream(await sockets.bindUdp(request), 'UDP socket'),
    connectUnix: async (path) => stream(await sockets.connectUnix(path), 'UNIX socket'),
  }
}
