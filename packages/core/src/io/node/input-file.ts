import { close, closeSync, constants, fstatSync, open, openSync, read, statSync } from 'node:fs'
import { builtin } from '../builtin.ts'
import { errnoOf, fileFault } from '../file-fault.ts'

const CHUNK = 65_536

/**
 * The octets of a file, each piece in memory of its own; read as they are asked for. Ends early once the signal is
 * aborted, also while a pipe keeps us waiting. Rejects with LocalFault.
 */
export async function* inputFile(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const isGivenUp = (): boolean => signal?.aborted === true
  if (isGivenUp()) return
  try {
    const fd = await opened(path, signal)
    const stat = fstatSync(fd)
    yield* stat.isFIFO() ? pipe(fd, signal) : plain(fd, signal)
  } catch (error) {
    if (!isGivenUp()) throw fileFault(errnoOf(error), 'read', path)
  }
}

/**
 * A named pipe that nobody writes to keeps open(2) waiting on a thread, and the process from ending (fifo(7)): then we
 * are the writer ourselves.
 */
async function opened(path: string, signal: AbortSignal | undefined): Promise<number> {
  let own: number | undefined
  const giveUp = (): void => {
    own = ownEnd(path)
  }
  signal?.addEventListener('abort', giveUp, { once: true })
  try {
    return await new Promise((resolve, reject) =>
      open(path, 'r', (error, fd) => (error === null ? resolve(fd) : reject(error))),
    )
  } finally {
    signal?.removeEventListener('abort', giveUp)
    if (own !== undefined) closeSync(own)
  }
}

/** Both ends of a named pipe at once are never waited for. */
function ownEnd(path: string): number | undefined {
  try {
    if (!statSync(path).isFIFO()) return undefined
    return openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
  } catch {
    return undefined
  }
}

async function* plain(fd: number, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  try {
    while (signal?.aborted !== true) {
      const piece = new Uint8Array(CHUNK)
      const length = await new Promise<number>((resolve, reject) =>
        read(fd, piece, 0, CHUNK, null, (error, octets) =>
          error === null ? resolve(octets) : reject(error),
        ),
      )
      if (length === 0) return
      yield piece.subarray(0, length)
    }
  } finally {
    await new Promise((resolve) => close(fd, resolve))
  }
}

/** By the event loop: unlike a read on a thread it can be given up. */
async function* pipe(fd: number, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  const { Socket } = builtin<typeof import('node:net')>('node:net')
  const socket = new Socket({ fd, readable: true, writable: false })
  const giveUp = (): void => {
    socket.destroy()
  }
  signal?.addEventListener('abort', giveUp, { once: true })
  if (signal?.aborted === true) giveUp()
  try {
    yield* socket
  } finally {
    signal?.removeEventListener('abort', giveUp)
    socket.destroy()
  }
}
