import { lastOf } from '@portkit/core'
import type { Settings } from '../settings.ts'
import type { Args } from './args.ts'

/** `--fast`, in nanoseconds. */
const FAST_NS = 100e6
/** `--faster`, which hping3's help calls ten times as long. */
const FASTER_NS = 1e3

/** Of `-i`, `--fast` and `--faster` the last one counts, but nothing is faster than `--max-rate`. */
export function timingOf(args: Args): Pick<Settings, 'intervalNs' | 'isCapped'> {
  const shortest = 1e9 / args['max-rate']
  const asked = askedNs(args)
  if (asked === undefined) {
    const isSlowed = args.scan !== undefined && args._given.includes('max-rate')
    return { intervalNs: isSlowed ? shortest : undefined, isCapped: false }
  }
  return { intervalNs: Math.max(asked, shortest), isCapped: asked < shortest }
}

function askedNs(args: Args): number | undefined {
  const last = lastOf(args, 'interval', 'fast', 'faster')
  if (last === 'interval') return args.interval
  if (last === 'fast') return FAST_NS
  return last === 'faster' ? FASTER_NS : undefined
}
