import type { ClockChoice, Resolver } from './io/io.ts'
import { nodeClock } from './io/node/node-clock.ts'
import { nodeResolver } from './io/node/node-resolver.ts'
import { createNet } from './io/node-io.ts'
import { ResolveError, UsageError } from './model/errors.ts'
import { classify, type ProbeResult } from './model/observation.ts'
import type { Family } from './model/target.ts'
import type { ProbeIo } from './probes/probe.ts'
import { type TcpConnectOptions, tcpConnect } from './probes/tcp-connect.ts'
import { resolveTargets } from './run/resolve.ts'

export interface ProbeOptions extends TcpConnectOptions {
  /** How long to wait for an answer, in milliseconds; 1000 unless said otherwise, which is one SYN. */
  readonly timeoutMs?: number
  readonly family?: Family
  readonly clock?: ClockChoice
  /** Ends the probe with the signal's reason. */
  readonly signal?: AbortSignal
  /** The world to probe; the real one unless said otherwise. */
  readonly io?: ProbeIo & { readonly dns: Pick<Resolver, 'lookup'> }
}

/**
 * Asks one TCP port once: `await probe('db.lan', 22)`. Resolving the name is not part of the measured time.
 * @throws UsageError for a host or port that makes no sense, ResolveError for an unknown name, LocalFault for what
 * this machine could not do
 */
export async function probe(host: string, port: number, options: ProbeOptions = {}): Promise<ProbeResult> {
  const { timeoutMs = 1000, family, clock = 'auto', signal, io: given, ...way } = options
  const io = given ?? { clock: nodeClock, net: await createNet(clock), dns: nodeResolver }
  const [found] = await resolveTargets([{ host, ports: [checkedPort(port)] }], io, { family })
  const target = found?.targets[0]
  if (target === undefined) throw new ResolveError(host, 'ENOTFOUND', 'Name or service not known')
  await io.net.warmUp()
  const startedAtMs = io.clock.wallMs()
  const observation = await tcpConnect(way).observe(target, io, timeoutMs, signal)
  return { target, seq: 1, startedAtMs, observation, verdict: classify(observation, target.transport) }
}

function checkedPort(port: number): number {
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port
  throw new UsageError(`not a port from 1 to 65535: ${port}`)
}
