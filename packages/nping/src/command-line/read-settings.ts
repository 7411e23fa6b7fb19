import { lastOf, parseAddress, refuseOnPurpose, UsageError } from '@portkit/core'
import type { Mode, Settings } from '../settings.ts'
import { type Args, namesGiven } from './args.ts'
import { refuseImpossible, refuseIpv6 } from './choose-mode.ts'
import { hasNames, readPorts, type ServicePorts } from './ports.ts'
import { levelsOf } from './read-levels.ts'
import { icmpKindOf, modeOf, privilegesOf } from './read-mode.ts'
import { familyOf, targetsOf } from './read-targets.ts'
import { REFUSED } from './refused.ts'

/** `-f`, as for nping. */
const USUAL_MTU = 72

/** Whether `readSettings` will ask for the port of a service, so that their table is worth loading. */
export function needsServices({ 'dest-port': list }: Pick<Args, 'dest-port'>): boolean {
  return list !== undefined && hasNames(list)
}

/**
 * Makes one picture of the command line; `services` is asked for names in `-p` only (see `needsServices`).
 * @throws UsageError for what is refused on purpose, contradicts itself or makes no sense
 */
export function readSettings(args: Args, services: ServicePorts): Settings {
  refuseOnPurpose(REFUSED, args._given)
  const given = namesGiven(args)
  const privileged = privilegesOf(args)
  const mode = modeOf(args, privileged)
  const traceroute = args.traceroute || args.tr
  if (mode !== undefined) {
    refuseImpossible(mode === 'udp' && privileged === 'no' ? 'udp-sockets' : mode, given, traceroute)
  }
  const family = familyOf(args)
  const settings: Settings = {
    mode,
    traceroute,
    family,
    ...targetsOf(args, family),
    ports: portsOf(args, mode, services),
    sourcePort: sourcePortOf(args),
    count: args.count,
    intervalNs: lastOf(args, 'delay', 'rate') === 'rate' ? (args.rate ?? args.delay) : args.delay,
    timeoutMs: args.timeout,
    given,
    ...headersOf(args),
    badSum: args.badsum,
    payload: payloadOf(args),
    udpPayloads: args['udp-payloads'],
    interfaceName: args.interface,
    sourceAddress: args['source-ip'],
    hideSent: args['hide-sent'],
    noCapture: args['no-capture'],
    ...levelsOf(args),
    privileged,
    backend: args.backend,
    clock: args.clock,
    json: args.json,
    rtt: args.rtt,
    exitCode: args['exit-code'],
    write: args.write,
    read: args.read,
  }
  refuseConflicts(settings)
  return settings
}

function portsOf(args: Args, mode: Mode | undefined, services: ServicePorts): Settings['ports'] {
  const list = args['dest-port']
  return list === undefined ? undefined : readPorts(list, services, mode === 'udp' ? 'udp' : 'tcp')
}

function sourcePortOf(args: Args): Settings['sourcePort'] {
  const times = args._given.filter((name) => name === 'source-port').length
  if (times > 1) throw new UsageError('-g: there is only one source port')
  return args['source-port']
}

function headersOf(args: Args): Pick<Settings, 'tcp' | 'icmp' | 'ip'> {
  const { flags, seq, ack, win: window, id, df, mtu, fragments } = args
  const ttl = lastOf(args, 'ttl', 'hop-limit')
  const tos = lastOf(args, 'tos', 'tc', 'traffic-class')
  return {
    tcp: { flags, seq, ack, window, likeSystem: args['like-system'] },
    icmp: { kind: icmpKindOf(args), id: args['icmp-id'], seq: args['icmp-seq'] },
    ip: {
      ttl: ttl && args[ttl],
      tos: tos && args[tos],
      id,
      dontFragment: df,
      mtu: mtu ?? (fragments ? USUAL_MTU : undefined),
    },
  }
}

function payloadOf(args: Args): Settings['payload'] {
  const { data, 'data-string': text, 'data-length': randomLength } = args
  const kinds = [data, text, randomLength].filter((kind) => kind !== undefined)
  if (kinds.length > 1) throw new UsageError('one of --data, --data-string and --data-length is enough')
  const octets = data ?? text
  if (octets !== undefined) return { octets }
  return randomLength === undefined ? undefined : { randomLength }
}

function refuseConflicts(settings: Settings): void {
  const { mode, family, sourceAddress, tcp, read, write, udpPayloads, payload, noCapture } = settings
  if (hasIpv6(settings) && mode !== undefined) refuseIpv6(mode, settings.icmp.kind)
  const source = sourceAddress === undefined ? undefined : parseAddress(sourceAddress)?.family
  const conflicts = [
    [
      `-S: not an IPv${family} address: ${sourceAddress}`,
      family !== undefined && source !== undefined && source !== family,
    ],
    ['--like-system sets the window: it does not go with --win', tcp.likeSystem && tcp.window !== undefined],
    ['--like-system is a SYN: it does not go with other --flags', tcp.likeSystem && tcp.flags !== 2],
    ['--read and --write do not go together', read !== undefined && write !== undefined],
    ['--read and --no-capture do not go together', read !== undefined && noCapture],
    ['--write needs the name of a file: standard output has the report', write === '-'],
    ['--udp-payloads does not go with a payload', udpPayloads && payload !== undefined],
  ] as const
  for (const [why, isSo] of conflicts) if (isSo) throw new UsageError(why)
}

function hasIpv6({ family, targets }: Pick<Settings, 'family' | 'targets'>): boolean {
  return family === 6 || targets.some((target) => target.kind === 'addresses' && target.family === 6)
}
