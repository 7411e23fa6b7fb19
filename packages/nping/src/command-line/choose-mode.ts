import { type Family, UsageError } from '@portkit/core'
import type { Mode, Settings } from '../settings.ts'

/** How a run goes about it. */
export interface Choice {
  readonly mode: Mode
  /** One sentence each, without a line end, about options that mean nothing in this mode. */
  readonly notes: readonly string[]
}

/** What is known when the run begins. */
export interface Circumstances {
  /** Whether packets of our own making can be sent here. */
  readonly canSendPackets: boolean
  readonly family: Family
}

const PORTED: readonly Mode[] = ['tcp-connect', 'tcp', 'udp', 'udp-sockets']
const OF_PACKETS: readonly Mode[] = ['tcp', 'udp', 'icmp']
const ALL_PACKETS: readonly Mode[] = [...OF_PACKETS, 'arp']
const WITH_PAYLOAD: readonly Mode[] = [...OF_PACKETS, 'udp-sockets']

/** In which modes an option means something; the others mean something in all. */
const MEANS: ReadonlyMap<string, readonly Mode[]> = new Map<string, readonly Mode[]>([
  ['dest-port', PORTED],
  ['source-port', PORTED],
  ...each(['flags', 'seq', 'ack', 'win', 'like-system'], ['tcp']),
  ['badsum', ['tcp', 'udp']],
  ['udp-payloads', ['udp', 'udp-sockets']],
  ...each(['icmp-type', 'icmp-code', 'icmp-id', 'icmp-seq', 'echo-request', 'timestamp'], ['icmp']),
  ...each(['arp-type', 'arp-request'], ['arp']),
  ...each(['ttl', 'tos', 'id', 'df', 'mtu', 'fragments', 'traceroute'], OF_PACKETS),
  ...each(['data', 'data-string', 'data-length'], WITH_PAYLOAD),
  ...each(['no-capture', 'write'], ALL_PACKETS),
  ['interface', ['tcp-connect', ...ALL_PACKETS]],
])

function each(
  names: readonly string[],
  modes: readonly Mode[],
): readonly (readonly [string, readonly Mode[]])[] {
  return names.map((name) => [name, modes])
}

/** Fields that the header of IPv6 does not have (RFC 8200 section 3). */
const IPV4_ONLY: ReadonlySet<string> = new Set(['id', 'df'])

/** How messages name a mode. */
const NAMES = {
  'tcp-connect': 'TCP-connect',
  tcp: 'TCP',
  udp: 'UDP',
  'udp-sockets': 'unprivileged UDP',
  icmp: 'ICMP',
  arp: 'ARP',
} as const satisfies Record<Mode, string>

type Asked = Pick<Settings, 'mode' | 'given' | 'privileged' | 'traceroute' | 'icmp'>

/**
 * Settles the mode where the command line left it open, and says which options mean nothing in it.
 * @throws UsageError when something was asked for that the mode cannot do
 */
export function chooseMode(
  { mode, given, privileged, traceroute, icmp }: Asked,
  { canSendPackets, family }: Circumstances,
): Choice {
  const mayMake = privileged === 'auto' ? canSendPackets : privileged === 'yes'
  const chosen = settle(mode, given, mayMake, family)
  refuseImpossible(chosen, given, traceroute)
  if (family === 6) refuseIpv6(chosen, icmp.kind)
  const asked = [...new Set(given)]
  const idle = asked.filter((name) => MEANS.get(name)?.includes(chosen) === false)
  const absent = family === 6 ? asked.filter((name) => IPV4_ONLY.has(name) && !idle.includes(name)) : []
  return {
    mode: chosen,
    notes: [
      ...idle.map((name) => `--${name} means nothing in ${NAMES[chosen]} mode`),
      ...absent.map((name) => `--${name} means nothing with IPv6`),
    ],
  }
}

function settle(mode: Mode | undefined, given: readonly string[], mayMake: boolean, family: Family): Mode {
  if (mode === 'udp' && !mayMake) return 'udp-sockets'
  if (mode !== undefined) return mode
  if (!mayMake) return 'tcp-connect'
  const only = (wanted: Mode): boolean =>
    given.some(
      (name) => MEANS.get(name)?.includes(wanted) === true && MEANS.get(name)?.includes('udp') !== true,
    )
  if (only('icmp')) return 'icmp'
  // nping would complain of -p here: whoever names a port wants it probed.
  return only('tcp') || given.includes('dest-port') || given.includes('source-port') || family === 6
    ? 'tcp'
    : 'icmp'
}

/**
 * Refuses what no run in this mode could honour.
 * @throws UsageError
 */
export function refuseImpossible(mode: Mode, given: readonly string[], traceroute: boolean): void {
  if ((mode === 'icmp' || mode === 'arp') && given.includes('dest-port')) {
    throw new UsageError(`-p: there are no ports in ${NAMES[mode]} mode: use it with --tcp or --udp`)
  }
  const stray = given.find((name) => /^(icmp|arp)-/.test(name) && MEANS.get(name)?.includes(mode) === false)
  if (stray !== undefined) throw new UsageError(`--${stray} does not go with ${NAMES[mode]} mode`)
  if (traceroute && !OF_PACKETS.includes(mode)) {
    throw new UsageError(`--traceroute needs --tcp, --udp or --icmp and the right to send such packets`)
  }
  if (given.includes('write') && !ALL_PACKETS.includes(mode)) {
    throw new UsageError('--write keeps packets of our own making (CAP_NET_RAW), and here there are none')
  }
  const raw = mode === 'udp-sockets' ? given.find((name) => isOfPackets(name)) : undefined
  if (raw !== undefined) throw new UsageError(`--${raw} needs packets of our own making (CAP_NET_RAW)`)
}

/** Refuses what IPv6 does not have. @throws UsageError */
export function refuseIpv6(mode: Mode, kind: Settings['icmp']['kind']): void {
  if (mode === 'icmp' && kind === 'timestamp') throw new UsageError('timestamp requests have no IPv6')
}

function isOfPackets(name: string): boolean {
  const modes = MEANS.get(name)
  return name !== 'no-capture' && modes?.includes('udp') === true && !modes.includes('udp-sockets')
}
