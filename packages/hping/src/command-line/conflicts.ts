import { UsageError } from '@portkit/core'
import { isFragment } from '../packet-shape.ts'
import type { Settings } from '../settings.ts'
import { labelOf } from './args.ts'

/** Options that would spoil JSON on standard output. */
const NOT_JSON = ['debug', 'dump', 'print', 'seqnum', 'beep'] as const
/** Options about how often and where, which a scan settles by itself. */
const NOT_SCAN = ['destport', 'count', 'traceroute'] as const
const OF_TRACEROUTES = ['tr-stop', 'tr-keep-ttl', 'tr-no-rtt'] as const

type Conflict = readonly [why: string, isSo: boolean]

/** @throws UsageError for options that contradict each other, or that only make sense beside others */
export function refuseConflicts(settings: Settings): void {
  const { mode, scan, ip, read, write } = settings
  const has = (name: string): boolean => settings.given.includes(name)
  const pairs: readonly Conflict[] = [
    [
      '-8: there are no ports in ICMP mode: scan by TCP, or by UDP with -2',
      scan !== undefined && mode === 'icmp',
    ],
    ...NOT_SCAN.map(
      (name) => [`-8 and ${labelOf(name)} do not go together`, scan !== undefined && has(name)] as const,
    ),
    ['--retries goes with -8 only', has('retries') && scan === undefined],
    ...ofTraceroutes(settings, has),
    ['-z and -Z do not go together', has('bind') && has('unbind')],
    ...NOT_JSON.map(
      (name) => [`--json and ${labelOf(name)} do not go together`, settings.json && has(name)] as const,
    ),
    ['--tcpexitcode and --exit-code do not go together', has('tcpexitcode') && has('exit-code')],
    ['--tcpexitcode goes with TCP only', has('tcpexitcode') && mode !== 'tcp'],
    ['--tcpexitcode and -8 do not go together', has('tcpexitcode') && scan !== undefined],
    [
      '-f and -m cut packets, -x and -g make a single fragment: not both',
      ip.mtu !== undefined && isFragment(ip),
    ],
    ['--read and --write do not go together', read !== undefined && write !== undefined],
    ['--write needs the name of a file: standard output has the report', write === '-'],
  ]
  for (const [why, isSo] of pairs) if (isSo) throw new UsageError(why)
  if (settings.family === 6) refuseIpv6(settings)
}

function ofTraceroutes({ traceroute, ip }: Settings, has: (name: string) => boolean): readonly Conflict[] {
  return [
    ...OF_TRACEROUTES.map((name) => [`--${name} goes with -T only`, has(name) && !traceroute] as const),
    ['-T and -t 0 do not go together: hops count from 1', traceroute && ip.ttl === 0],
  ]
}

/**
 * Refuses what IPv6 does not have: for literals when the command line is read, for names when they are resolved.
 * @throws UsageError
 */
export function refuseIpv6({ mode, icmp, ip }: Pick<Settings, 'mode' | 'icmp' | 'ip'>): void {
  const pairs: readonly Conflict[] = [
    ['-G: IPv6 does not record routes', ip.recordRoute],
    ['-y: IPv6 has no such flag, routers never cut its packets', ip.dontFragment],
    ['-N: only fragments have an identification in IPv6', ip.id !== undefined && !isFragment(ip)],
    ['timestamp requests have no IPv6', mode === 'icmp' && icmp === 'timestamp'],
  ]
  for (const [why, isSo] of pairs) if (isSo) throw new UsageError(why)
}
