import type { Settings } from '../settings.ts'
import { USUAL } from './usual.ts'

/** Where the next packet goes: ports and times to live rise with packets, answers and Ctrl-Z. */
export interface Course {
  /** Of the next packet, which is counted as sent. */
  next(): { readonly port: number; readonly ttl: number }
  /** A packet was answered for the first time. `ttl`: of a traceroute; `isPassing`: by a router on the way. */
  answered(ttl: number | undefined, isPassing: boolean): void
  /** Ctrl-Z at this time of the clock; gives what was raised to which value. */
  raise(nowNs: number): number
}

/** Two strokes of Ctrl-Z within that time lower what one raises. */
const TWICE_NS = 200e6
const PORTS = 0x1_0000
/** A hop that leaves so many packets unanswered is passed over. */
const MOST_SILENT = 3

export function createCourse(settings: Settings): Course {
  const { destination, traceroute, trKeepTtl, suspendRaises, ip } = settings
  let port = destination.first
  let ttl = ip.ttl ?? (traceroute ? USUAL.firstTtl : USUAL.ttl)
  let sent = 0
  let asked = 0
  let isThere = false
  let strokeNs = Number.NEGATIVE_INFINITY
  const isClimbing = (): boolean => traceroute && !trKeepTtl && !isThere
  const climb = (): void => {
    ttl = Math.min(ttl + 1, USUAL.mostTtl)
    asked = 0
  }
  const turnPort = (by: number): void => {
    port = Math.max(port + by, 0) % PORTS
  }
  return {
    next() {
      if (destination.rises === 'packets' && sent > 0) turnPort(1)
      if (isClimbing() && asked === MOST_SILENT) climb()
      sent += 1
      asked += 1
      return { port, ttl }
    },
    answered(of, isPassing) {
      if (destination.rises === 'answers') turnPort(1)
      // The answers of earlier hops may come late.
      if (of !== ttl) return
      if (!isPassing) isThere = true
      else if (isClimbing()) climb()
    },
    raise(nowNs) {
      // What the first of two strokes raised is taken back, too; as hping3 does, below port 0 there is nothing.
      const by = nowNs - strokeNs < TWICE_NS ? -2 : 1
      strokeNs = nowNs
      if (suspendRaises === 'ttl') {
        ttl = Math.min(Math.max(ttl + by, 1), USUAL.mostTtl)
        asked = 0
        return ttl
      }
      turnPort(by)
      return port
    },
  }
}
