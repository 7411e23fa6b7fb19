import { type Parsed, UsageError } from '@portkit/core'
import type { Depth, Output, OwnProbe, Settings } from '../settings.ts'
import type { OPTIONS } from './options.ts'

export type Args = Parsed<typeof OPTIONS>

/** Makes one picture of the options. @throws UsageError where two of them contradict each other */
export function readSettings(args: Args): Settings {
  refuseContradictions(args)
  return {
    transport: args.udp ? 'udp' : 'tcp',
    family: args.ipv4 ? 4 : args.ipv6 ? 6 : undefined,
    timeoutMs: args.timeout ?? (args.thorough ? THOROUGH_MS : USUAL_MS),
    waitMs: args.wait,
    depth: depthOf(args),
    tls: tlsOf(args),
    startTls: args.starttls === 'postgres' ? 'postgresql' : args.starttls,
    sni: args.sni,
    own: ownOf(args),
    wishes: { community: args.community, hostKeys: args['host-keys'], follow: args.follow },
    printers: args['allow-printers'],
    atOnce: args.concurrency,
    ratePerS: args.rate,
    fingerprints: args.fingerprints,
    output: outputOf(args),
    openOnly: args.open,
    hex: args.hex,
    verbose: args.verbose,
    colour: args.colour,
    exitCode: args['exit-code'],
  }
}

/** Milliseconds for one port. */
const USUAL_MS = 5000
/** Every probe there is waits for its answer. */
const THOROUGH_MS = 60_000

type Given = readonly [name: string, given: unknown]

function refuseContradictions(args: Args): void {
  const light: Given = ['--light', args.light]
  const tls: Given = ['--tls', args.tls]
  const noTls: Given = ['--no-tls', args['no-tls']]
  const startTls: Given = ['--starttls', args.starttls]
  const sni: Given = ['--sni', args.sni]
  const records: readonly Given[] = [
    ['--json', args.json],
    ['--csv', args.csv],
    ['--url', args.url],
  ]
  refuseBoth(['-4', args.ipv4], ['-6', args.ipv6])
  refuseGreeting(args)
  refuseBoth(light, ['--thorough', args.thorough], ...asking(args), tls, startTls)
  refuseBoth(['-u', args.udp], light, tls, startTls, sni, ...overTcp(args))
  for (const own of ownQuestion(args))
    refuseBoth(own, ['--thorough', args.thorough], startTls, ...overTcp(args))
  refuseBoth(noTls, tls, startTls, sni)
  refuseBoth(startTls, tls)
  for (const [i, record] of records.entries()) refuseBoth(record, ...records.slice(i + 1), ...forPeople(args))
}

/** There are no greetings over UDP. */
function refuseGreeting({ udp, match, probe }: Args): void {
  if (udp && match !== undefined && probe === undefined)
    throw new UsageError('with -u, --match goes with --probe')
}

function refuseBoth([one, isOne]: Given, ...others: readonly Given[]): void {
  for (const [other, isOther] of others)
    if (isOne && isOther) throw new UsageError(`${one} and ${other} exclude each other`)
}

/** What there is nothing to do with where nothing is sent. */
function asking(args: Args): readonly Given[] {
  return [['--probe', args.probe], ...overTcp(args)]
}

/** What takes the place of all other questions. */
function ownQuestion(args: Args): readonly Given[] {
  return [
    ['--probe', args.probe],
    ['--match', args.match],
  ]
}

/** What only protocols over TCP have. */
function overTcp(args: Args): readonly Given[] {
  return [
    ['--host-keys', args['host-keys']],
    ['--follow', args.follow > 0],
  ]
}

/** Options that say how lines of text look: records have no such thing. */
function forPeople(args: Args): readonly Given[] {
  return [
    ['-v', args.verbose],
    ['--hex', args.hex],
    ['--colour', args.colour === 'always'],
  ]
}

function depthOf({ light, thorough }: Args): Depth {
  if (light) return 'light'
  return thorough ? 'thorough' : 'usual'
}

function tlsOf(args: Args): Settings['tls'] {
  if (args.tls) return 'always'
  return args['no-tls'] ? 'never' : 'auto'
}

function ownOf({ probe, match }: Args): OwnProbe | undefined {
  if (probe === undefined && match === undefined) return undefined
  return { octets: probe ?? new Uint8Array(), match }
}

function outputOf({ json, csv, url }: Args): Output {
  if (json) return 'json'
  if (csv) return 'csv'
  return url ? 'url' : 'text'
}
