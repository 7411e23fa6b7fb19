import type { Hop, HopAnswer } from './hop.ts'
import type { Observer, Shot } from './observer.ts'
import type { HostTally } from './tally.ts'

/** The way to one port of a host, as far as it has shown itself. */
export interface Trace {
  readonly host: HostTally
  readonly port: number
  /** The target has answered: further hops are not of interest. */
  readonly isOver: boolean
  answer(ttl: number, from: string, rttNs: number | undefined, isEnd: boolean): void
  silence(ttl: number): void
  /** In ascending order, up to the one that the target answered at. */
  hops(): readonly Hop[]
}

function createTrace(host: HostTally, port: number): Trace {
  const answers = new Map<number, HopAnswer | undefined>()
  let end = Number.POSITIVE_INFINITY
  return {
    host,
    port,
    get isOver() {
      return Number.isFinite(end)
    },
    answer(ttl, address, rttNs, isEnd) {
      answers.set(ttl, { address, rttNs })
      if (isEnd) end = Math.min(end, ttl)
    },
    silence(ttl) {
      if (!answers.has(ttl)) answers.set(ttl, undefined)
    },
    hops: () =>
      [...answers]
        .filter(([ttl]) => ttl <= end)
        .sort(([a], [b]) => a - b)
        .map(([ttl, answer]) => ({ ttl, rounds: [answer] })),
  }
}

type Place = Pick<Shot, 'host' | 'port'>

/** The ways of a run, in the order in which they were added. */
export interface Traces {
  readonly all: readonly Trace[]
  of(place: Place): Trace | undefined
  /** Does nothing when there is one already. */
  add(place: Place): void
}

export function createTraces(): Traces {
  const all: Trace[] = []
  const byHost = new Map<HostTally, Map<number, Trace>>()
  return {
    all,
    of: ({ host, port }) => byHost.get(host)?.get(port),
    add({ host, port }) {
      const byPort = byHost.get(host) ?? new Map<number, Trace>()
      byHost.set(host, byPort)
      if (byPort.has(port)) return
      const trace = createTrace(host, port)
      byPort.set(port, trace)
      all.push(trace)
    },
  }
}

/** Follows the ways by what becomes of each hop's probe. */
export function tracing(traceOf: Traces['of']): Observer {
  return {
    answered(shot, { kind, sighting, timing }, { state }) {
      if (kind !== 'again')
        traceOf(shot)?.answer(shot.round + 1, sighting.source, timing.rttNs, state !== 'unknown')
    },
    silent: (shot) => traceOf(shot)?.silence(shot.round + 1),
    refused: (shot) => traceOf(shot)?.silence(shot.round + 1),
  }
}
