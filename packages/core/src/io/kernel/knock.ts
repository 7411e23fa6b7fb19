import type { Clock } from '../io.ts'
import type { TcpSockets } from './socket.ts'

/** What the moments around connect() showed. */
export interface Knock {
  readonly startNs: number
  /** 0 when the call completed, EINPROGRESS as a rule. */
  readonly errno: number
  /** When the answer was there, if it was there at once; undefined otherwise. */
  readonly seenNs: number | undefined
}

/** Sends the SYN and looks for the answer, with nothing in between that could be measured along. */
export function knock(sockets: TcpSockets, clock: Clock, fd: number): Knock {
  const startNs = clock.nowNs()
  const errno = sockets.connect(fd)
  const ready = sockets.ready(fd)
  const nowNs = clock.nowNs()
  return { startNs, errno, seenNs: ready ? nowNs : undefined }
}
