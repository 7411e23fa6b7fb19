import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'

/** More than this on one output is not kept: octets. */
const MOST_OUTPUT = 8 * 1024 * 1024

/** Both ends of a pipe, as descriptors. */
export interface Pipe {
  readonly read: number
  readonly write: number
}

let made = 0

/**
 * Real pipes: what Node calls a pipe to a child is a UNIX socket, and nc can tell the difference (`-F`).
 * @param folder for the names, which are gone when this returns
 */
export function pipes(folder: string, count: number, readWithoutWaiting: boolean): readonly Pipe[] {
  const names = Array.from({ length: count }, () => join(folder, `pipe-${process.pid}-${made++}`))
  execFileSync('mkfifo', names)
  return names.map((name) => {
    // With both ends in one hand, opening either of them waits for nobody.
    const both = openSync(name, constants.O_RDWR)
    const read = openSync(name, constants.O_RDONLY | (readWithoutWaiting ? constants.O_NONBLOCK : 0))
    const write = openSync(name, constants.O_WRONLY)
    closeSync(both)
    rmSync(name)
    return { read, write }
  })
}

/** Collects what comes out of a pipe. `over` comes when nobody holds its other end any more. */
export function collected(read: number): {
  readonly octets: () => Buffer
  readonly over: Promise<void>
  readonly leave: () => void
} {
  const chunks: Buffer[] = []
  let length = 0
  const socket = new Socket({ fd: read, readable: true, writable: false })
  socket.on('data', (chunk) => {
    length += chunk.length
    if (length <= MOST_OUTPUT) chunks.push(chunk)
  })
  socket.on('error', () => {})
  const over = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  return { octets: () => Buffer.concat(chunks), over, leave: () => socket.destroy() }
}
