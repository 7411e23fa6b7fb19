import { readFileSync } from 'node:fs'
import {
  answerOf,
  type Outcome,
  optionOf,
  type ProbeKind,
  type RecordedCase,
  verdictsBy,
  wayTo,
} from '@portkit/lab/recorded'
import { isScan } from './recorded-normal.ts'

/** What the world says of one port, in words as `STATE (REASON)`; undefined: a host's. */
interface Expected {
  readonly port: number | undefined
  readonly any: readonly string[]
}

/** What a line about a port, or a row of the table, says. */
interface Told {
  readonly port: number | undefined
  readonly says: string
}

const NAMES: Readonly<Record<string, string>> = { 'target.lab': '10.77.0.2' }
/** The router next door, which is where networks are said not to be reached. */
const ROUTER = '10.77.0.2'

const LAST_PORT = 65_535

/** `udp ports 23-24: closed (port-unreach), 1 of 1 answered` or `10.77.0.2: up (echo-reply), 2 of 2 answered` */
const LINE = /^(?:(?:udp )?ports? (\d+)(?:-(\d+))?|\S+): (.+\)), (\d+) of (\d+) answered$/
/** `22/tcp ssh  open  syn-ack` and more. */
const ROW =
  /^\s*(\d+)\/(?:tcp|udp) +(?:\S+ +)?(open|closed|filtered|open\|filtered|unfiltered|unknown) +(\S+)/
const CROWD = /^Not shown: (\d+) (\S+) ports \((\S+)\)$/

/** What is wrong with what ours says of the ports that it asked; empty when nothing is. */
export function verdictFaults(run: RecordedCase, ours: Outcome): readonly string[] {
  return isScan(run.argv) ? scanFaults(run, ours) : lineFaults(run, ours)
}

function lineFaults(run: RecordedCase, { table, stderr, wire }: Outcome): readonly string[] {
  const lines = table.flatMap((line) => [LINE.exec(line) ?? []].filter((match) => match.length > 0))
  const told = lines.flatMap(([, first, last = first, says = '']): readonly Told[] => {
    if (first === undefined) return [{ port: undefined, says }]
    return range(Number(first), Number(last)).map((port) => ({ port, says }))
  })
  const counted = (at: 4 | 5): number =>
    lines.reduce((sum, match) => {
      const ports = match[1] === undefined ? 1 : Number(match[2] ?? match[1]) - Number(match[1]) + 1
      return sum + ports * Number(match[at])
    }, 0)
  const sums = `${counted(5)} packets transmitted, ${counted(4)} packets received,`
  const all = stderr.find((line) => line.includes(' packets transmitted, ')) ?? ''
  return [
    ...compared(expectedOf(run, askedPorts(run, wire)), told),
    ...(all.startsWith(sums) ? [] : [`the verdicts make ${sums} and the statistics ${all}`]),
  ]
}

/** In a table with many ports those alike are only counted. */
function scanFaults(run: RecordedCase, { table, wire }: Outcome): readonly string[] {
  const expected = expectedOf(run, askedPorts(run, wire))
  const rows = table.flatMap((line): readonly Told[] => {
    const [, port, state, reason] = ROW.exec(line) ?? []
    return port === undefined ? [] : [{ port: Number(port), says: `${state} (${reason})` }]
  })
  const crowds = table.flatMap((line) => {
    const [, size, state, reason] = CROWD.exec(line) ?? []
    return size === undefined ? [] : [{ size: Number(size), says: `${state} (${reason})` }]
  })
  const shown = expected.filter(({ port }) => rows.some((row) => row.port === port))
  const counted = expected.filter((each) => !shown.includes(each))
  return [
    ...compared(shown, rows),
    ...crowds.flatMap(({ size, says }) => {
      const wanted = counted.filter(({ any }) => any.includes(says)).length
      return size === wanted ? [] : [`${size} ports are ${says}, not ${wanted}`]
    }),
    ...counted
      .filter(({ any }) => !crowds.some(({ says }) => any.includes(says)))
      .map(({ port, any }) => `nothing is told of port ${port}: ${any.join(' or ')}`),
  ]
}

function compared(expected: readonly Expected[], told: readonly Told[]): readonly string[] {
  const missing = expected.filter(
    ({ port, any }) => !told.some((each) => each.port === port && any.includes(each.says)),
  )
  const wrong = told.filter(({ port }) => !expected.some((each) => each.port === port))
  return [
    ...missing.map(({ port, any }) => `port ${port} is not told as ${any.join(' or ')}`),
    ...wrong.map(({ port, says }) => `not asked: port ${port}, ${says}`),
    ...(told.length > expected.length ? ['a port is told more than once'] : []),
  ]
}

function expectedOf(run: RecordedCase, ports: readonly (number | undefined)[]): readonly Expected[] {
  const { argv } = run
  const host = argv.at(-1) ?? ''
  const address = NAMES[host] ?? host
  const kind = kindOf(argv)
  const ttl = optionOf(argv, '-t', '--ttl')
  const rises = argv.includes('-z') || (argv.includes('-T') && !argv.includes('--tr-keep-ttl'))
  return ports.map((port) => {
    const question = { kind, address, port, ttl: rises || ttl === undefined ? undefined : Number(ttl) }
    const answer = answerOf({ ...question, isBroken: isBroken(argv) })
    const by = byWhom(answer, address, question.ttl)
    return { port, any: verdictsBy(kind, answer, address).map((verdict) => worded(verdict, by)) }
  })
}

/** Who sends an error, when it is not the target. */
function byWhom(answer: string, address: string, ttl: number | undefined): string | undefined {
  if (answer === 'time-exceeded') return wayTo(address)?.[(ttl ?? 1) - 1]
  return /^10\.8[01]\./.test(address) ? ROUTER : undefined
}

/** `filtered admin-prohibited` as `filtered (admin-prohibited from 10.77.0.2)` */
function worded(verdict: string, by: string | undefined): string {
  const at = verdict.lastIndexOf(' ')
  const from = by === undefined || verdict.endsWith('no-response') ? '' : ` from ${by}`
  return `${verdict.slice(0, at)} (${verdict.slice(at + 1)}${from})`
}

function isBroken(argv: readonly string[]): boolean {
  return ['-b', '-x', '-g'].some((word) => argv.includes(word))
}

/** By what an open port makes of the flags. */
function kindOf(argv: readonly string[]): ProbeKind {
  if (argv.includes('-2')) return 'udp'
  if (argv.includes('-1') || argv.includes('-C') || argv.includes('--icmp-ts')) return 'icmp'
  const flags = argv.filter((word) => /^-[SAFRPUXY]+$/.test(word)).join('')
  if (flags.includes('R')) return 'rst'
  if (flags.includes('A')) return flags.includes('S') ? 'other' : 'ack'
  return flags.includes('S') || argv.includes('--sy') ? 'syn' : 'fin'
}

/** Those of a list, else those on the wire, where what goes to ourselves is not seen. */
function askedPorts({ argv }: RecordedCase, wire: readonly string[]): readonly (number | undefined)[] {
  if (kindOf(argv) === 'icmp') return [undefined]
  const named = optionOf(argv, '-8')
  if (named === 'known') return knownPorts()
  const list = named?.replace('all', `0-${LAST_PORT}`)
  if (list !== undefined && /^[\d,-]+$/.test(list)) return portsIn(list)
  const ports = wire.flatMap((line) => [
    ...portsIn(/^N=(\S+) /.exec(line)?.[1]),
    ...(/ > (?:[\d.]+|fd[\da-f:]+)\.(\d+): (?:Flags|UDP)/.exec(line)?.slice(1).map(Number) ?? []),
  ])
  return ports.length > 0 ? [...new Set(ports)] : [Number(optionOf(argv, '-p') ?? 0)]
}

/** Those with a name, whatever the protocol: services(5). */
function knownPorts(): readonly number[] {
  const named = readFileSync('/etc/services', 'utf8').matchAll(/^[^#\s]\S*\s+(\d+)\//gm)
  return [...new Set(Array.from(named, ([, port]) => Number(port)))]
}

/** `20-22,80` */
function portsIn(list: string | undefined): readonly number[] {
  return (list?.split(',') ?? []).flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number)
    return range(first, last)
  })
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}
