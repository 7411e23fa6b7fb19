import { formatEndpoint } from '../../model/target.ts'
import type { Attempt, Clock, ConnectAnswer, ConnectFact, ConnectRequest, Net } from '../io.ts'
import { localFault } from '../local-fault.ts'
import { createPools } from './connect-pool.ts'
import { createErrorQueue } from './error-queue.ts'
import { answerOf } from './hand-over.ts'
import { ERRNO, gather, judge } from './judge.ts'
import { knock } from './knock.ts'
import { TCP_STATE } from './layout.ts'
import { errnoName, type Libc } from './libc.ts'
import { createPendingSlot } from './pending.ts'
import { createPrimer } from './primer.ts'
import { createReactor } from './reactor.ts'
import { createTcpSockets } from './socket.ts'
import { createSpinPolicy } from './spin.ts'
import { KernelSweep } from './sweep.ts'

const WARM_UPS = 3

type Parts = ReturnType<typeof createParts>

function createParts(libc: Libc, clock: Clock) {
  const sockets = createTcpSockets(libc)
  return {
    libc,
    clock,
    pending: createPendingSlot(libc),
    sockets,
    prime: createPrimer(sockets, clock),
    takeIcmp: createErrorQueue(libc),
    reactor: createReactor(libc),
    spin: createSpinPolicy(clock.nowNs()),
  }
}

/**
 * Connects by system calls of its own: TCP_INFO times the handshake, the error queue tells ICMP errors from a RST,
 * and a refusal is timed around connect() without the event loop in between. @throws LocalFault
 */
export function createKernelNet(libc: Libc, clock: Clock): Net {
  const parts = createParts(libc, clock)
  let pools: ReturnType<typeof createPools> | undefined
  return {
    clock: 'kernel',
    connect: (request) => start(parts, request),
    pool(request) {
      pools ??= createPools(parts)
      return pools(request)
    },
    sweep: (request) => new KernelSweep(parts, request),
    tls: async (connection, options, signal) =>
      (await import('../tls.ts')).tlsHandshake(connection, options, clock, signal),
    // The first call of a foreign function costs a third of a millisecond.
    warmUp: async () => {
      for (let i = 0; i < WARM_UPS; i++) parts.prime(4)
      parts.sockets.info(-1)
    },
  }
}

function start(parts: Parts, request: ConnectRequest): Attempt {
  const { clock, sockets, spin } = parts
  const what = `connect to ${formatEndpoint(request)}`
  const key = `${request.address} ${request.port}`
  const pending = parts.pending.take(request)
  const watch = pending === undefined ? spin.watch(key, clock.nowNs()) : undefined
  if (watch !== undefined) parts.prime(request.family)
  const fd = pending?.fd ?? sockets.open(request)
  const { startNs, errno, seenNs } = pending ?? knock(sockets, clock, fd)
  const refused = errno === ERRNO.ECONNREFUSED
  if (errno !== 0 && errno !== ERRNO.EINPROGRESS && !refused) {
    sockets.close(fd, 'rst')
    throw localFault(errnoName(errno), what)
  }
  const look = (atNs: number): ConnectFact | undefined => {
    const evidence = gather(sockets, parts.takeIcmp, fd, atNs - startNs)
    return judge(refused ? { ...evidence, error: errno } : evidence, what)
  }
  const lookOut = (untilNs: number): number | undefined => {
    const fromNs = clock.nowNs()
    let nowNs = fromNs
    let seen = sockets.ready(fd)
    while (!seen && nowNs < startNs + untilNs) {
      seen = sockets.ready(fd)
      nowNs = clock.nowNs()
    }
    spin.spent(nowNs - fromNs)
    return seen ? nowNs : undefined
  }
  const finish = (fact: ConnectFact): ConnectAnswer => {
    spin.learn(key, fact.kind !== 'silence' && fact.clock === 'process' ? fact.elapsedNs : undefined)
    return answerOf(sockets, fd, request, fact)
  }
  const atNs = seenNs ?? (watch?.fromNs === 0 ? lookOut(watch.untilNs) : undefined)
  const fact =
    atNs === undefined
      ? undefined
      : orElse(
          () => look(atNs),
          () => sockets.close(fd, 'rst'),
        )
  if (fact !== undefined) return { answer: finish(fact), abandon: () => ({ syns: fact.syns }) }
  return wait(parts, fd, { look, finish, lookOut, watch: watch?.fromNs ? watch : undefined })
}

interface Waiting {
  /** The fact on the socket, seen at that time. */
  readonly look: (atNs: number) => ConnectFact | undefined
  readonly finish: (fact: ConnectFact) => ConnectAnswer
  /** Looks for the answer, awake, until so many nanoseconds after the start; says when it was seen. */
  readonly lookOut: (untilNs: number) => number | undefined
  readonly watch: { readonly fromNs: number; readonly untilNs: number } | undefined
}

/** Waits in the reactor, and awake around the moment when the answer is expected. */
function wait(
  { reactor, sockets, clock }: Parts,
  fd: number,
  { look, finish, lookOut, watch }: Waiting,
): Attempt {
  const { promise, resolve, reject } = withResolvers<ConnectAnswer>()
  let open = true
  let alarm: NodeJS.Timeout | undefined
  const leave = (): void => {
    open = false
    clearTimeout(alarm)
    reactor.remove(fd)
  }
  const conclude = (atNs: number): ConnectAnswer | undefined => {
    const fact = orElse(
      () => look(atNs),
      () => {
        leave()
        sockets.close(fd, 'rst')
      },
    )
    if (fact === undefined) return undefined
    leave()
    return finish(fact)
  }
  const settle = (atNs = clock.nowNs()): void => {
    if (!open) return
    try {
      const answer = conclude(atNs)
      if (answer !== undefined) resolve(answer)
      // A socket on which the kernel gave up stays ready for ever: its probe's own time-out ends it.
      else if (sockets.info(fd)?.state === TCP_STATE.close) reactor.remove(fd)
    } catch (error) {
      reject(error)
    }
  }
  reactor.add(fd, () => settle())
  if (watch !== undefined) {
    alarm = setTimeout(
      () => {
        const seenNs = lookOut(watch.untilNs)
        if (seenNs !== undefined) settle(seenNs)
      },
      Math.floor(watch.fromNs / 1e6),
    )
  }
  return {
    answer: promise,
    abandon() {
      if (!open) return { syns: undefined }
      const syns = sockets.info(fd)?.syns
      const answer = conclude(clock.nowNs())
      if (answer !== undefined) return { syns, answer }
      leave()
      sockets.close(fd, 'rst')
      return { syns }
    },
  }
}

/** The value, or the error again after `cleanUp`. */
function orElse<T>(value: () => T, cleanUp: () => void): T {
  try {
    return value()
  } catch (error) {
    cleanUp()
    throw error
  }
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => {}
  let reject: (reason: unknown) => void = () => {}
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
