import type { Mode, Settings } from '../settings.ts'
import { labelOf } from './args.ts'
import { FLAG_NAMES } from './read-mode.ts'

/** In which modes an option means something; the others mean something in all. hping3 passes over them in silence. */
const MEANS: ReadonlyMap<string, readonly Mode[]> = new Map([
  ...each([...FLAG_NAMES, 'setseq', 'setack', 'win', 'tcp-mss', 'tcp-timestamp', 'seqnum'], ['tcp']),
  ...each(['destport', 'baseport', 'keep'], ['tcp', 'udp']),
])

function each(
  names: readonly string[],
  modes: readonly Mode[],
): readonly (readonly [string, readonly Mode[]])[] {
  return names.map((name) => [name, modes])
}

const NAMES = { tcp: 'TCP', udp: 'UDP', icmp: 'ICMP' } as const satisfies Record<Mode, string>

/** A scan has lines of its own, and one source port. */
const NOT_IN_SCANS: ReadonlySet<string> = new Set([
  'keep',
  'bind',
  'unbind',
  'beep',
  'dump',
  'print',
  'seqnum',
])
/** They add to lines that are not printed. */
const NOT_IN_QUIET: ReadonlySet<string> = new Set(['dump', 'print', 'seqnum', 'beep'])
/** Records have everything, and addresses in figures. */
const NOT_IN_JSON: ReadonlySet<string> = new Set(['verbose', 'quiet', 'numeric', 'tr-no-rtt'])

/** What says which packets of a capture are looked for, or how they are reported. */
const IN_CAPTURES: ReadonlySet<string> = new Set([
  ...['icmp', 'icmptype', 'icmpcode', 'icmp-ts', 'udp', 'scan', 'destport', ...FLAG_NAMES, 'ipv4', 'ipv6'],
  ...['timeout', 'traceroute', 'tr-no-rtt', 'tcp-timestamp', 'rroute', 'beep'],
  ...['verbose', 'quiet', 'numeric', 'debug', 'dump', 'print', 'seqnum'],
  ...['json', 'exit-code', 'tcpexitcode', 'read'],
])

type Circumstances = Pick<Settings, 'mode' | 'scan' | 'quiet' | 'json' | 'read'>

/** One sentence for each option that was given and means nothing in this run. */
export function notesOf(run: Circumstances & Pick<Settings, 'given'>): readonly string[] {
  return [...new Set(run.given)].flatMap((name) => {
    const where = idleWhere(name, run)
    return where === undefined ? [] : [`${labelOf(name)} means nothing ${where}`]
  })
}

function idleWhere(name: string, { mode, scan, quiet, json, read }: Circumstances): string | undefined {
  if (read !== undefined && !IN_CAPTURES.has(name)) return 'with --read'
  if (MEANS.get(name)?.includes(mode) === false) return `in ${NAMES[mode]} mode`
  if (scan !== undefined && NOT_IN_SCANS.has(name)) return 'with -8'
  if (json && NOT_IN_JSON.has(name)) return 'with --json'
  return quiet && NOT_IN_QUIET.has(name) ? 'with -q' : undefined
}
