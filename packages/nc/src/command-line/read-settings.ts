import { type Family, type SocketSettings, UsageError } from '@portkit/core'
import type { SessionSettings, Settings, TlsChoice } from '../settings.ts'
import type { Args } from './args.ts'
import type { RandomBelow, ServicePorts } from './ports.ts'
import { refuseOwnConflicts } from './read-settings-beyond.ts'
import { proxyOf, refuseProxyConflicts } from './read-settings-proxy.ts'
import { lastFamily, ownPort, sortOperands, taskOf, transportOf } from './read-settings-task.ts'

const anyBelow: RandomBelow = (below) => Math.floor(Math.random() * below)

/**
 * Makes one picture of the command line; `random` is what `-r` shuffles by. Contradictions are found in the order of nc,
 * so that of several faults the same one is named.
 * @throws UsageError in the words of nc; OperandsFault where nc only shows its usage
 */
export function readSettings(
  args: Args,
  name: string,
  services: ServicePorts,
  random: RandomBelow = anyBelow,
): Settings {
  const operands = sortOperands(args)
  const isUnix = operands.kind === 'unix'
  refuseConflicts(args, isUnix)
  const proxy = proxyOf(args, services)
  const task = taskOf(operands, args, services, random)
  if (args.dccp) throw new UsageError('-Z: DCCP is not supported')
  refuseOwnConflicts(args, isUnix)
  return {
    name,
    task,
    transport: transportOf(args),
    family: familyOf(args),
    numeric: args.nodns,
    verbose: args.verbose,
    zero: args.zero,
    keepListening: args['keep-open'],
    passDescriptor: args['pass-fd'],
    session: sessionOf(args),
    socket: socketOf(args),
    md5: args.md5sig,
    ...sourceOf(args, services),
    proxy,
    exitCode: args['exit-code'],
    honestUdp: args['honest-udp'],
    json: args.json,
    waitMs: args.wait,
    tls: tlsOf(args),
    hexDump: args['hex-dump'],
    allow: args.allow.flat(),
    deny: args.deny.flat(),
    progress: args.progress,
  }
}

function refuseConflicts(args: Args, isUnix: boolean): void {
  if (args.listen && args.zero) throw new UsageError('cannot use -z and -l')
  if (!args.listen && args['keep-open']) throw new UsageError('must use -l with -k')
  if (args['pass-fd'] && isUnix) throw new UsageError('cannot use -F and -U')
  refuseProxyConflicts(args, isUnix)
}

function familyOf(args: Args): Family | undefined {
  const last = lastFamily(args)
  if (last === 'ipv4') return 4
  return last === 'ipv6' ? 6 : undefined
}

/** Of a listener `-s` and `-p` have become the task. */
function sourceOf(args: Args, services: ServicePorts): Pick<Settings, 'source' | 'sourcePort'> {
  if (args.listen) return { source: undefined, sourcePort: undefined }
  const { source, 'source-port': port } = args
  const number = port === undefined ? 0 : ownPort(port, transportOf(args), services)
  return { source, sourcePort: number === 0 ? undefined : number }
}

function sessionOf(args: Args): SessionSettings {
  const quitMs = args['quit-after'] ?? -1
  return {
    timeoutMs: args.timeout,
    intervalMs: args.delay ?? 0,
    quitMs: quitMs < 0 ? undefined : quitMs,
    shutdownAtEof: args.shutdown || quitMs >= 0,
    receiveLimit: args['recv-limit'],
    readStdin: !args['recv-only'],
    crlf: args.crlf,
    telnet: args.telnet,
  }
}

/** Flags that are not given are left out: whoever asks for nothing special gets the quickest way. */
function socketOf(args: Args): SocketSettings {
  return {
    ttl: args.ttl,
    minTtl: args['min-ttl'],
    tos: args.tos,
    receiveBuffer: args['receive-buffer'],
    sendBuffer: args['send-buffer'],
    debug: args['socket-debug'] || undefined,
    broadcast: args.broadcast || undefined,
  }
}

function tlsOf(args: Args): TlsChoice | undefined {
  if (!args.tls) return undefined
  return {
    verify: !args['tls-insecure'],
    sni: args.sni,
    ca: args.ca,
    certificate: args.cert,
    key: args.key,
    alpn: args.alpn ?? [],
  }
}
