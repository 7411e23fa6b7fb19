import { isLikelyProbe, type PacketProbe, type Protocol, type Sighting } from '@portkit/core'
import type { Mode, Settings } from '../settings.ts'

type Selects = (sighting: Sighting, probe: PacketProbe) => boolean
type Asked = Pick<Settings, 'mode' | 'ports' | 'given' | 'tcp' | 'icmp' | 'family'>

/** What the command line names is looked for in a capture; where it names nothing, all that looks like a probe. */
export function selection(settings: Asked, onlyTo: ReadonlySet<string> | undefined): Selects {
  const { mode, ports, family } = settings
  const isProbe = probeFilter(settings)
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
      (mode === undefined || MODES[protocolOf(probe)].includes(mode))
    )
  }
}

/** By the flags or the kind of ICMP that was asked for. */
function probeFilter({ given, tcp, icmp }: Asked): (sighting: Sighting) => boolean {
  const flags = given.includes('flags') ? tcp.flags : undefined
  const kind = given.some((name) => ICMP_KINDS.has(name)) ? `${icmp.kind}-request` : undefined
  return (sighting) => {
    if (sighting.kind === 'tcp' && flags !== undefined) return sighting.flags === flags
    if (sighting.kind === 'icmp' && kind !== undefined) return sighting.what === kind
    return isLikelyProbe(sighting)
  }
}

const ICMP_KINDS: ReadonlySet<string> = new Set(['icmp-type', 'echo-request', 'timestamp'])

/** Whom a packet asks. */
export function addressOf(sighting: Sighting): string {
  return sighting.kind === 'neighbour' ? sighting.target : sighting.destination
}

export function protocolOf({ method, interest }: PacketProbe): Protocol {
  return method === 'neighbour' ? 'arp' : interest.protocol
}

/** Captures do not tell how a probe was made. */
const MODES: Readonly<Record<Protocol, readonly Mode[]>> = {
  tcp: ['tcp', 'tcp-connect'],
  udp: ['udp', 'udp-sockets'],
  icmp: ['icmp'],
  arp: ['arp'],
}
