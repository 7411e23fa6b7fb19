import type { NpingWorld } from '@portkit/lab/nping-world'
import { readSegments, type Segment } from '@portkit/lab/pcap'
import { sentPackets } from './recorded-normal.ts'

/** What a tool said, and what was really on the wire meanwhile. */
export interface Witnessed {
  readonly stdout: string
  readonly stderr: string
  readonly status: number | null
  /** What was sent, in tcpdump's words. */
  readonly sent: readonly string[]
  readonly segments: readonly Segment[]
}

export type Command = readonly [string, ...string[]]

/** Debian's nping. */
export const NPING: Command = ['nping']

/** Whoever the tool is, it runs as uid 65534 with CAP_NET_RAW and nothing else. */
export const ONLY_NET_RAW: Command = [
  'setpriv',
  '--reuid=65534',
  '--regid=65534',
  '--clear-groups',
  '--inh-caps=-all,+net_raw',
  '--ambient-caps=-all,+net_raw',
]

/** Runs a tool and captures what it does; `meanwhile` is a bash(1) script that runs at the same time. */
export async function witness(
  world: NpingWorld,
  command: Command,
  argv: readonly string[],
  meanwhile?: string,
): Promise<Witnessed> {
  const [program, ...args] = command
  await world.wire()
  const other = meanwhile === undefined ? undefined : world.exec('bash', ['-c', meanwhile])
  const { stdout, stderr, status } = await world.exec(program, [...args, ...argv], { timeoutMs: 30_000 })
  await other
  const file = await world.wire()
  return { stdout, stderr, status, sent: await sentPackets(file, argv), segments: readSegments(file) }
}

/** The ports that SYNs without options went to: probes, not connections. */
export function probedPorts({ sent }: Pick<Witnessed, 'sent'>): readonly number[] {
  return sent.flatMap((packet) => {
    const port = /> [\d.a-f:]+\.(\d+): Flags \[S\]/.exec(packet)?.[1]
    return port === undefined || packet.includes('sackOK') ? [] : [Number(port)]
  })
}

/** The hop limits of what was sent, in order. */
export function sentTtls({ sent }: Pick<Witnessed, 'sent'>): readonly number[] {
  return sent.map((packet) => Number(/(?:ttl|hlim) (\d+)/.exec(packet)?.[1]))
}

/** Round trips on the wire in milliseconds: from each SYN to the first segment back to its port. */
export function wireRtts({ segments }: Pick<Witnessed, 'segments'>): readonly number[] {
  return segments.flatMap((syn, at) => {
    if (syn.flags !== 'S') return []
    const answer = segments
      .slice(at + 1)
      .find(
        ({ sport, dport, ack }) =>
          sport === syn.dport && dport === syn.sport && ack === (syn.seq + 1) % 2 ** 32,
      )
    return answer === undefined ? [] : [Number(answer.tNs - syn.tNs) / 1e6]
  })
}

/** The longest, shortest and mean round trip that a report gives, in milliseconds; undefined without. */
export function reportedRtts(stdout: string) {
  const [, max, min, avg] =
    /Max rtt: ([\d.]+)ms \| Min rtt: ([\d.]+)ms \| Avg rtt: ([\d.]+)ms/.exec(stdout) ?? []
  if (max === undefined) return undefined
  return { max: Number(max), min: Number(min), avg: Number(avg) }
}

/** What a report counts. */
export function reportedCounts(stdout: string) {
  const [, sent, received, lost] = /packets sent: (\d+) .*?Rcvd: (\d+) .*?Lost: (-?\d+)/.exec(stdout) ?? []
  return { sent: Number(sent), received: Number(received), lost: Number(lost) }
}

export function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length
}

/** Whether something is so in one of at most so many runs. */
export async function inSome(runs: number, isSo: () => Promise<boolean>): Promise<boolean> {
  for (let i = 0; i < runs; i++) if (await isSo()) return true
  return false
}
