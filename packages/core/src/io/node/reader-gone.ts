import { loadLibc } from '../kernel/libc.ts'

/** The longer nothing happens, the more seldom: a session which idles costs next to nothing. */
const LOOK_MS = { first: 100, most: 300, growth: 1.2 } as const

/** struct pollfd, poll(2). */
const POLLFD = { fd: 0, events: 4, revents: 6, length: 8 } as const
/** POLLERR, POLLHUP and POLLNVAL, of which the system tells unasked. */
const GONE = 8 | 16 | 32

/**
 * Resolves once nobody can read from this pipe or socket any more. Without koffi it never does: then only the next
 * write finds out. `written` counts the writes so far: while they go on they would notice first, so that a short run
 * never loads koffi for this.
 */
export async function readerGone(fd: number, written: () => number): Promise<void> {
  let isGone: (() => boolean) | undefined
  let before = written()
  for (let waitMs: number = LOOK_MS.first; ; waitMs = Math.min(waitMs * LOOK_MS.growth, LOOK_MS.most)) {
    await pause(waitMs)
    if (written() !== before) {
      before = written()
      waitMs = LOOK_MS.first
      continue
    }
    isGone ??= lookAt(fd)
    if (isGone === undefined) return new Promise(() => {})
    if (isGone()) return
  }
}

/** Keeps no process alive. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref())
}

/** Asks the system without waiting; undefined where that needs koffi, which is missing. */
function lookAt(fd: number): (() => boolean) | undefined {
  const libc = loadLibc()
  if (libc === undefined) return undefined
  const { at, view } = libc.allocate(POLLFD.length)
  view.setInt32(POLLFD.fd, fd, true)
  view.setInt16(POLLFD.events, 0, true)
  return () => libc.poll(at, 1, 0) > 0 && (view.getInt16(POLLFD.revents, true) & GONE) !== 0
}
