import type { Family, Protocol } from '../model/target.ts'
import type { PacketProbe } from '../probes/packet/packet-probe.ts'
import type { Sighting } from '../probes/packet/sighting.ts'
import { isLikelyProbe } from '../run/exchange/recorded-probe.ts'

type Selects = (sighting: Sighting, probe: PacketProbe) => boolean

/** What is looked for in a capture; what is undefined may be anything that looks like a probe. */
export interface Selection {
  readonly protocol: Protocol | undefined
  readonly ports: readonly number[] | undefined
  /** A mask of `TCP_FLAG`s: exactly these. */
  readonly flags: number | undefined
  readonly icmp: 'echo' | 'timestamp' | undefined
  readonly family: Family | undefined
}

/** What the command line names is looked for in a capture; where it names nothing, all that looks like a probe. */
export function selection(wanted: Selection, onlyTo: ReadonlySet<string> | undefined): Selects {
  const { protocol, ports, family } = wanted
  const isProbe = probeFilter(wanted)
  const onPorts = ports && new Set(ports)
  const isOnPort = (sighting: Sighting): boolean =>
    onPorts === undefined || ('destinationPort' in sighting && onPorts.has(sighting.destinationPort))
  return (sighting, probe) => {
    const address = addressOf(sighting)
    return (
      isProbe(sighting) &&
      isOnPort(sighting) &&
      (onlyTo?.has(address) ?? true) &&
      (family === undefined || address.includes(':') === (family === 6)) &&
      (protocol === undefined || protocolOf(probe) === protocol)
    )
  }
}

/** By the flags or the kind of ICMP that was asked for. */
function probeFilter({ flags, icmp }: Selection): (sighting: Sighting) => boolean {
  return (sighting) => {
    if (sighting.kind === 'tcp' && flags !== undefined) return sighting.flags === flags
    if (sighting.kind === 'icmp' && icmp !== undefined) return sighting.what === `${icmp}-request`
    return isLikelyProbe(sighting)
  }
}

/** Whom a packet asks. */
export function addressOf(sighting: Sighting): string {
  return sighting.kind === 'neighbour' ? sighting.target : sighting.destination
}

export function protocolOf({ method, interest }: PacketProbe): Protocol {
  return method === 'neighbour' ? 'arp' : interest.protocol
}
