import type { Clock } from '../io/io.ts'
import { localFault } from '../io/local-fault.ts'
import type { Endpoint } from '../model/target.ts'
import { answerTo, octetsOf, type Question } from './sim-answers.ts'
import { SimDatagramSocket } from './sim-datagram.ts'
import { portUnreachable } from './sim-icmp.ts'
import { type PeerLogs, pythonRepr, stamped } from './sim-log.ts'
import { formatName, hears, parseName } from './sim-names.ts'
import { copyOf } from './sim-stream.ts'

/** What happens to datagrams sent to a port or to a UNIX socket. */
export type DatagramBehaviour =
  | { readonly does: 'echo'; readonly afterMs?: number }
  /** Answers every datagram with this one, from another port if one is given. */
  | {
      readonly does: 'answer'
      readonly octets: string | Uint8Array
      readonly afterMs?: number
      readonly fromPort?: number
    }
  /** Answers by the first rule that fits, and what fits none with silence. */
  | {
      readonly does: 'answers'
      readonly answers: readonly (readonly [question: Question, answer: string | Uint8Array])[]
      readonly afterMs?: number
      readonly fromPort?: number
    }
  /** Reads, and never answers. */
  | { readonly does: 'log' }
  /** Nobody is there: ICMP port unreachable. */
  | { readonly does: 'closed'; readonly afterMs?: number }
  | {
      readonly does: 'icmp'
      readonly type: number
      readonly code: number
      readonly from: string
      readonly afterMs?: number
    }
  | { readonly does: 'drop' }
  /** Connecting to it fails on this machine. */
  | { readonly does: 'fault'; readonly code: string }

/** A datagram that somebody sends to this machine. Addresses as `10.0.0.2:53` or paths. */
export interface Arrival {
  readonly afterMs: number
  readonly from: string
  readonly to: string
  readonly octets: string | Uint8Array
}

/** A datagram that the tool sent. */
export interface SentDatagram {
  readonly atNs: number
  readonly from: Endpoint
  readonly to: Endpoint
  readonly octets: Uint8Array
}

/** All datagram sockets of a simulated machine and what they reach. */
export interface Datagrams {
  /** `keepsIcmp` has it keep ICMP errors for `takeIcmp`. @throws LocalFault where connecting fails */
  open(local: Endpoint, remote: Endpoint | undefined, keepsIcmp?: boolean): SimDatagramSocket
  readonly sent: readonly SentDatagram[]
  /** What happens to what is sent there; undefined where nobody is. */
  behaviourOf(to: Endpoint): DatagramBehaviour | undefined
  /** Whether a socket of the tool is bound there. */
  taken(local: Endpoint): boolean
}

const LATENCY_MS = 0.1

export function simDatagrams(
  clock: Clock,
  behaviours: Readonly<Record<string, DatagramBehaviour>>,
  arrivals: readonly Arrival[],
  logs: PeerLogs,
): Datagrams {
  const sockets = new Set<SimDatagramSocket>()
  const sent: SentDatagram[] = []
  const received = datagramLog(clock, logs)
  const callers = new Set(arrivals.map(({ from }) => from))
  const behaviourOf = (to: Endpoint): DatagramBehaviour | undefined =>
    behaviours[formatName(to)] ?? (callers.has(formatName(to)) ? { does: 'log' } : undefined)
  const socketAt = (to: Endpoint) => [...sockets].find((socket) => hears(socket.local, to))
  const routes = {
    check(peer: Endpoint): void {
      const behaviour = behaviourOf(peer)
      const code = behaviour?.does === 'fault' ? behaviour.code : undefined
      const missing = peer.port === 0 && behaviour === undefined && socketAt(peer) === undefined
      if (code !== undefined || missing)
        throw localFault(code ?? missingCode(peer), `connect to ${formatName(peer)}`, 'connect')
    },
    send(from: SimDatagramSocket, to: Endpoint, octets: Uint8Array): void {
      sent.push({ atNs: clock.nowNs(), from: from.local, to, octets })
      const behaviour = behaviourOf(to)
      const own = behaviour === undefined ? socketAt(to) : undefined
      if (own !== undefined) void clock.sleep(LATENCY_MS).then(() => own.deliver(from.local, copyOf(octets)))
      else void answer(clock, received, from, to, octets, behaviour ?? { does: 'closed' })
    },
    closed: (socket: SimDatagramSocket): void => void sockets.delete(socket),
  }
  for (const { afterMs, from, to, octets } of arrivals) {
    void clock
      .sleep(afterMs)
      .then(() => socketAt(parseName(to))?.deliver(parseName(from), copyOf(octetsOf(octets))))
  }
  return {
    sent,
    behaviourOf,
    taken: (local) => socketAt(local) !== undefined,
    open(local, remote, keepsIcmp = false) {
      if (remote !== undefined) routes.check(remote)
      const socket = new SimDatagramSocket(routes, local, remote, keepsIcmp)
      sockets.add(socket)
      return socket
    },
  }
}

/** The octets that answer a datagram; undefined for silence. */
export function datagramAnswer(
  behaviour: Extract<DatagramBehaviour, { does: 'answer' | 'answers' }>,
  octets: Uint8Array,
): Uint8Array | undefined {
  const answer = behaviour.does === 'answer' ? behaviour.octets : answerTo(octets, behaviour.answers)
  return answer === undefined ? undefined : copyOf(octetsOf(answer))
}

async function answer(
  clock: Clock,
  received: (to: Endpoint, octets: Uint8Array) => void,
  socket: SimDatagramSocket,
  to: Endpoint,
  octets: Uint8Array,
  behaviour: DatagramBehaviour,
): Promise<void> {
  if (behaviour.does === 'drop' || behaviour.does === 'fault') return
  const logs = behaviour.does === 'log'
  await clock.sleep(logs ? LATENCY_MS : (behaviour.afterMs ?? 2 * LATENCY_MS))
  switch (behaviour.does) {
    case 'log':
      return received(to, octets)
    case 'echo':
      return socket.deliver(to, copyOf(octets))
    case 'answer':
    case 'answers': {
      const answer = datagramAnswer(behaviour, octets)
      const from = { ...to, port: behaviour.fromPort ?? to.port }
      return answer === undefined ? undefined : socket.deliver(from, answer)
    }
    case 'icmp':
      return socket.refuse(to, behaviour)
    case 'closed':
      return socket.refuse(to, portUnreachable(to.address))
  }
}

function missingCode({ address }: Endpoint): string {
  return address.startsWith('@') ? 'ECONNREFUSED' : 'ENOENT'
}

/** From this size on only the number of octets is logged. */
const LONG = 256

/** Logs datagrams with the seconds since the first one to that name: ` 1.0 got 'X'`. */
function datagramLog(clock: Clock, logs: PeerLogs): (to: Endpoint, octets: Uint8Array) => void {
  const stamps = new Map<string, (event: string) => void>()
  return (to, octets) => {
    const name = formatName(to)
    const log = stamps.get(name) ?? stamped(clock, (line) => logs.add(name, line))
    stamps.set(name, log)
    log(octets.length < LONG ? `got ${pythonRepr(octets)}` : `got ${octets.length} bytes`)
  }
}
