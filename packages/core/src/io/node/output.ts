import { constants, fstatSync, openSync, writeSync } from 'node:fs'
import { nodeClock } from './node-clock.ts'

/** The writing half of a standard stream, as `main` wants it. */
interface StandardOutput {
  write(text: string, done: (error?: Error | null) => void): boolean
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** From one try to the next while a pipe is full: at first, and at most. */
const FULL_MS = { first: 1, most: 16 } as const

/**
 * A standard stream by write(2). Node writes to files, terminals and pipes just so, but opens them with its stream
 * and socket modules, which cost the start some milliseconds.
 */
function standardOutput(fd: 1 | 2): StandardOutput {
  let unblocked: number | undefined
  return {
    write(text, done) {
      unblocked ??= withoutWaiting(fd)
      writeAll(unblocked, Buffer.from(text)).then(() => done(), done)
      return true
    },
    // Every write tells of its own error.
    on: () => undefined,
  }
}

/**
 * A pipe, named or not, opened once more for ourselves, so that write(2) never waits in it: no signal would be heard meanwhile. Those who
 * share the pipe with us notice nothing (pipe(7), proc(5)). Every other stream, and a pipe that may not be opened, as it is.
 */
function withoutWaiting(fd: 1 | 2): number {
  const path = `/proc/self/fd/${fd}`
  try {
    if (!fstatSync(fd).isFIFO()) return fd
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  } catch {
    return fd
  }
}

/** A full pipe is waited for. */
async function writeAll(fd: number, octets: Uint8Array): Promise<void> {
  let pauseMs: number = FULL_MS.first
  for (let at = 0; at < octets.length; ) {
    try {
      at += writeSync(fd, octets, at)
      pauseMs = FULL_MS.first
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      await nodeClock.sleep(pauseMs)
      pauseMs = Math.min(2 * pauseMs, FULL_MS.most)
    }
  }
}

/** Linux: the major number of /dev/null and its like (null(4)). */
const MEMORY_DEVICES = 1

/**
 * Whether the stream may be a terminal at all: files, pipes, sockets and /dev/null need no further question, which would
 * cost milliseconds.
 */
export function mayBeTerminal(fd: 0 | 1 | 2): boolean {
  try {
    const stat = fstatSync(fd)
    return stat.isCharacterDevice() && !(process.platform === 'linux' && stat.rdev >> 8 === MEMORY_DEVICES)
  } catch {
    return false
  }
}

/** This process, as `main` wants it. */
export const nodeHost = {
  argv: process.argv,
  stdout: standardOutput(1),
  stderr: standardOutput(2),
  set exitCode(status: number | string | null | undefined) {
    process.exitCode = status ?? undefined
  },
}
