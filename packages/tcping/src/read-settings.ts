import { type Parsed, parseAddress, type System, UsageError } from '@portkit/core'
import type { OPTIONS } from './options.ts'
import type { Output, Settings } from './settings.ts'

export type Args = Parsed<typeof OPTIONS>

/** Makes one picture of the options. @throws UsageError where two of them contradict each other */
export function readSettings(args: Args, system: System): Settings {
  refuseContradictions(args, system)
  const flood = args.flood || args.interval === 0
  const family = args.ipv4 ? 4 : args.ipv6 ? 6 : undefined
  return {
    output: outputOf(args),
    count: args.count,
    intervalMs: args.interval,
    flood,
    dots: args.flood,
    timeoutMs: args.timeout,
    deadlineMs: args.deadline,
    ...sourceOf(args, system),
    sourcePort: args['source-port'],
    ttl: args.ttl,
    tos: args.tos,
    // A flood of orderly closes would use up all source ports within seconds.
    close: args.close ?? (flood || args['source-port'] !== undefined ? 'rst' : 'fin'),
    clock: args.clock,
    syn: args.syn,
    backend: args.backend ?? 'auto',
    tls: args.tls ? { serverName: args.sni } : undefined,
    quiet: args.quiet,
    numeric: args.numeric,
    verbose: args.verbose,
    failuresOnly: args['failures-only'],
    report: args.report,
    audible: args.audible,
    beep: args.beep,
    onChange: args['on-change'],
    until: args.until,
    timestamp: args.timestamp ?? (args.unix ? 'unix' : undefined),
    prometheus: args.prometheus,
    reResolveAfter: args['resolve-after'],
    exitCode: args['exit-code'],
    require: args.require,
    family,
    allAddresses: args['all-addresses'],
    colour: args.colour,
  }
}

function refuseContradictions(args: Args, { stdout }: System): void {
  const exclusive = [
    ['-4', args.ipv4, '-6', args.ipv6],
    ['--json', args.json, '--csv', args.csv],
    ['--json', args.json, '--graph', args.graph],
    ['--csv', args.csv, '--graph', args.graph],
    ['--until', args.until, '--require', args.require],
    ['--require', args.require, '--exit-code state', args['exit-code'] === 'state'],
    ['--until', args.until, '--exit-code state', args['exit-code'] === 'state'],
    ['-D', args.unix, '--timestamp', args.timestamp],
    ...connectOnly(args).map(([name, given]) => ['--syn', args.syn, name, given] as const),
    ['--clock packet', args.clock === 'packet', '--backend raw-socket', args.backend === 'raw-socket'],
    ...textOnly(args).flatMap(([name, given]) => [
      ['--json', args.json, name, given] as const,
      ['--csv', args.csv, name, given] as const,
    ]),
  ] as const
  for (const [one, isOne, other, isOther] of exclusive) {
    if (isOne && isOther) throw new UsageError(`${one} and ${other} exclude each other`)
  }
  if (args.sni !== undefined && !args.tls) throw new UsageError('--sni goes with --tls')
  if (args.backend !== undefined && !args.syn && args.clock !== 'packet')
    throw new UsageError('--backend goes with --syn or --clock packet')
  if (args.graph && !stdout.isTty) throw new UsageError('--graph needs a terminal as standard output')
}

/** What there is nothing to do with where no connection is made. */
function connectOnly(args: Args): (readonly [string, unknown])[] {
  return [
    ['--tls', args.tls],
    ['--close', args.close],
    ['--clock kernel', args.clock === 'kernel'],
  ]
}

/** Options that say how lines of text look: records have no such thing. */
function textOnly(args: Args): (readonly [string, unknown])[] {
  return [
    ['-v', args.verbose],
    ['-n', args.numeric],
    ['-D', args.unix],
    ['--timestamp', args.timestamp],
    ['--report', args.report],
    ['--colour', args.colour === 'always'],
  ]
}

function outputOf(args: Args): Output {
  if (args.json) return 'json'
  if (args.csv) return 'csv'
  return args.graph ? 'graph' : 'text'
}

/** `-I` is an address of ours, or the name of an interface. @throws UsageError when this machine has no such thing */
function sourceOf(args: Args, system: System): Pick<Settings, 'sourceAddress' | 'interfaceName'> {
  const text = args.interface
  if (text === undefined) return { sourceAddress: undefined, interfaceName: undefined }
  const own = system.interfaces()
  const address = parseAddress(text)
  if (address !== undefined) return { sourceAddress: address.address, interfaceName: undefined }
  if (Object.hasOwn(own, text)) return { sourceAddress: undefined, interfaceName: text }
  const names = Object.keys(own).join(', ')
  throw new UsageError(`-I: no interface with an address is called ${text} (there are: ${names})`)
}
