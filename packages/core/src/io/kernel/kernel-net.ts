import type { Socket } from 'node:net'
import { formatEndpoint } from '../../model/target.ts'
import { builtin } from '../builtin.ts'
import type { Attempt, Clock, ConnectAnswer, ConnectFact, Connection, ConnectRequest, Net } from '../io.ts'
import { localFault } from '../local-fault.ts'
import { tlsHandshake } from '../tls.ts'
import { createErrorQueue } from './error-queue.ts'
import { ERRNO, gather, judge } from './judge.ts'
import { TCP_STATE } from './layout.ts'
import type { Libc } from './libc.ts'
import { createPrimer } from './primer.ts'
import { createReactor } from './reactor.ts'
import { createTcpSockets } from './socket.ts'
import { createSpinPolicy } from './spin.ts'

const WARM_UPS = 3

type Parts = ReturnType<typeof createParts>

function createParts(libc: Libc, clock: Clock) {
  const sockets = createTcpSockets(libc)
  return {
    clock,
    sockets,
    prime: createPrimer(sockets),
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
  return {
    clock: 'kernel',
    connect: (request) => start(parts, request),
    tls: (connection, options, signal) => tlsHandshake(connection, options, clock, signal),
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
  const watch = spin.watch(key, clock.nowNs())
  if (watch !== undefined) parts.prime(request.family)
  const fd = sockets.open(request)
  const startNs = clock.nowNs()
  const errno = sockets.connect(fd)
  if (errno !== '' && errno !== 'EINPROGRESS' && errno !== 'ECONNREFUSED') {
    sockets.close(fd, 'rst')
    throw localFault(errno, what)
  }
  const look = (): ConnectFact | undefined => {
    const evidence = gather(sockets, parts.takeIcmp, fd, clock.nowNs() - startNs)
    return judge(errno === 'ECONNREFUSED' ? { ...evidence, error: ERRNO.ECONNREFUSED } : evidence, what)
  }
  const lookOut = (untilNs: number): boolean => {
    const fromNs = clock.nowNs()
    let seen = sockets.ready(fd)
    while (!seen && clock.nowNs() < startNs + untilNs) seen = sockets.ready(fd)
    spin.spent(clock.nowNs() - fromNs)
    return seen
  }
  const finish = (fact: ConnectFact): ConnectAnswer => {
    spin.learn(key, fact.clock === 'process' ? fact.elapsedNs : undefined)
    return answerOf(parts, fd, request, fact)
  }
  const seen = lookOut(watch?.fromNs === 0 ? watch.untilNs : 0)
  const fact = seen || errno === 'ECONNREFUSED' ? orElse(look, () => sockets.close(fd, 'rst')) : undefined
  if (fact !== undefined) return { answer: finish(fact), abandon: () => ({ syns: fact.syns }) }
  return wait(parts, fd, { look, finish, lookOut, watch: watch?.fromNs ? watch : undefined })
}

interface Waiting {
  readonly look: () => ConnectFact | undefined
  readonly finish: (fact: ConnectFact) => ConnectAnswer
  /** Looks for the answer, awake, until so many nanoseconds after the start. */
  readonly lookOut: (untilNs: number) => boolean
  readonly watch: { readonly fromNs: number; readonly untilNs: number } | undefined
}

/** Waits in the reactor, and awake around the moment when the answer is expected. */
function wait({ reactor, sockets }: Parts, fd: number, { look, finish, lookOut, watch }: Waiting): Attempt {
  const { promise, resolve, reject } = withResolvers<ConnectAnswer>()
  let open = true
  let alarm: NodeJS.Timeout | undefined
  const leave = (): void => {
    open = false
    clearTimeout(alarm)
    reactor.remove(fd)
  }
  const conclude = (): ConnectAnswer | undefined => {
    const fact = orElse(look, () => {
      leave()
      sockets.close(fd, 'rst')
    })
    if (fact === undefined) return undefined
    leave()
    return finish(fact)
  }
  const settle = (): void => {
    if (!open) return
    try {
      const answer = conclude()
      if (answer !== undefined) resolve(answer)
      // A socket on which the kernel gave up stays ready for ever: its probe's own time-out ends it.
      else if (sockets.info(fd)?.state === TCP_STATE.close) reactor.remove(fd)
    } catch (error) {
      reject(error)
    }
  }
  reactor.add(fd, settle)
  if (watch !== undefined) {
    alarm = setTimeout(() => lookOut(watch.untilNs) && settle(), Math.floor(watch.fromNs / 1e6))
  }
  return {
    answer: promise,
    abandon() {
      if (!open) return { syns: undefined }
      const syns = sockets.info(fd)?.syns
      const answer = conclude()
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

/** Closes the socket, or hands it over when the request said so. */
function answerOf({ sockets }: Parts, fd: number, request: ConnectRequest, fact: ConnectFact): ConnectAnswer {
  if (request.keep !== true || fact.kind !== 'handshake' || fact.reset) {
    sockets.close(fd, request.close)
    return { fact }
  }
  let stream: Socket | undefined
  const connection: Connection = {
    stream() {
      const net = builtin<typeof import('node:net')>('node:net')
      stream ??= new net.Socket({ fd, readable: true, writable: true, allowHalfOpen: true })
      return stream
    },
    close() {
      if (stream === undefined) sockets.close(fd, request.close)
      else if (request.close === 'rst') stream.resetAndDestroy()
      else stream.destroy()
      connection.close = () => {}
    },
  }
  return { fact, connection }
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
