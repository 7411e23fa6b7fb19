import { lastOf, TCP_FLAG, UsageError } from '@portkit/core'
import type { Mode, Settings } from '../settings.ts'
import { type Args, labelOf } from './args.ts'

/** Options that say what is sent; several may say the same, and without any it is TCP. */
const SAYS: ReadonlyMap<string, Mode> = new Map<string, Mode>([
  ['icmp', 'icmp'],
  ['icmptype', 'icmp'],
  ['icmpcode', 'icmp'],
  ['icmp-ts', 'icmp'],
  ['udp', 'udp'],
])

/** @throws UsageError for two modes; hping3 takes ICMP then, whatever came last */
export function modeOf({ _given }: Pick<Args, '_given'>): Mode {
  const [first, ...others] = _given.filter((name) => SAYS.has(name))
  const mode = SAYS.get(first ?? '')
  if (first === undefined || mode === undefined) return 'tcp'
  const other = others.find((name) => SAYS.get(name) !== mode)
  if (other === undefined) return mode
  throw new UsageError(`only one of ${labelOf(first)} and ${labelOf(other)} can be done at a time`)
}

/** What kind of ICMP request is sent: the option given last decides. */
export function icmpOf(args: Args): Settings['icmp'] {
  const last = lastOf(args, 'icmptype', 'icmp-ts')
  if (last === 'icmptype') return args.icmptype ?? 'echo'
  return last === 'icmp-ts' ? 'timestamp' : 'echo'
}

/** The bits of the flags that were given, by the names of the options. */
const BITS = {
  fin: TCP_FLAG.fin,
  syn: TCP_FLAG.syn,
  rst: TCP_FLAG.rst,
  push: TCP_FLAG.psh,
  ack: TCP_FLAG.ack,
  urg: TCP_FLAG.urg,
  xmas: TCP_FLAG.ece,
  ymas: TCP_FLAG.cwr,
} as const satisfies Partial<Record<keyof Args, number>>

export const FLAG_NAMES: readonly string[] = Object.keys(BITS)

/** A mask of `TCP_FLAG`s. */
export function flagsOf(args: Pick<Args, keyof typeof BITS>): number {
  const names = Object.keys(BITS) as (keyof typeof BITS)[]
  return names.reduce((flags, name) => (args[name] ? flags | BITS[name] : flags), 0)
}
