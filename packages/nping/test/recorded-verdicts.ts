import {
  type Answer,
  answerOf,
  optionOf,
  type ProbeKind,
  type RecordedCase,
  verdictsBy,
  wayTo,
} from '@portkit/lab/recorded'

/** A row that the table of verdicts has to have: one of `any`, written as `STATE REASON`. */
export interface VerdictRow {
  readonly address: string
  /** undefined where the probe has none. */
  readonly port: number | undefined
  readonly any: readonly string[]
}

const NAMES: Readonly<Record<string, string>> = { 'target.lab': '10.77.0.2', 'target2.lab': '10.77.0.3' }

const EXPANDED: Readonly<Record<string, readonly string[]>> = {
  '10.77.0.0/30': ['10.77.0.0', '10.77.0.1', '10.77.0.2', '10.77.0.3'],
  '10.77.0.2-3': ['10.77.0.2', '10.77.0.3'],
}

/**
 * What the ports of a run's targets are, by what the world does; empty where packets never leave this machine, and where
 * nobody listens.
 */
export function verdictsOf(run: RecordedCase): readonly VerdictRow[] {
  const { argv } = run
  if (argv.includes('-N') && kindOf(run) !== 'connect') return []
  const kind = kindOf(run)
  const addresses = targetsOf(argv).filter((address) => answerIn(run, kind, address, 0) !== 'unsent')
  const ports = kind === 'icmp' || kind === 'arp' ? [undefined] : portsOf(argv, kind)
  return addresses.flatMap((address) =>
    ports.map((port) => ({
      address,
      port,
      any: verdictsBy(kind, answerIn(run, kind, address, port), address),
    })),
  )
}

/** Whether the system refuses to send to a run's target. */
export function isUnsent(run: RecordedCase): boolean {
  return targetsOf(run.argv).some((address) => answerIn(run, kindOf(run), address, 0) === 'unsent')
}

/** The lines that a traceroute's table of hops has to have, times masked; empty for other runs. */
export function hopsOf({ argv }: RecordedCase): readonly string[] {
  const [target = ''] = targetsOf(argv)
  const way = argv.includes('--tr') ? (wayTo(target) ?? []) : []
  return way
    .map((address, i) => `${i + 1} ${address} RTTms`)
    .slice(Number(optionOf(argv, '--ttl', '--hop-limit') ?? 1) - 1)
}

/** The lines of a table of hops, blanks and times put together. */
export function hopLines(table: readonly string[]): readonly string[] {
  return table
    .map((line) => line.trim().replaceAll(/\s+/g, ' '))
    .filter((line) => /^\d+ /.test(line))
    .map((line) => line.replace(/\b\d+\.\d{3}ms/, 'RTTms'))
}

function targetsOf(argv: readonly string[]): readonly string[] {
  return argv.flatMap((word, i) => (isTarget(argv, word, i) ? (EXPANDED[word] ?? [NAMES[word] ?? word]) : []))
}

function isTarget(argv: readonly string[], word: string, at: number): boolean {
  return /^(?:10\.|fd|127\.|target)/.test(word) && argv[at - 1] !== '-S'
}

function kindOf({ argv, user }: Pick<RecordedCase, 'argv' | 'user'>): ProbeKind {
  if (argv.includes('--udp')) return 'udp'
  if (argv.includes('--icmp')) return 'icmp'
  if (argv.includes('--arp')) return 'arp'
  if (argv.includes('--tcp')) return kindOfFlags(optionOf(argv, '--flags'))
  if (argv.includes('--tcp-connect') || argv.includes('--unprivileged') || user === 'nobody') return 'connect'
  return argv.includes('-6') || argv.includes('-p') ? 'syn' : 'icmp'
}

/** Neither SYN nor RST nor ACK: an open port passes over it. */
const SILENT_IF_OPEN = ['fin', 'psh', 'urg', 'ece', 'cwr', 'none', 'nil', '', 'fin,psh,urg']

function kindOfFlags(flags: string | undefined): ProbeKind {
  if (flags === undefined || flags === 'syn') return 'syn'
  if (flags === 'ack') return 'ack'
  if (flags === 'rst' || flags === 'all') return 'rst'
  if (SILENT_IF_OPEN.includes(flags)) return 'fin'
  return 'other'
}

function portsOf(argv: readonly string[], kind: ProbeKind): readonly number[] {
  const given = optionOf(argv, '-p')
  if (given === undefined) return [kind === 'udp' ? 40_125 : 80]
  return given.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.replace('ssh', '22').split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  })
}

function answerIn(
  { argv }: RecordedCase,
  kind: ProbeKind,
  address: string,
  port: number | undefined,
): Answer {
  const ttl = Number(optionOf(argv, '--ttl', '--hop-limit') ?? 64)
  return answerOf({
    kind,
    address,
    port,
    ttl: argv.includes('--tr') ? undefined : ttl,
    isBroken: argv.includes('--badsum'),
  })
}

/** What is missing in a table of verdicts, or too much in it; empty when nothing is. */
export function missingRows(rows: readonly VerdictRow[], table: readonly string[]): readonly string[] {
  const header = table.findIndex((line) => line.startsWith('TARGET'))
  const lines = header < 0 ? [] : table.slice(header + 1)
  return [
    ...rows
      .filter((row) => !lines.some((line) => isRow(row, line)))
      .map(({ address, port, any }) => `${address} ${port ?? ''} ${any.join(' or ')}`),
    ...lines.filter((line) => !rows.some((row) => isRow(row, line))).map((line) => `not: ${line}`),
  ]
}

/** A line of the table: target, port, state, reason. */
function isRow({ address, port, any }: VerdictRow, line: string): boolean {
  const words = ` ${line.replaceAll(/[\s()/]+/g, ' ')} `
  const names = words.includes(` ${address} `) && (port === undefined || words.includes(` ${port} `))
  return names && any.some((verdict) => words.includes(` ${verdict} `))
}
