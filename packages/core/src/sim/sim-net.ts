import type { Attempt, Clock, ConnectAnswer, ConnectFact, ConnectRequest, Net } from '../io/io.ts'
import { LocalFault } from '../model/errors.ts'
import type { TlsFact, UnreachableCode } from '../model/observation.ts'
import { formatEndpoint } from '../model/target.ts'

/** What a simulated port does with one connection attempt. */
export type Behaviour =
  | {
      readonly does: 'accept'
      readonly afterMs: number
      /** So many SYNs are lost before one arrives; each is sent again after 1, 3, 7, … seconds. */
      readonly lost?: number
      readonly reset?: boolean
      readonly tls?: TlsFact
    }
  | { readonly does: 'refuse'; readonly afterMs: number }
  | {
      readonly does: 'icmp'
      readonly afterMs: number
      readonly type: number
      readonly code: number
      readonly from: string
    }
  | { readonly does: 'unreachable'; readonly afterMs: number; readonly code: UnreachableCode }
  | { readonly does: 'drop' }
  /** This machine itself fails. */
  | { readonly does: 'fault'; readonly code: string; readonly message: string }

/** The same for every attempt, one for each attempt (the last one for ever), or computed from its number (from 0). */
export type PortScript = Behaviour | readonly Behaviour[] | ((attempt: number) => Behaviour)

export interface SimNet extends Net {
  /** Every attempt, in order, with the time of its start. */
  readonly attempts: readonly { readonly request: ConnectRequest; readonly atNs: number }[]
  /** Attempts that were neither answered nor abandoned. */
  readonly open: () => number
}

export function simNet(
  ports: Readonly<Record<string, PortScript>>,
  clock: Clock,
  clockName: 'kernel' | 'process',
): SimNet {
  const attempts: { request: ConnectRequest; atNs: number }[] = []
  const seen = new Map<string, number>()
  let open = 0
  const behaviourOf = (key: string): Behaviour => {
    const attempt = seen.get(key) ?? 0
    seen.set(key, attempt + 1)
    const script = ports[key] ?? { does: 'refuse', afterMs: 0.1 }
    if (typeof script === 'function') return script(attempt)
    if (!Array.isArray(script)) return script as Behaviour
    return script[Math.min(attempt, script.length - 1)] ?? { does: 'drop' }
  }
  const begin = (request: ConnectRequest): Attempt => {
    const behaviour = behaviourOf(formatEndpoint(request))
    attempts.push({ request, atNs: clock.nowNs() })
    if (behaviour.does === 'fault') throw new LocalFault(behaviour.code, behaviour.message)
    const startNs = clock.nowNs()
    const cancel = new AbortController()
    open++
    const done = (): void => {
      if (cancel.signal.aborted) return
      cancel.abort('done')
      open--
    }
    const waitMs = delayMs(behaviour)
    const answer = clock.sleep(waitMs, cancel.signal).then((): ConnectAnswer => {
      done()
      return answerTo(request, behaviour, clock.nowNs() - startNs, clockName)
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

const NEVER_MS = 2 ** 31 - 1

function delayMs(behaviour: Exclude<Behaviour, { does: 'fault' }>): number {
  if (behaviour.does === 'drop') return NEVER_MS
  const lost = behaviour.does === 'accept' ? (behaviour.lost ?? 0) : 0
  return behaviour.afterMs + 1000 * (2 ** lost - 1)
}

/** SYNs sent before this moment: Linux sends again after 1, 3, 7, … seconds (RFC 6298 section 2). */
function synsAfter(waitedMs: number): number {
  return Math.max(1, Math.ceil(Math.log2(waitedMs / 1000 + 1)))
}

function answerTo(
  request: ConnectRequest,
  behaviour: Exclude<Behaviour, { does: 'fault' | 'drop' }> | { does: 'drop' },
  elapsedNs: number,
  clock: 'kernel' | 'process',
): ConnectAnswer {
  const fact = factOf(behaviour, elapsedNs, clock)
  if (fact.kind !== 'handshake' || request.keep !== true || behaviour.does !== 'accept') return { fact }
  const tls: TlsFact = behaviour.tls ?? { kind: 'tls-failed', message: 'the simulated port speaks no TLS' }
  const connection = {
    stream: () => {
      throw new Error('simulated connections carry no bytes')
    },
    close: () => {},
    tls,
  }
  return { fact, connection }
}

function factOf(
  behaviour: Exclude<Behaviour, { does: 'fault' }>,
  elapsedNs: number,
  clock: 'kernel' | 'process',
): ConnectFact {
  const syns = clock === 'kernel' ? 1 : undefined
  const timed = { rttNs: elapsedNs, clock: 'process', elapsedNs, syns } as const
  switch (behaviour.does) {
    case 'accept': {
      const lost = behaviour.lost ?? 0
      const local = { address: '10.0.0.1', port: 40000 }
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
    case 'drop':
      throw new Error('a dropped SYN has no answer')
  }
}
