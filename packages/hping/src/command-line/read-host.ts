import { type Family, lastOf, parseAddress, parseHost, shown, UsageError } from '@portkit/core'
import type { Settings } from '../settings.ts'
import type { Args } from './args.ts'

/** The host and the family, which a literal settles. @throws UsageError */
export function hostOf(args: Args): Pick<Settings, 'host' | 'family'> {
  const [host, second] = args._
  if (second !== undefined) {
    throw new UsageError(`one host at a time: ${shown(host ?? '')} or ${shown(second)}?`)
  }
  const asked = familyOf(args)
  if (host === undefined) {
    if (args.read === undefined) throw new UsageError('no host: whom to ping?')
    return { host, family: asked }
  }
  const target = parseHost(host)
  const literal = target.kind === 'address' ? target.address.family : undefined
  if (asked !== undefined && literal !== undefined && asked !== literal) {
    throw new UsageError(`-${asked} and an IPv${literal} address do not go together: ${shown(host)}`)
  }
  return { host, family: asked ?? literal }
}

/** Of `-4` and `-6` the last one counts. */
function familyOf(args: Args): Family | undefined {
  const last = lastOf(args, 'ipv4', 'ipv6')
  if (last === undefined) return undefined
  return last === 'ipv4' ? 4 : 6
}

/** `-a`: a literal is of the family of the run. @throws UsageError */
export function sourceOf({ spoof }: Args, family: Family | undefined): string | undefined {
  const own = spoof === undefined ? undefined : parseAddress(spoof)
  if (own === undefined || family === undefined || own.family === family) return spoof
  throw new UsageError(`-a: not an IPv${family} address: ${spoof}`)
}
