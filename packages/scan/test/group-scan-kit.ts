import type { Clock } from '@portkit/core'
import type { HostSummary } from '../src/engine/group.ts'
import { scanGroup } from '../src/engine/group-scan.ts'
import type { Gun, Hit } from '../src/guns/gun.ts'
import type { Timing } from '../src/model/timing.ts'
import { type PaperAnswer, type PaperHost, paperWorld, USUAL_TIMING } from './paper-gun.ts'

/** A run of the engine at hosts on paper. */
interface Run {
  readonly ports?: number
  readonly timing?: Partial<Timing>
  readonly seed?: number
  readonly abortAtMs?: number
  readonly spentNs?: (host: number) => number
  readonly settled?: (host: number) => Uint8Array | undefined
  /** The gun that the engine gets instead. */
  readonly around?: (gun: Gun, clock: Clock) => Gun
}

const LAN = { srttUs: 100, rttvarUs: 50, timeoutUs: 100_000 }

export async function run(
  hosts: readonly PaperHost[],
  { ports = 1000, timing = {}, seed = 1, ...rest }: Run = {},
) {
  const { clock, gun } = paperWorld(hosts, { seed })
  const found = hosts.map(() => new Map<number, string>())
  const ends = new Map<number, HostSummary>()
  const control = new AbortController()
  const { abortAtMs, settled, spentNs, around } = rest
  if (abortAtMs !== undefined) void clock.sleep(abortAtMs).then(() => control.abort('SIGINT'))
  await scanGroup({
    gun: around?.(gun, clock) ?? gun,
    hosts: hosts.length,
    ports,
    timing: { ...USUAL_TIMING, ...timing },
    clock,
    signal: control.signal,
    timesOf: (host) => (hosts[host]?.rttMs === 0.1 ? LAN : undefined),
    ...(settled && { settled }),
    ...(spentNs && { spentNs }),
    found: ({ host, port, verdict }: Hit) => found[host]?.set(port, verdict.state),
    failed: (_host, _port, fault) => {
      throw fault
    },
    ended: (host, summary) => ends.set(host, summary),
  })
  return { found, ends, sent: gun.sent, elapsedMs: clock.nowNs() / 1e6 }
}

/** What is known of each port agrees with the truth; silent ones are not found. */
export function wrong(
  { answerOf }: PaperHost,
  found: ReadonlyMap<number, string> | undefined,
  ports: number,
): number {
  const STATE: Readonly<Record<PaperAnswer, string | undefined>> = {
    open: 'open',
    closed: 'closed',
    rejected: 'filtered',
    silent: undefined,
  }
  let count = 0
  for (let port = 0; port < ports; port += 1) if (found?.get(port) !== STATE[answerOf(port)]) count += 1
  return count
}
