import { type Dialect, type Given, linesOf, optionOf, probesAmong, type Report } from '@portkit/lab/recorded'

/** How many source ports a run that is given the first one may use. */
const MOST_PORTS = 10

/** What ours alone tells behind the statistics: the spread of the round trips, and the verdicts. */
const OURS =
  /^round-trip mdev = \d+\.\d{3} ms$|^(?:(?:udp )?ports? [\d-]+|\S+): [a-z|]+(?: \w+)* \(.+\), \d+ of \d+ answered$/

/** The last line of a scan by hping3; ours has a table behind it. */
const SCANNED = 'Not responding ports: '

/** Round trips, clocks, checksums and the random numbers of answers: they are never the same twice. */
const ALWAYS: readonly (readonly [RegExp, string])[] = [
  [/\b((?:hop)?rtt)=\d+\.\d+ ms$/, '$1=RTT ms'],
  [/^(round-trip min\/avg\/max) = 0\.0\/0\.0\/0\.0 ms$/, '$1 = NONE'],
  [/^(round-trip min\/avg\/max) = [\d.]+\/[\d.]+\/[\d.]+ ms$/, '$1 = RTT'],
  [/(?<=\blen=\d+ ip=.* )id=(?!0\b)\d+/, 'id=ID'],
  [/^seq=(?!0 )\d+(?= ack=)/, 'seq=SEQ'],
  [/(?<=^seq=\S+ )ack=\d+ sum=[0-9a-f]+/, 'ack=ACK sum=SUM'],
  [/^(?=.{10} \+) *\d+ \+\d+$/, 'ISN +INCREASE'],
  // A row of a scan: port, service, flags, time to live.
  [/(?<=^.{5} .{11}: [.FSRPAXY ]{8} [ \d]{3} ) *[1-9]\d*(?= )/, 'ID'],
  [/(?<=^ {2}TCP timestamp: )tcpts=\d+$/, 'tcpts=CLOCK'],
  [/\b(Originate|Receive|Transmit)=\d+/g, '$1=CLOCK'],
  [/^(ICMP timestamp RTT) tsrtt=\d+$/, '$1 tsrtt=RTT'],
  [/^(status=\d port)=\d+/, '$1=PORT'],
  // Dumps: as many octets, of which the fixed ones of an IP header and those of UDP data are seen.
  [
    /^\t\t(45[0-9a-f]{2} [0-9a-f]{4}) [0-9a-f]{4} ([0-9a-f]{4} [0-9a-f]{4}) [0-9a-f]{4} /,
    '\t\t$1 ID $2 SUM ',
  ],
  [/^\t\t(?!45)(?:[0-9a-f]{2,4} ?)+$/, '\t\tOCTETS'],
  [/^\t\tE.{27}/, '\t\tHEADERS'],
]

/** How hping3 and hping-ts are told to do something, and what they print. */
export const DIALECT: Dialect = {
  packets: (lines, argv) => {
    const probes = probesAmong(lines, givenBy(argv))
    return isScan(argv) ? condensed(probes) : probes
  },
  report: reportOf,
}

function givenBy(argv: readonly string[]): Given {
  const given = (...names: string[]): boolean => optionOf(argv, ...names) !== undefined
  const first = Number(optionOf(argv, '-s', '--baseport'))
  return {
    arp: false,
    isSourcePort: (port) => port >= first && port < first + MOST_PORTS,
    ipId: given('-N', '--id'),
    seq: given('-M', '--setseq'),
    ack: given('-L', '--setack'),
    icmpId: false,
    // hping3 writes it in the byte order of the machine.
    icmpSeq: false,
  }
}

export function isScan(argv: readonly string[]): boolean {
  return argv.includes('-8') || argv.includes('--scan')
}

/** hping3 asks ports that do not answer again and again: the ports that were asked, and how. */
function condensed(probes: readonly string[]): readonly string[] {
  const ports = new Map<string, Set<number>>()
  for (const probe of probes) {
    const [, before = '', port = '', behind = ''] = /^(.* > [\d.]+)\.(\d+)(: .*)$/.exec(probe) ?? []
    const shape = `${before}.N${behind}`
    ports.set(shape, (ports.get(shape) ?? new Set()).add(Number(port)))
  }
  return Array.from(ports, ([shape, asked]) => `N=${rangesOf([...asked].sort((a, b) => a - b))} ${shape}`)
}

/** `20-22,80` */
function rangesOf(ports: readonly number[]): string {
  const ranges: [number, number][] = []
  for (const port of ports) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] + 1 === port) last[1] = port
    else ranges.push([port, port])
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',')
}

/** Splits off what ours alone tells, and masks what varies. */
function reportOf(stdout: string, stderr: string): Report {
  const lines = linesOf(stdout)
  const last = lines.findLastIndex((line) => line.startsWith(SCANNED))
  const end = last < 0 ? lines.length : last + 1
  const errors = linesOf(stderr)
  return {
    lines: lines.slice(0, end).map(masked),
    stderr: errors.filter((line) => !OURS.test(line)).map(masked),
    table: [...lines.slice(end), ...errors.filter((line) => OURS.test(line))],
  }
}

/** A line without what varies from run to run. */
export function masked(line: string): string {
  return ALWAYS.reduce((text, [pattern, by]) => text.replace(pattern, by), line)
}
