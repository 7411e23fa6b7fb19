import type { Endpoint } from '../../model/target.ts'
import type { IcmpErrorSighting, Sighting, TcpSighting } from '../../probes/packet/sighting.ts'
import { TCP_FLAG } from '../../wire/tcp-flags.ts'

/** What came for a SYN. */
export type SynAnswer = 'syn-ack' | 'rst' | 'icmp-error'

interface Stamp {
  readonly atNs: number
  readonly era: number
}

/** A connection attempt of this machine, as its packets show it. */
export interface SynFlow {
  readonly local: Endpoint
  readonly remote: Endpoint
  readonly seq: number
  readonly departed: Stamp
  /** SYNs that left; copies of one that several interfaces show are one. */
  syns: number
  /** The first one. */
  answer: (Stamp & { readonly kind: SynAnswer }) | undefined
}

/** The newest attempts. */
export interface SynFlows {
  see(sighting: Sighting): void
  from(local: Endpoint, remote: Endpoint): SynFlow | undefined
  to(remote: Endpoint): Iterable<SynFlow>
  /** Its attempt is known now: nobody else's is this one. */
  take(flow: SynFlow): void
  clear(): void
}

/** Other programs' connections to the same ports count, too. */
const MOST = 8192
/** Interfaces show a packet within this time; the system sends it again after a second (RFC 6298 section 2). */
const COPY_NS = 50e6

export function createSynFlows(): SynFlows {
  const flows = new Map<string, SynFlow>()

  const depart = (s: TcpSighting): void => {
    const local = { address: s.source, port: s.sourcePort }
    const remote = { address: s.destination, port: s.destinationPort }
    const key = keyOf(local, remote)
    const known = flows.get(key)
    const departed = { atNs: s.timeNs, era: s.era }
    if (known?.seq === s.seq) {
      if (s.timeNs - known.departed.atNs > COPY_NS) known.syns += 1
      return
    }
    flows.delete(key)
    flows.set(key, { local, remote, seq: s.seq, departed, syns: 1, answer: undefined })
    const [oldest] = flows.size > MOST ? flows.keys() : []
    if (oldest !== undefined) flows.delete(oldest)
  }

  const answer = (flow: SynFlow | undefined, kind: SynAnswer, { timeNs, era }: Sighting): void => {
    if (flow !== undefined) flow.answer ??= { kind, atNs: timeNs, era }
  }

  const arrive = (s: TcpSighting): void => {
    const kind = kindOf(s.flags)
    const flow = flows.get(
      keyOf({ address: s.destination, port: s.destinationPort }, { address: s.source, port: s.sourcePort }),
    )
    // RFC 9293 section 3.10.7.3: whatever answers a SYN acknowledges it.
    if (kind !== undefined && flow !== undefined && s.ack === (flow.seq + 1) >>> 0) answer(flow, kind, s)
  }

  const reject = (s: IcmpErrorSighting): void => {
    const { transport, source, destination } = s.quoted
    if (transport?.kind !== 'tcp' || source !== s.destination) return
    const flow = flows.get(
      keyOf(
        { address: source, port: transport.sourcePort },
        { address: destination, port: transport.destinationPort },
      ),
    )
    if ((transport.seq ?? flow?.seq) === flow?.seq) answer(flow, 'icmp-error', s)
  }
  return {
    see(sighting) {
      const isOut = sighting.direction === 'out'
      if (sighting.kind === 'icmp-error' && !isOut) reject(sighting)
      if (sighting.kind !== 'tcp') return
      if (!isOut) arrive(sighting)
      else if (isSyn(sighting.flags)) depart(sighting)
    },
    from: (local, remote) => flows.get(keyOf(local, remote)),
    *to({ address, port }) {
      for (const flow of flows.values()) {
        if (flow.remote.port === port && flow.remote.address === address) yield flow
      }
    },
    take: ({ local, remote }) => void flows.delete(keyOf(local, remote)),
    clear: () => flows.clear(),
  }
}

function isSyn(flags: number): boolean {
  return (flags & (TCP_FLAG.syn | TCP_FLAG.ack | TCP_FLAG.rst)) === TCP_FLAG.syn
}

function kindOf(flags: number): SynAnswer | undefined {
  if ((flags & TCP_FLAG.ack) === 0) return undefined
  if ((flags & TCP_FLAG.rst) !== 0) return 'rst'
  return (flags & TCP_FLAG.syn) === 0 ? undefined : 'syn-ack'
}

function keyOf(local: Endpoint, remote: Endpoint): string {
  return `${local.address} ${local.port} ${remote.address} ${remote.port}`
}
