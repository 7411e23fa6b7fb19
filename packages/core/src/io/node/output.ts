import { fstatSync, writeSync } from 'node:fs'
import { nodeClock } from './node-clock.ts'

/** The writing half of a standard stream, as `main` wants it. */
interface StandardOutput {
  write(text: string, done: (error?: Error | null) => void): boolean
  on(event: 'error', listener: (error: Error) => void): unknown
}

const FULL_MS = 5

/**
 * A standard stream by write(2). Node writes to files, terminals and pipes just so, but opens them with its stream
 * and socket modules, which cost the start some milliseconds.
 */
function standardOutput(fd: 1 | 2): StandardOutput {
  return {
    write(text, done) {
      writeAll(fd, Buffer.from(text)).then(() => done(), done)
      return true
    },
    // Every write tells of its own error.
    on: () => undefined,
  }
}

/** Whoever shares the pipe with us may have made it non-blocking: then a full pipe is waited for. */
async function writeAll(fd: number, octets: Uint8Array): Promise<void> {
  for (let at = 0; at < octets.length; ) {
    try {
      at += writeSync(fd, octets, at)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      await nodeClock.sleep(FULL_MS)
    }
  }
}

/** Whether the stream may be a terminal at all: files, pipes and sockets need no further question. */
export function mayBeTerminal(fd: 0 | 1 | 2): boolean {
  try {
    return fstatSync(fd).isCharacterDevice()
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
