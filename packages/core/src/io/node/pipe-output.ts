import { constants, fstatSync, openSync, write, writeSync } from 'node:fs'

/** Sends some octets, as many as there is room for. Rejects or throws with the system's error. */
export type Send = (octets: Uint8Array, from: number) => number | Promise<number>

/** Sends to a pipe or socket, where a slow reader can make a write wait: that must not stop the event loop. */
export function sendToReader(fd: number): Send {
  const onThread = writeOnThread(fd)
  const own = ownDescription(fd)
  if (own === undefined) return onThread
  let full = false
  return (octets, from) => {
    if (full) {
      full = false
      return onThread(octets, from)
    }
    try {
      const sent = writeSync(own, octets, from)
      full = sent < octets.length - from
      return sent
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      return onThread(octets, from)
    }
  }
}

/**
 * The same pipe opened once more, so that it can be non-blocking for us alone: whoever shares descriptor 1 notices
 * nothing. A write that need not wait then needs no thread, which doubles the speed. undefined for a socket, for a pipe
 * of another user, and where there is no /proc.
 */
function ownDescription(fd: number): number | undefined {
  try {
    if (!fstatSync(fd).isFIFO()) return undefined
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK)
  } catch {
    return undefined
  }
}

function writeOnThread(fd: number): Send {
  return (octets, from) =>
    new Promise((resolve, reject) => {
      write(fd, octets, from, octets.length - from, null, (error, written) =>
        error === null ? resolve(written) : reject(error),
      )
    })
}
