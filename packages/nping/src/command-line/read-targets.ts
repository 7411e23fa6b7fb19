import { type Family, lastOf, parseTargetSpec, shown, type TargetRange, UsageError } from '@portkit/core'
import type { Settings } from '../settings.ts'
import type { Args } from './args.ts'

/** Of `-4` and `-6` the last one counts. */
export function familyOf(args: Args): Family | undefined {
  const last = lastOf(args, 'ipv4', 'IPv4', 'ipv6', 'IPv6')
  if (last === undefined) return undefined
  return last === 'ipv4' || last === 'IPv4' ? 4 : 6
}

/** Where to: `--dest-ip` first, as with nping, then the words. @throws UsageError */
export function targetsOf(args: Args, family: Family | undefined): Pick<Settings, 'targets' | 'targetCount'> {
  const targets = [...args['dest-ip'], ...args._].map(parseTargetSpec)
  for (const target of targets) refuseOtherFamily(target, family)
  const targetCount = targets.reduce((sum, { count }) => sum + count, 0)
  const most = args['max-targets']
  if (targetCount > most) {
    throw new UsageError(`${targetCount} addresses are more than ${most}: --max-targets allows more`)
  }
  if (targets.length === 0 && args.read === undefined) throw new UsageError('no target: whom to ping?')
  return { targets, targetCount }
}

function refuseOtherFamily(target: TargetRange, family: Family | undefined): void {
  if (family === undefined || target.kind === 'name' || target.family === family) return
  throw new UsageError(
    `-${family} and an IPv${target.family} address do not go together: ${shown(target.text)}`,
  )
}
