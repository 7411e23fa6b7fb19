import { LocalFault } from '../../model/errors.ts'
import { type Endpoint, formatEndpoint } from '../../model/target.ts'
import type { ConnectFact } from '../io.ts'
import { localFault } from '../local-fault.ts'
import { unlessSelfConnected } from '../self-connected.ts'
import type { PoolSockets } from './connect-pool-sockets.ts'
import type { PoolTable } from './connect-pool-table.ts'
import type { QueuedError } from './error-queue.ts'
import { ERRNO, type Evidence, gather, judge } from './judge.ts'
import { TCP_STATE } from './layout.ts'
import { errnoName } from './libc.ts'
import type { TcpSockets } from './socket.ts'

/** Facts from the sockets of a pool; they do not change these. Times in nanoseconds. */
export interface PoolJudge {
  /** Of what connect() itself said. @throws LocalFault */
  atOnce(slot: number, errno: number, elapsedNs: number): ConnectFact
  /** Of what a further connect() said (`PoolSockets.outcome`); undefined when nothing is known yet. @throws LocalFault */
  later(slot: number, errno: number, elapsedNs: number, syns: number | undefined): ConnectFact | undefined
  /** Of an ICMP error that nobody had looked at; undefined for one that only this machine sent to itself. */
  byError(slot: number, icmp: QueuedError, elapsedNs: number): ConnectFact | undefined
}

interface PoolJudgeParts {
  readonly tcp: TcpSockets
  readonly takeIcmp: (fd: number) => QueuedError | undefined
  readonly table: PoolTable
  readonly sockets: PoolSockets
}

/** undefined where the errno is a fault of this machine. */
function factOr(find: () => ConnectFact | undefined): ConnectFact | undefined {
  try {
    return find()
  } catch (error) {
    if (error instanceof LocalFault) return undefined
    throw error
  }
}

export function createPoolJudge({ tcp, takeIcmp, table, sockets }: PoolJudgeParts): PoolJudge {
  const fdOf = (slot: number): number => table.fd[slot] ?? -1
  const endpoint = (slot: number): Endpoint => ({
    address: table.place[slot]?.address.address ?? '',
    port: table.port[slot] ?? 0,
  })
  const what = (slot: number): string => `connect to ${formatEndpoint(endpoint(slot))}`
  /** Of a socket that has forgotten its connection. */
  const afterwards = (
    slot: number,
    error: number,
    elapsedNs: number,
    syns: number | undefined,
    icmp: QueuedError | undefined,
  ): Evidence => {
    const place = table.place[slot]
    const address = icmp === undefined || place === undefined ? '' : sockets.localAddress(place)
    const info = syns === undefined ? undefined : { state: TCP_STATE.close, rttNs: 0, syns }
    return { error, info, local: { address, port: 0 }, elapsedNs, takeIcmp: () => icmp }
  }
  const evidenceOf = (slot: number, errno: number, elapsedNs: number, syns: number | undefined): Evidence => {
    const fd = fdOf(slot)
    if (errno === 0) return gather(tcp, () => undefined, fd, elapsedNs)
    if (errno === ERRNO.EALREADY) return { ...gather(tcp, takeIcmp, fd, elapsedNs), error: 0 }
    return afterwards(slot, errno, elapsedNs, syns, takeIcmp(fd))
  }
  return {
    atOnce(slot, error, elapsedNs) {
      const evidence = gather(tcp, () => undefined, fdOf(slot), elapsedNs)
      const fact = factOr(() => judge({ ...evidence, error }, what(slot)))
      if (fact === undefined) throw localFault(errnoName(error), what(slot))
      return unlessSelfConnected(fact, endpoint(slot), 'rst')
    },
    later(slot, errno, elapsedNs, syns) {
      const fact = judge(evidenceOf(slot, errno, elapsedNs, syns), what(slot))
      return fact && unlessSelfConnected(fact, endpoint(slot), 'rst')
    },
    byError: (slot, icmp, elapsedNs) => judge(afterwards(slot, 0, elapsedNs, undefined, icmp), what(slot)),
  }
}
