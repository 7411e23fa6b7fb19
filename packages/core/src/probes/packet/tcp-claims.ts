import type { Claim } from './packet-probe.ts'
import type { IcmpErrorSighting, Sighting, TcpSighting } from './sighting.ts'
import type { SourcePorts } from './source-ports.ts'
import type { TcpAnswers } from './tcp-answers.ts'

export interface TcpOwn {
  /** A mask of `TCP_FLAG`s. */
  readonly flags: number
  readonly ports: SourcePorts
  readonly answers: TcpAnswers
}

/** What a packet says about the segments of a probe; undefined when it has nothing to do with them. */
export function tcpClaim(sighting: Sighting, own: TcpOwn): Claim | undefined {
  if (sighting.kind === 'tcp') return claimOfSegment(sighting, own)
  return sighting.kind === 'icmp-error' ? claimOfError(sighting, own) : undefined
}

function claimOfSegment(s: TcpSighting, { flags, ports, answers }: TcpOwn): Claim | undefined {
  if (s.direction !== 'in' && s.flags === flags && ports.has(s.sourcePort)) {
    const match = ports.agreed(answers.ofProbe(s), s.sourcePort)
    if (match !== undefined) {
      return {
        role: 'probe',
        local: s.source,
        remote: s.destination,
        localPort: s.sourcePort,
        remotePort: s.destinationPort,
        index: match.index,
        modulus: match.modulus,
      }
    }
  }
  if (s.direction === 'out' || !ports.has(s.destinationPort)) return undefined
  const match = ports.agreed(answers.ofAnswer(s), s.destinationPort)
  return (
    match && {
      role: 'answer',
      local: s.destination,
      remote: s.source,
      localPort: s.destinationPort,
      remotePort: s.sourcePort,
      index: match.index,
      modulus: match.modulus,
    }
  )
}

function claimOfError(s: IcmpErrorSighting, { ports, answers }: TcpOwn): Claim | undefined {
  const { quoted, direction } = s
  const { transport, source, destination } = quoted
  if (direction === 'out' || transport?.kind !== 'tcp' || !ports.has(transport.sourcePort)) return undefined
  // RFC 1122 section 3.2.2: an error goes to the sender of the packet that it is about.
  if (source !== s.destination) return undefined
  const match = ports.agreed(answers.ofQuote(transport.seq, quoted), transport.sourcePort)
  return (
    match && {
      role: 'error',
      local: source,
      remote: destination,
      localPort: transport.sourcePort,
      remotePort: transport.destinationPort,
      ...match,
    }
  )
}
