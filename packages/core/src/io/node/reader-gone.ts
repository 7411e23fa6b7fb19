import { loadLibc } from '../kernel/libc.ts'

/** So seldom that a session which idles costs next to nothing. */
const LOOK_MS = 150

/** struct pollfd, poll(2). */
const POLLFD = { fd: 0, events: 4, revents: 6, length: 8 } as const
/** POLLERR, POLLHUP and POLLNVAL, of which the system tells unasked. */
const GONE = 8 | 16 | 32

/**
 * Resolves once nobody can read from this pipe or socket any more. Without koffi it never does: then only the next
 * write finds out. `written` counts the writes so far: while they go on they would notice first, so that a short run
 * never loads koffi for this.
 */
export function readerGone(fd: number, written: () => number): Promise<void> {
  return new Promise((resolve) => {
    let isGone: (() => boolean) | undefined
    let before = written()
    const look = (): void => {
      const now = written()
      if (now !== before) {
        before = now
        return
      }
      isGone ??= lookAt(fd)
      if (isGone !== undefined && !isGone()) return
      clearInterval(timer)
      if (isGone !== undefined) resolve()
    }
    const timer = setInterval(look, LOOK_MS)
    timer.unref()
  })
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
