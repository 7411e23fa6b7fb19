import { optionOf, type RecordedCase } from './recorded-cases.ts'

/** A row that the table of verdicts has to have: one of `any`, written as `STATE REASON`. */
export interface VerdictRow {
  readonly address: string
  /** undefined where the probe has none. */
  readonly port: number | undefined
  readonly any: readonly string[]
}

type Answer =
  | 'open'
  | 'reset'
  | 'silence'
  | 'admin-prohibited'
  | 'port-unreach'
  | 'host-unreach'
  | 'net-unreach'
  | 'no-route'
  | 'time-exceeded'
  | 'unsent'

type Kind = 'connect' | 'syn' | 'ack' | 'fin' | 'rst' | 'other' | 'udp' | 'icmp' | 'arp'

/** `lab/src/nping-world.mjs`. A network is told by its beginning. */
const NETWORKS: readonly (readonly [string, Answer])[] = [
  ['10.80.', 'admin-prohibited'],
  ['10.81.', 'host-unreach'],
  ['10.82.', 'silence'],
  ['10.77.0.0', 'silence'],
  ['10.77.0.99', 'silence'],
  ['fd80:', 'silence'],
  ['10.83.', 'unsent'],
  ['10.200.', 'unsent'],
]

const TCP_PORTS: Readonly<Record<number, Answer>> = {
  22: 'open',
  80: 'open',
  137: 'silence',
  8: 'admin-prohibited',
  10: 'port-unreach',
  11: 'host-unreach',
  12: 'net-unreach',
}
const UDP_PORTS: Readonly<Record<number, Answer>> = { 7: 'open', 137: 'silence', 8: 'admin-prohibited' }

const NAMES: Readonly<Record<string, string>> = { 'target.lab': '10.77.0.2', 'target2.lab': '10.77.0.3' }

const EXPANDED: Readonly<Record<string, readonly string[]>> = {
  '10.77.0.0/30': ['10.77.0.0', '10.77.0.1', '10.77.0.2', '10.77.0.3'],
  '10.77.0.2-3': ['10.77.0.2', '10.77.0.3'],
}

/** An error during connect() is often seen only with the next SYN, after the end of the run. */
const LATE = 'filtered no-response'

/** The way to the far host: its routers and itself. */
const FAR = {
  '10.79.': ['10.77.0.2', '10.78.0.2', '10.79.0.2'],
  'fd79:': ['fd77::2', 'fd78::2', 'fd79::2'],
} as const

/**
 * What the ports of a run's targets are, by what the world does; empty where packets never leave this machine, and where
 * nobody listens.
 */
export function verdictsOf(run: RecordedCase): readonly VerdictRow[] {
  const { argv } = run
  if (argv.includes('-N') && kindOf(run) !== 'connect') return []
  const kind = kindOf(run)
  const addresses = targetsOf(argv).filter((address) => answerOf(run, kind, address, 0) !== 'unsent')
  const ports = kind === 'icmp' || kind === 'arp' ? [undefined] : portsOf(argv, kind)
  return addresses.flatMap((address) =>
    ports.map((port) => ({
      address,
      port,
      any: verdictBy(kind, answerOf(run, kind, address, port), address),
    })),
  )
}

/** Whether the system refuses to send to a run's target. */
export function isUnsent(run: RecordedCase): boolean {
  return targetsOf(run.argv).some((address) => answerOf(run, kindOf(run), address, 0) === 'unsent')
}

/** The lines that a traceroute's table of hops has to have, times masked; empty for other runs. */
export function hopsOf({ argv }: RecordedCase): readonly string[] {
  const [target = ''] = targetsOf(argv)
  const way = argv.includes('--tr') ? (farWay(target) ?? []) : []
  return way
    .map((address, i) => `${i + 1} ${address} RTTms`)
    .slice(Number(optionOf(argv, '--ttl', '--hop-limit') ?? 1) - 1)
}

function farWay(address: string): readonly string[] | undefined {
  return Object.entries(FAR).find(([beginning]) => address.startsWith(beginning))?.[1]
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

function kindOf({ argv, user }: Pick<RecordedCase, 'argv' | 'user'>): Kind {
  if (argv.includes('--udp')) return 'udp'
  if (argv.includes('--icmp')) return 'icmp'
  if (argv.includes('--arp')) return 'arp'
  if (argv.includes('--tcp')) return kindOfFlags(optionOf(argv, '--flags'))
  if (argv.includes('--tcp-connect') || argv.includes('--unprivileged') || user === 'nobody') return 'connect'
  return argv.includes('-6') || argv.includes('-p') ? 'syn' : 'icmp'
}

/** Neither SYN nor RST nor ACK: an open port passes over it. */
const SILENT_IF_OPEN = ['fin', 'psh', 'urg', 'ece', 'cwr', 'none', 'nil', '', 'fin,psh,urg']

function kindOfFlags(flags: string | undefined): Kind {
  if (flags === undefined || flags === 'syn') return 'syn'
  if (flags === 'ack') return 'ack'
  if (flags === 'rst' || flags === 'all') return 'rst'
  if (SILENT_IF_OPEN.includes(flags)) return 'fin'
  return 'other'
}

function portsOf(argv: readonly string[], kind: Kind): readonly number[] {
  const given = optionOf(argv, '-p')
  if (given === undefined) return [kind === 'udp' ? 40_125 : 80]
  return given.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.replace('ssh', '22').split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  })
}

function answerOf({ argv }: RecordedCase, kind: Kind, address: string, port: number | undefined): Answer {
  if (argv.includes('--badsum')) return 'silence'
  if (isTooShort(argv, address)) return 'time-exceeded'
  if (kind === 'arp' && address.startsWith('10.79.')) return 'silence'
  const network = NETWORKS.find(([beginning]) => address.startsWith(beginning))
  if (network !== undefined) return network[1]
  if (port === undefined) return 'open'
  if (address === '10.77.0.1' || address === '127.0.0.1') return 'reset'
  if (kind === 'udp') return UDP_PORTS[port] ?? 'port-unreach'
  if (address.startsWith('10.79.')) return port === 22 || port === 80 ? 'open' : 'reset'
  return TCP_PORTS[port] ?? 'reset'
}

/** Whether packets end before they are there. */
function isTooShort(argv: readonly string[], address: string): boolean {
  const ttl = Number(optionOf(argv, '--ttl', '--hop-limit') ?? 64)
  return !argv.includes('--tr') && ttl < (farWay(address)?.length ?? 1)
}

/** Several where the system does not tell connect() what came back, or tells it late. */
function verdictBy(kind: Kind, answer: Answer, address: string): readonly string[] {
  // No host answers a RST.
  if (kind === 'rst') return ['unknown no-response']
  switch (answer) {
    case 'open':
      return opened(kind, address)
    case 'reset':
      if (kind === 'connect') return ['closed reset', 'closed conn-refused']
      return [kind === 'ack' || kind === 'other' ? 'unfiltered reset' : 'closed reset']
    case 'silence':
      return silent(kind, address)
    case 'time-exceeded':
      return ['unknown time-exceeded']
    case 'unsent':
      return []
    case 'port-unreach':
      if (kind === 'udp') return ['closed port-unreach']
      return kind === 'connect'
        ? ['filtered port-unreach', 'closed conn-refused', LATE]
        : ['filtered port-unreach']
    case 'admin-prohibited':
    case 'host-unreach':
    case 'net-unreach':
    case 'no-route':
      return rejected(kind, answer, address)
  }
}

function rejected(kind: Kind, answer: string, address: string): readonly string[] {
  if (kind === 'icmp') return [`no answer ${answer}`]
  const six = address.startsWith('fd') && answer === 'net-unreach' ? 'no-route' : answer
  return kind === 'connect' ? [`filtered ${six}`, 'filtered host-unreach', LATE] : [`filtered ${six}`]
}

function opened(kind: Kind, address: string): readonly string[] {
  switch (kind) {
    case 'connect':
    case 'syn':
      return ['open syn-ack']
    case 'ack':
    case 'other':
    case 'rst':
      return ['unfiltered reset']
    case 'fin':
      return ['open|filtered no-response']
    case 'udp':
      return ['open udp-response']
    case 'icmp':
      return ['up echo-reply', 'up timestamp-reply']
    case 'arp':
      return [address.includes(':') ? 'up neighbour-advertisement' : 'up arp-response']
  }
}

function silent(kind: Kind, address: string): readonly string[] {
  if (kind === 'icmp' || kind === 'arp') return ['no answer no-response', 'no answer host-unreach']
  if (kind === 'udp' || kind === 'fin') return ['open|filtered no-response']
  // Who asks for a neighbour in vain is told after three seconds, when the run waits for so long.
  if (address.endsWith('.99')) return ['filtered no-response', 'filtered host-unreach']
  return address.startsWith('fd80')
    ? ['filtered no-response', 'filtered admin-prohibited']
    : ['filtered no-response']
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
