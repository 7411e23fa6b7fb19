import { lastOf, UsageError } from '@portkit/core'
import type { Settings } from '../settings.ts'
import { type Environment, readShard } from '../spread/shard-index.ts'
import type { Args } from './args.ts'
import { refuseConflicts } from './conflicts.ts'
import { levelsOf } from './levels.ts'
import { discoveryOf } from './read-discovery.ts'
import { filesOf, stylesheetOf } from './read-outputs.ts'
import { scansOf } from './read-scans.ts'
import { timingOf } from './read-timing.ts'
import { refuseForeign } from './refused.ts'

/**
 * Makes one picture of the options.
 * @param argv the command line as typed, for the reports
 * @param env what a job runner says about the part of the scan that is ours
 * @throws UsageError where they contradict each other, or for what nmap has and we do not
 */
export function readSettings(args: Args, argv: readonly string[], env: Environment = {}): Settings {
  refuseForeign(args._given)
  const settings: Settings = {
    args: argv,
    ...targetsOf(args),
    discovery: discoveryOf(args),
    ...scansOf(args),
    names: namesOf(args),
    timing: timingOf(args),
    source: sourceOf(args),
    report: reportOf(args),
    exitCode: args['exit-code'],
    seed: args.seed,
    shard: args.shard === undefined ? undefined : readShard(args.shard, env),
    checkpoint: args.checkpoint,
    resume: args.resume,
  }
  refuseConflicts(settings, args._given)
  return settings
}

type Targets = Pick<
  Settings,
  'targets' | 'inputFile' | 'excluded' | 'excludeFile' | 'randomizeHosts' | 'family' | 'allAddresses'
>

function targetsOf(args: Args): Targets {
  if (args.ipv4 && args.ipv6) throw new UsageError('Cannot use both -4 and -6 in one scan.')
  const excluded = args.exclude.flatMap((list) => list.split(',')).filter((part) => part !== '')
  if (excluded.length > 0 && args.excludefile !== undefined) {
    throw new UsageError('--excludefile and --exclude options are mutually exclusive.')
  }
  if (args._given.filter((name) => name === 'iL').length > 1) {
    throw new UsageError('Only one input filename allowed')
  }
  return {
    targets: args._,
    inputFile: args.iL,
    excluded,
    excludeFile: args.excludefile,
    randomizeHosts: args['randomize-hosts'] || args.rH,
    family: args.ipv4 ? 4 : args.ipv6 ? 6 : undefined,
    allAddresses: args['resolve-all'],
  }
}

/** The last one counts. */
function namesOf(args: Args): Settings['names'] {
  const last = lastOf(args, 'no-dns', 'always-dns')
  if (last === undefined) return 'up'
  return last === 'no-dns' ? 'never' : 'all'
}

function sourceOf(args: Args): Settings['source'] {
  return {
    interfaceName: args.interface,
    address: args['source-ip'],
    port: args['source-port'],
    ttl: args.ttl,
    dataLength: args['data-length'],
    badSum: args.badsum,
  }
}

/** From here on nmap tells the reasons of states unasked. */
const VERBOSE_REASONS = 2

function reportOf(args: Args): Settings['report'] {
  const levels = levelsOf(args._given, args)
  const colour = lastOf(args, 'colour', 'color') === 'color' ? args.color : undefined
  return {
    ...levels,
    reason: args.reason || levels.verbose >= VERBOSE_REASONS || levels.debugging > 0,
    openOnly: args.open,
    packetTrace: args['packet-trace'],
    statsEveryMs: args['stats-every'],
    colour: colour ?? args.colour,
    files: filesOf(args),
    appends: args['append-output'],
    stylesheet: stylesheetOf(args),
    progress: progressOf(args),
  }
}

function progressOf(args: Args): boolean | undefined {
  const last = lastOf(args, 'progress', 'no-progress')
  return last && last === 'progress'
}
