import { UsageError } from '@portkit/core'
import type { Mode, Settings } from '../settings.ts'
import { type Args, namesGiven } from './args.ts'

/** Options that say what is sent; several may say the same. */
const SAYS: ReadonlyMap<string, Mode> = new Map<string, Mode>([
  ['tcp-connect', 'tcp-connect'],
  ['tcp', 'tcp'],
  ['udp', 'udp'],
  ['icmp', 'icmp'],
  ['echo-request', 'icmp'],
  ['timestamp', 'icmp'],
  ['arp', 'arp'],
  ['arp-request', 'arp'],
])

/**
 * The mode that is named, undefined for none.
 * @throws UsageError for two, or what cannot be done without privileges when those are ruled out
 */
export function modeOf(args: Args, privileged: Settings['privileged']): Mode | undefined {
  const saying = namesGiven(args).filter((name) => SAYS.has(name))
  const first = saying[0]
  if (first === undefined) return undefined
  const mode = SAYS.get(first)
  const other = saying.find((name) => SAYS.get(name) !== mode)
  if (other !== undefined) throw new UsageError(`only one of --${first} and --${other} can be done at a time`)
  if (privileged !== 'no' || mode === 'tcp-connect' || mode === 'udp') return mode
  throw new UsageError(`--${first} needs packets of our own making, which --unprivileged rules out`)
}

/** Of `--privileged` and `--unprivileged` the second one counts more, as for nping. */
export function privilegesOf({ privileged, unprivileged }: Args): Settings['privileged'] {
  if (unprivileged) return 'no'
  return privileged ? 'yes' : 'auto'
}

/** What kind of ICMP request is sent: the option given last decides. */
export function icmpKindOf(args: Args): Settings['icmp']['kind'] {
  const last = namesGiven(args).findLast((name) => /^(icmp-type|echo-request|timestamp)$/.test(name))
  if (last === 'icmp-type') return args['icmp-type'] ?? 'echo'
  return last === 'timestamp' ? 'timestamp' : 'echo'
}
