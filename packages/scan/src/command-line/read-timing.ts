import { UsageError } from '@portkit/core'
import type { Timing } from '../model/timing.ts'
import type { Args } from './args.ts'
import { templateOf } from './templates.ts'

type Rtts = Pick<Timing, 'initialRttMs' | 'minRttMs' | 'maxRttMs'>

/** The template, and what single options change in it, whichever comes first. @throws UsageError where they contradict each other */
export function timingOf(args: Args): Timing {
  refuseContradictions(args)
  const usual = templateOf(args.timing)
  const hostTimeoutMs = args['host-timeout'] ?? usual.hostTimeoutMs
  const minParallelism = args['min-parallelism'] ?? usual.minParallelism
  const minHostgroup = args['min-hostgroup'] ?? usual.minHostgroup
  return {
    ...usual,
    ...rttsOf(args, usual),
    maxRetries: args['max-retries'] ?? usual.maxRetries,
    isMaxRetriesFixed: args['max-retries'] !== undefined,
    hostTimeoutMs: hostTimeoutMs === 0 ? Number.POSITIVE_INFINITY : hostTimeoutMs,
    scanDelayMs: args['scan-delay'] ?? usual.scanDelayMs,
    minRate: args['min-rate'] ?? usual.minRate,
    maxRate: args['max-rate'] ?? usual.maxRate,
    minParallelism,
    maxParallelism: args['max-parallelism'] ?? Math.max(usual.maxParallelism, minParallelism),
    minHostgroup,
    maxHostgroup: args['max-hostgroup'] ?? Math.max(usual.maxHostgroup, minHostgroup),
    maxOpen: args['max-open'] ?? usual.maxOpen,
    // As nmap: with --open nobody looks at closed ports.
    defeatsRstLimit: args['defeat-rst-ratelimit'] || args.open,
  }
}

/** One of them moves the others out of its way, as with nmap 7.93. */
function rttsOf(args: Args, usual: Rtts): Rtts {
  const min = args['min-rtt-timeout']
  const max = args['max-rtt-timeout']
  const initial = args['initial-rtt-timeout']
  const least = Math.min(min ?? usual.minRttMs, max ?? Infinity, initial ?? Infinity)
  const most = Math.max(max ?? usual.maxRttMs, least, initial ?? 0)
  const first = initial ?? usual.initialRttMs
  return { minRttMs: least, maxRttMs: most, initialRttMs: Math.min(most, Math.max(least, first)) }
}

/** Of each pair the smaller one first. */
const PAIRS = [
  ['min-rate', 'max-rate'],
  ['min-parallelism', 'max-parallelism'],
  ['min-hostgroup', 'max-hostgroup'],
  ['min-rtt-timeout', 'max-rtt-timeout'],
  ['min-rtt-timeout', 'initial-rtt-timeout'],
  ['initial-rtt-timeout', 'max-rtt-timeout'],
] as const

function refuseContradictions(args: Args): void {
  for (const [low, high] of PAIRS) {
    const [least, most] = [args[low], args[high]]
    if (least === undefined || most === undefined || least <= most) continue
    const unit = low.endsWith('timeout') ? 'ms' : ''
    throw new UsageError(`--${low}=${least}${unit} must be less than or equal to --${high}=${most}${unit}`)
  }
}
