import { fstatSync, readSync, type Stats, writeSync } from 'node:fs'
import type { Socket, SocketConstructorOpts } from 'node:net'
import { builtin } from '../builtin.ts'
import type { StandardInput, StandardOutput } from '../io.ts'
import { StreamFault } from '../streams.ts'
import { Intake } from './intake.ts'
import { nodeClock } from './node-clock.ts'
import { type Send, sendToReader } from './pipe-output.ts'
import { readerGone } from './reader-gone.ts'

const CHUNK = 65_536
/** Files never make anybody wait: after so many chunks everything else has its turn. */
const CHUNKS_A_TURN = 16
const FULL_MS = 5

interface Input {
  read(most: number): Promise<Uint8Array | undefined>
  release(): void
}

/** Standard input. Where it is closed, or something that cannot be read, it ends at once. */
export function standardInput(fd = 0): StandardInput {
  let input: Input | undefined
  let released = false
  return {
    get isTty() {
      return statOf(fd)?.isCharacterDevice() === true && tty().isatty(fd)
    },
    read(most) {
      if (released) return Promise.resolve(undefined)
      input ??= open(fd)
      return input.read(most)
    },
    release() {
      released = true
      input?.release()
    },
  }
}

function open(fd: number): Input {
  const stat = statOf(fd)
  if (stat === undefined || stat.isDirectory()) return NONE
  if (stat.isFIFO() || stat.isSocket()) return waiting((options) => new (net().Socket)({ fd, ...options }))
  if (stat.isCharacterDevice() && tty().isatty(fd)) return waiting((options) => terminal(fd, options))
  return ready(fd)
}

const NONE: Input = { read: () => Promise.resolve(undefined), release: () => {} }

/** Files and devices that always have an answer. An error ends the input, as it does for nc. */
function ready(fd: number): Input {
  const buffer = new Uint8Array(CHUNK)
  let chunks = 0
  return {
    async read(most) {
      chunks += 1
      if (chunks % CHUNKS_A_TURN === 0) await new Promise(setImmediate)
      try {
        const octets = readSync(fd, buffer, 0, Math.min(CHUNK, Math.max(1, most)), null)
        return octets === 0 ? undefined : buffer.subarray(0, octets)
      } catch {
        return undefined
      }
    },
    release: () => {},
  }
}

type Reading = SocketConstructorOpts & Pick<Intake, 'onread'>

/**
 * Pipes, sockets and terminals by the event loop: a read on a thread would keep the process from ending. Node puts
 * their flags back at the end of the process and never closes descriptors 0 to 2.
 */
function waiting(make: (options: Reading) => Socket): Input {
  const intake = new Intake()
  try {
    const socket = make({ onread: intake.onread })
    intake.attach(socket)
    socket.on('end', () => intake.finish()).on('close', () => intake.finish())
    socket.on('error', () => intake.finish())
    return {
      read: (most) => intake.read(most),
      release() {
        intake.drop()
        socket.destroy()
      },
    }
  } catch {
    return NONE
  }
}

function terminal(fd: number, options: Reading): Socket {
  const stream = new (tty().ReadStream)(fd, options)
  // Terminals wait to be started.
  stream.resume()
  return stream
}

/** Standard output as octets. */
export function standardOutput(fd = 1) {
  let send: Send | undefined
  let gone: Promise<void> | undefined
  let written = 0
  return {
    async write(octets: Uint8Array): Promise<void> {
      send ??= mayFill(fd) ? sendToReader(fd) : (rest, from) => writeSync(fd, rest, from)
      for (let at = 0; at < octets.length; ) at += await sendSome(send, octets, at)
      written += 1
    },
    gone(): Promise<void> {
      gone ??= mayFill(fd) ? readerGone(fd, () => written) : new Promise(() => {})
      return gone
    },
  } satisfies StandardOutput
}

/** How many were sent; none when there was no room for a while. @throws StreamFault */
async function sendSome(send: Send, octets: Uint8Array, from: number): Promise<number> {
  try {
    return await send(octets, from)
  } catch (error) {
    const { code = 'EIO' } = error as NodeJS.ErrnoException
    if (code !== 'EAGAIN') throw new StreamFault(code)
    await nodeClock.sleep(FULL_MS)
    return 0
  }
}

/** Whether there is a reader at the other end, who may be slow, or leave. */
function mayFill(fd: number): boolean {
  const stat = statOf(fd)
  return stat === undefined || stat.isFIFO() || stat.isSocket()
}

function statOf(fd: number): Stats | undefined {
  try {
    return fstatSync(fd)
  } catch {
    return undefined
  }
}

const net = () => builtin<typeof import('node:net')>('node:net')
const tty = () => builtin<typeof import('node:tty')>('node:tty')
