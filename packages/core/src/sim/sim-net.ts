import type { Attempt, Clock, ConnectAnswer, ConnectFact, Connection, ConnectRequest, Net } from '../io/io.ts'
import { localFault } from '../io/local-fault.ts'
import { LocalFault } from '../model/errors.ts'
import type { TlsFact } from '../model/observation.ts'
import { type Endpoint, formatEndpoint } from '../model/target.ts'
import type { Bind } from './sim-bind.ts'
import { isLoopback, localAddress } from './sim-names.ts'
import type { PeerScript } from './sim-peer.ts'
import type { PeerPlayer } from './sim-players.ts'
import type { Behaviour, PortBehaviours } from './sim-ports.ts'
import { type SimStream, streamPair } from './sim-stream.ts'

export interface SimNet extends Net {
  /** Every attempt, in order, with the time of its start. */
  readonly attempts: readonly { readonly request: ConnectRequest; readonly atNs: number }[]
  /** Attempts that were neither answered nor abandoned. */
  readonly open: () => number
}

/** What simulated connections need of their world. */
export interface NetWorld {
  readonly clock: Clock
  readonly clockName: 'kernel' | 'process'
  /** The machine's own addresses, for connections that ask for none. */
  readonly addresses: readonly string[]
  readonly bind: Bind
  readonly players: PeerPlayer
  readonly behaviourOf: PortBehaviours
}

export function simNet(world: NetWorld): SimNet {
  const { clock, clockName, behaviourOf } = world
  const attempts: { request: ConnectRequest; atNs: number }[] = []
  let open = 0
  const begin = (request: ConnectRequest): Attempt => {
    const behaviour = heard(request) ? behaviourOf(request) : DROP
    attempts.push({ request, atNs: clock.nowNs() })
    checkRequest(request, world.bind)
    if (behaviour.does === 'fault') throw faultOf(behaviour)
    const startNs = clock.nowNs()
    const cancel = new AbortController()
    open++
    const done = (): void => {
      if (cancel.signal.aborted) return
      cancel.abort('done')
      open--
    }
    const answer = answerTime(behaviour, clock, cancel.signal).then((): ConnectAnswer => {
      done()
      return answerTo(request, behaviour, clock.nowNs() - startNs, world)
    })
    answer.catch(() => {})
    return {
      answer,
      abandon() {
        done()
        return { syns: clockName === 'kernel' ? synsAfter((clock.nowNs() - startNs) / 1e6) : undefined }
      },
    }
  }
  return {
    clock: clockName,
    attempts,
    open: () => open,
    connect: begin,
    warmUp: async () => {},
    async tls(connection) {
      return (connection as unknown as { tls: TlsFact }).tls
    },
  }
}

const DROP: Behaviour = { does: 'drop' }

/** With this much every simulated answer begins its way (ip(7), IP_DEFAULT_TTL). */
const PEERS_TTL = 64

function heard({ minTtl = 0 }: ConnectRequest): boolean {
  return minTtl <= PEERS_TTL
}

/** What Linux refuses before it sends anything. @throws LocalFault */
function checkRequest(request: ConnectRequest, bind: Bind): void {
  const { address, family, sourceAddress, sourcePort, ttl } = request
  if (ttl === 0) throw localFault('EINVAL', 'TTL 0', 'ttl')
  if (sourceAddress === undefined && sourcePort === undefined) return
  const any = family === 6 ? '::' : '0.0.0.0'
  bind({ address: sourceAddress ?? any, port: sourcePort ?? 0 }, 'source')
  const outOfLoopback = sourceAddress !== undefined && isLoopback(sourceAddress) && !isLoopback(address)
  if (outOfLoopback) throw localFault('EINVAL', `connect from ${sourceAddress}`, 'connect')
}

function faultOf({ code, message, about }: Extract<Behaviour, { does: 'fault' }>): LocalFault {
  return new LocalFault(code, message, about)
}

/** Waits for the answer. Nothing sleeps for one that never comes, so that an idle world is seen to be idle. */
function answerTime(
  behaviour: Exclude<Behaviour, { does: 'fault' }>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  if (behaviour.does === 'drop') {
    if (behaviour.givesUpAfterMs !== undefined) return clock.sleep(behaviour.givesUpAfterMs, signal)
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  }
  const lost = behaviour.does === 'accept' ? (behaviour.lost ?? 0) : 0
  return clock.sleep(behaviour.afterMs + 1000 * (2 ** lost - 1), signal)
}

/** SYNs sent before this moment: Linux sends again after 1, 3, 7, … seconds (RFC 6298 section 2). */
function synsAfter(waitedMs: number): number {
  return Math.max(1, Math.ceil(Math.log2(waitedMs / 1000 + 1)))
}

const LOCAL_PORT = 40_000

function answerTo(
  request: ConnectRequest,
  behaviour: Exclude<Behaviour, { does: 'fault' }>,
  elapsedNs: number,
  world: NetWorld,
): ConnectAnswer {
  const local = {
    address: request.sourceAddress ?? localAddress(world.addresses, request.address),
    port: request.sourcePort ?? LOCAL_PORT,
  }
  if (behaviour.does === 'drop') return { fact: silence(elapsedNs, world.clockName) }
  const fact = factOf(behaviour, elapsedNs, world.clockName, local)
  if (fact.kind !== 'handshake' || behaviour.does !== 'accept') return { fact }
  if (request.keep === 'bytes' && fact.reset) return { fact }
  const stream = answeredStream(request, behaviour, local, world)
  if (request.keep === undefined) {
    stream?.close(request.close)
    return { fact }
  }
  return { fact, connection: connectionOf(request, behaviour, stream) }
}

/** A stream to the peer; none where nothing would come of it. */
function answeredStream(
  request: ConnectRequest,
  { peer, wire, reset }: Extract<Behaviour, { does: 'accept' }>,
  local: Endpoint,
  { clock, players }: NetWorld,
): SimStream | undefined {
  if (request.keep === 'stream' || reset === true) return undefined
  if (request.keep === undefined && peer === undefined) return undefined
  const [near, far] = streamPair(clock, local, { address: request.address, port: request.port }, wire)
  players.play(formatEndpoint(request), peer ?? SILENT, far)
  return near
}

const SILENT: PeerScript = { kind: 'greeting', text: '' }

/** Made up: the first number that a program's own sockets get. */
const DESCRIPTOR = 3

function connectionOf(
  request: ConnectRequest,
  { tls }: Extract<Behaviour, { does: 'accept' }>,
  stream: SimStream | undefined,
): Connection {
  const connection = {
    stream: () => {
      throw new Error('simulated connections carry no bytes for node:tls')
    },
    bytes: () => {
      if (stream === undefined) throw new Error("the request did not say keep: 'bytes'")
      return stream
    },
    descriptor: DESCRIPTOR,
    close: () => stream?.close(request.close),
    tls: tls ?? { kind: 'tls-failed', message: 'the simulated port speaks no TLS' },
  }
  return connection
}

/** The system has given up. */
function silence(elapsedNs: number, clock: 'kernel' | 'process'): ConnectFact {
  const syns = clock === 'kernel' ? synsAfter(elapsedNs / 1e6) : undefined
  return { kind: 'silence', waitedNs: elapsedNs, syns }
}

function factOf(
  behaviour: Exclude<Behaviour, { does: 'fault' | 'drop' }>,
  elapsedNs: number,
  clock: 'kernel' | 'process',
  local: Endpoint,
): ConnectFact {
  const syns = clock === 'kernel' ? 1 : undefined
  const timed = { rttNs: elapsedNs, clock: 'process', elapsedNs, syns } as const
  switch (behaviour.does) {
    case 'accept': {
      const lost = behaviour.lost ?? 0
      const times = {
        rttNs: lost > 0 ? undefined : elapsedNs,
        syns: clock === 'kernel' ? 1 + lost : undefined,
      }
      return { kind: 'handshake', ...timed, ...times, clock, reset: behaviour.reset ?? false, local }
    }
    case 'refuse':
      return { kind: 'refused', by: clock === 'kernel' ? 'rst' : 'unknown', ...timed }
    case 'icmp': {
      const { type, code, from } = behaviour
      return { kind: 'icmp-error', family: from.includes(':') ? 6 : 4, type, code, from, ...timed }
    }
    case 'unreachable':
      return { kind: 'unreachable', code: behaviour.code, ...timed, rttNs: undefined }
  }
}
