import type { Handshake, UnreachableCode } from '../../model/observation.ts'
import type { Endpoint } from '../../model/target.ts'
import type { ConnectFact } from '../io.ts'
import { localFault } from '../local-fault.ts'
import type { QueuedError } from './error-queue.ts'
import { TCP_STATE } from './layout.ts'
import type { TcpInfo, TcpSockets } from './socket.ts'

/** Linux errno numbers (asm-generic/errno.h) of connections. */
export const ERRNO = {
  EPIPE: 32,
  ECONNRESET: 104,
  ETIMEDOUT: 110,
  ECONNREFUSED: 111,
  EALREADY: 114,
  EINPROGRESS: 115,
} as const

/** Those that say that something on the way refused to carry the SYN. */
const UNREACHABLE: Readonly<Record<number, UnreachableCode>> = {
  92: 'ENOPROTOOPT',
  100: 'ENETDOWN',
  101: 'ENETUNREACH',
  112: 'EHOSTDOWN',
  113: 'EHOSTUNREACH',
}

type Times = Pick<Handshake, 'rttNs' | 'clock' | 'elapsedNs' | 'syns'>

/** What can be read off a socket, all of it plain values except the queue, which is asked only when it matters. */
export interface Evidence {
  readonly error: number
  readonly info: TcpInfo | undefined
  readonly local: Endpoint
  readonly elapsedNs: number
  takeIcmp(): QueuedError | undefined
}

export function gather(
  sockets: TcpSockets,
  takeIcmp: (fd: number) => QueuedError | undefined,
  fd: number,
  elapsedNs: number,
): Evidence {
  return {
    error: sockets.takeError(fd),
    info: sockets.info(fd),
    local: sockets.local(fd) ?? { address: '', port: 0 },
    elapsedNs,
    takeIcmp: () => takeIcmp(fd),
  }
}

/** The fact in the evidence; undefined when there is none yet. @throws LocalFault, naming `what` was tried */
export function judge(evidence: Evidence, what: string): ConnectFact | undefined {
  const { error, info, local, elapsedNs } = evidence
  const syns = info?.syns
  const times: Times = { rttNs: syns === 1 ? elapsedNs : undefined, clock: 'process', elapsedNs, syns }
  if (error === ERRNO.ECONNRESET || error === ERRNO.EPIPE) return handshake(times, info, true, local)
  if (error === 0 && isConnected(info)) return handshake(times, info, false, local)
  const icmp = evidence.takeIcmp()
  // An error from ourselves is the kernel's own: nobody answered ARP or neighbour discovery.
  if (icmp !== undefined && icmp.from !== local.address) return { kind: 'icmp-error', ...times, ...icmp }
  if (error === 0) return undefined
  if (error === ERRNO.ETIMEDOUT) return { kind: 'silence', waitedNs: elapsedNs, syns }
  if (error === ERRNO.ECONNREFUSED) return { kind: 'refused', by: 'rst', ...times }
  const code = UNREACHABLE[error]
  if (code === undefined) throw localFault(`errno ${error}`, what)
  return { kind: 'unreachable', code, ...times, rttNs: undefined }
}

function isConnected(info: TcpInfo | undefined): boolean {
  return info !== undefined && info.state !== TCP_STATE.synSent && info.state !== TCP_STATE.close
}

function handshake(times: Times, info: TcpInfo | undefined, reset: boolean, local: Endpoint): Handshake {
  const byKernel = info !== undefined && info.syns === 1 && info.rttNs > 0
  const best: Times = byKernel ? { ...times, rttNs: info.rttNs, clock: 'kernel' } : times
  return { kind: 'handshake', ...best, reset, local }
}
