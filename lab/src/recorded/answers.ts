/** What comes back from the world of `nping-world.mjs`. */
export type Answer =
  | 'open'
  | 'reset'
  | 'silence'
  | 'admin-prohibited'
  | 'port-unreach'
  | 'host-unreach'
  | 'net-unreach'
  | 'no-route'
  | 'time-exceeded'
  | 'unsent'
  | 'ignored'

/** What a port is asked with; of TCP segments, by what an open port makes of them. */
export type ProbeKind = 'connect' | 'syn' | 'ack' | 'fin' | 'rst' | 'other' | 'udp' | 'icmp' | 'arp'

export interface Question {
  readonly kind: ProbeKind
  readonly address: string
  /** undefined where the probe has none. */
  readonly port: number | undefined
  /** undefined: enough. */
  readonly ttl: number | undefined
  /** No host takes it for a whole packet. */
  readonly isBroken: boolean
}

/** A network is told by its beginning. */
const NETWORKS: readonly (readonly [string, Answer])[] = [
  ['10.80.', 'admin-prohibited'],
  ['10.81.', 'host-unreach'],
  ['10.82.', 'silence'],
  ['10.77.0.0', 'silence'],
  ['10.77.0.99', 'silence'],
  ['fd80:', 'silence'],
  ['10.83.', 'unsent'],
  ['10.200.', 'unsent'],
]

const TCP_PORTS: Readonly<Record<number, Answer>> = {
  22: 'open',
  80: 'open',
  137: 'silence',
  8: 'admin-prohibited',
  10: 'port-unreach',
  11: 'host-unreach',
  12: 'net-unreach',
}
const UDP_PORTS: Readonly<Record<number, Answer>> = { 7: 'open', 137: 'silence', 8: 'admin-prohibited' }

/** An error during connect() is often seen only with the next SYN, after the end of the run. */
const LATE = 'filtered no-response'

/** The way to the far host: its routers and itself. */
const FAR = {
  '10.79.': ['10.77.0.2', '10.78.0.2', '10.79.0.2'],
  'fd79:': ['fd77::2', 'fd78::2', 'fd79::2'],
} as const

/** The routers on the way to an address and the address; undefined next door. */
export function wayTo(address: string): readonly string[] | undefined {
  return Object.entries(FAR).find(([beginning]) => address.startsWith(beginning))?.[1]
}

export function answerOf({ kind, address, port, ttl, isBroken }: Question): Answer {
  if (isBroken) return 'ignored'
  if (ttl !== undefined && ttl < (wayTo(address)?.length ?? 1)) return 'time-exceeded'
  // Nobody passes ARP on.
  if (kind === 'arp' && address.startsWith('10.79.')) return 'silence'
  const network = NETWORKS.find(([beginning]) => address.startsWith(beginning))
  if (network !== undefined) return network[1]
  return port === undefined ? 'open' : answerAtPort(kind, address, port)
}

function answerAtPort(kind: ProbeKind, address: string, port: number): Answer {
  if (address === '10.77.0.1' || address === '127.0.0.1') return 'reset'
  if (kind === 'udp') return UDP_PORTS[port] ?? 'port-unreach'
  if (address.startsWith('10.79.')) return port === 22 || port === 80 ? 'open' : 'reset'
  return TCP_PORTS[port] ?? 'reset'
}

/**
 * What such an answer says, as `STATE REASON`: several where the system does not tell connect() what came back, or tells
 * it late; none where nothing was sent.
 */
export function verdictsBy(kind: ProbeKind, answer: Answer, address: string): readonly string[] {
  // No host answers a RST.
  if (kind === 'rst') return ['unknown no-response']
  switch (answer) {
    case 'open':
      return opened(kind, address)
    case 'reset':
      if (kind === 'connect') return ['closed reset', 'closed conn-refused']
      return [kind === 'ack' || kind === 'other' ? 'unfiltered reset' : 'closed reset']
    case 'silence':
      return silent(kind, address)
    // Who sends what nobody answers learns nothing from silence.
    case 'ignored':
      return ['unknown no-response']
    case 'time-exceeded':
      return ['unknown time-exceeded']
    case 'unsent':
      return []
    case 'port-unreach':
      if (kind === 'udp') return ['closed port-unreach']
      return kind === 'connect'
        ? ['filtered port-unreach', 'closed conn-refused', LATE]
        : ['filtered port-unreach']
    case 'admin-prohibited':
    case 'host-unreach':
    case 'net-unreach':
    case 'no-route':
      return rejected(kind, answer, address)
  }
}

function rejected(kind: ProbeKind, answer: string, address: string): readonly string[] {
  if (kind === 'icmp') return [`no answer ${answer}`]
  const six = address.startsWith('fd') && answer === 'net-unreach' ? 'no-route' : answer
  return kind === 'connect' ? [`filtered ${six}`, 'filtered host-unreach', LATE] : [`filtered ${six}`]
}

function opened(kind: ProbeKind, address: string): readonly string[] {
  switch (kind) {
    case 'connect':
    case 'syn':
      return ['open syn-ack']
    case 'ack':
    case 'other':
    case 'rst':
      return ['unfiltered reset']
    case 'fin':
      return ['open|filtered no-response']
    case 'udp':
      return ['open udp-response']
    case 'icmp':
      return ['up echo-reply', 'up timestamp-reply']
    case 'arp':
      return [address.includes(':') ? 'up neighbour-advertisement' : 'up arp-response']
  }
}

function silent(kind: ProbeKind, address: string): readonly string[] {
  if (kind === 'icmp' || kind === 'arp') return ['no answer no-response', 'no answer host-unreach']
  if (kind === 'udp' || kind === 'fin') return ['open|filtered no-response']
  // Who asks for a neighbour in vain is told after three seconds, when the run waits for so long.
  if (address.endsWith('.99')) return ['filtered no-response', 'filtered host-unreach']
  return address.startsWith('fd80')
    ? ['filtered no-response', 'filtered admin-prohibited']
    : ['filtered no-response']
}
