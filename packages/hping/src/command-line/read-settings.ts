import { type Family, refuseOnPurpose } from '@portkit/core'
import type { Mode, Settings } from '../settings.ts'
import type { Args } from './args.ts'
import { refuseConflicts } from './conflicts.ts'
import { notesOf } from './notes.ts'
import { type KnownPorts, readScanList } from './ports.ts'
import { dataOf } from './read-data.ts'
import { hostOf, sourceOf } from './read-host.ts'
import { flagsOf, icmpOf, modeOf } from './read-mode.ts'
import { timingOf } from './read-timing.ts'
import { REFUSED } from './refused.ts'

/** `-f`, as for hping3. */
const USUAL_MTU = 16

/**
 * Makes one picture of the command line.
 * @param known the ports of /etc/services, for a scan of those
 * @throws UsageError for what is refused on purpose, contradicts itself or makes no sense
 */
export function readSettings(args: Args, known: KnownPorts): Settings {
  refuseOnPurpose(REFUSED, args._given)
  const mode = modeOf(args)
  const { host, family } = hostOf(args)
  const settings: Settings = {
    mode,
    scan: args.scan === undefined ? undefined : { text: args.scan, ports: readScanList(args.scan, known) },
    host,
    family,
    count: args.count,
    ...timingOf(args),
    timeoutMs: args.timeout,
    retries: args.retries,
    destination: args.destport ?? { first: 0, rises: 'never' },
    sourcePort: args.baseport,
    keepSourcePort: args.keep,
    ...packetOf(args, mode, family),
    traceroute: args.traceroute,
    trStop: args['tr-stop'],
    trKeepTtl: args['tr-keep-ttl'],
    trNoRtt: args['tr-no-rtt'],
    suspendRaises: suspendRaises(args, mode),
    interfaceName: args.interface,
    source: sourceOf(args, family),
    backend: args.backend,
    clock: args.clock,
    ...shownOf(args),
    json: args.json,
    exitCode: args.tcpexitcode ? 'flags' : args['exit-code'],
    write: args.write,
    read: args.read,
    given: args._given,
    notes: [],
  }
  refuseConflicts(settings)
  return { ...settings, notes: notesOf(settings) }
}

type Packet = Pick<Settings, 'tcp' | 'icmp' | 'badSum' | 'ip' | 'dataLength' | 'sign' | 'file'>

function packetOf(args: Args, mode: Mode, family: Family | undefined): Packet {
  const headers = {
    mode,
    tcp: {
      flags: flagsOf(args),
      window: args.win,
      seq: args.setseq,
      ack: args.setack,
      mss: args['tcp-mss'],
      timestamp: args['tcp-timestamp'],
    },
    icmp: icmpOf(args),
    badSum: args.badcksum,
    ip: {
      ttl: args.ttl,
      // Whoever asks for help gets it before settings are read.
      tos: args.tos === 'help' ? 0 : args.tos,
      id: args.id,
      dontFragment: args.dontfrag,
      recordRoute: args.rroute,
      moreFragments: args.morefrag,
      fragmentOffset: args.fragoff,
      mtu: args.mtu ?? (args.frag ? USUAL_MTU : undefined),
    },
  }
  return { ...headers, ...dataOf(args, headers, family) }
}

function suspendRaises(args: Args, mode: Mode): Settings['suspendRaises'] {
  if (args.unbind || args.scan !== undefined || args.read !== undefined) return undefined
  if (args.bind || args.traceroute) return 'ttl'
  return mode === 'icmp' ? undefined : 'port'
}

type Shown = 'numeric' | 'quiet' | 'verbose' | 'debug' | 'beep' | 'dumpHex' | 'dumpText' | 'sequenceNumbers'

function shownOf(args: Args): Pick<Settings, Shown> {
  return {
    numeric: args.numeric,
    quiet: args.quiet,
    verbose: args.verbose,
    debug: args.debug,
    beep: args.beep,
    dumpHex: args.dump,
    dumpText: args.print,
    sequenceNumbers: args.seqnum,
  }
}
