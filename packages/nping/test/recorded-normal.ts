import {
  type Dialect,
  dissected,
  type Given,
  linesOf,
  optionOf,
  probesAmong,
  type Report,
} from '@portkit/lab/recorded'

/** Ports below are somebody's choice, those above may be the system's or random. */
const FIRST_OWN_PORT = 1024

const DONE = /^(?:Nping|nping-ts) done: /i

/** Times, round trips, dates and the program's name: they are never the same twice. */
const ALWAYS: readonly (readonly [RegExp, string])[] = [
  [/^Starting .* at \d{4}-\d\d-\d\d \d\d:\d\d \S+$/, 'Starting NAME at DATE'],
  [DONE, 'NAME done: '],
  [/ pinged in \d+\.\d\d seconds$/, ' pinged in TIME seconds'],
  [/\(\d+\.\d{4}s\)/, '(TIME)'],
  [/\b\d+\.\d{3}ms/g, 'RTTms'],
  [/^([TR]x time): .*$/, '$1: RATES'],
  [/\bcsum=0x[0-9A-Fa-f]{4}/g, 'csum=SUM'],
  [/\b(orig|recv|trans)=\d+/g, '$1=CLOCK'],
  // A hex dump: as many octets, whatever they are.
  [/^[0-9a-f]{4} {3}(?:[0-9a-f]{2} {1,2}){1,16}.*$/, 'OCTETS'],
]

/** Random numbers, unless the command line gives them. Those of answers are never given. */
const RANDOM: readonly (readonly [RegExp, string, ...(readonly string[])])[] = [
  [/(?<=\bIP \[.*)\bid=(?!0\b)\d+|(?<=ttl=\d+ )id=(?!0\b)\d+/g, 'id=ID', '--id'],
  [/(?<=\) (?:id=\S+ )?.*)\bid=\d+(?= seq=)/g, 'id=ID', '--icmp-id'],
  [/(?<=\bTCP .*)\bseq=\d+/g, 'seq=SEQ', '--seq'],
  [/(?<=\bTCP .*)\back=\d+/g, 'ack=ACK', '--ack'],
]

/** nping's capture fails now and then, without further effect. */
const NOISE = /^nping_event_handler\(\)/

/** How nping and nping-ts are told to do something, and what they print. */
export const DIALECT: Dialect = {
  packets: (lines, argv) => probesAmong(lines, givenBy(argv)),
  report: reportOf,
}

function givenBy(argv: readonly string[]): Given {
  const given = (...names: string[]): boolean => optionOf(argv, ...names) !== undefined
  const source = Number(optionOf(argv, '-g', '--source-port'))
  return {
    arp: argv.includes('--arp'),
    isSourcePort: (port) => port === source,
    ipId: given('--id'),
    seq: given('--seq'),
    ack: given('--ack'),
    icmpId: given('--icmp-id'),
    icmpSeq: true,
  }
}

/** What nping or nping-ts sent, of a capture file, without what varies from run to run. */
export async function sentPackets(file: Uint8Array, argv: readonly string[]): Promise<readonly string[]> {
  return DIALECT.packets(await dissected(file), argv)
}

/** Splits a run's output into nping's part and ours behind its last line, and masks what varies. */
export function reportOf(stdout: string, stderr: string, argv: readonly string[]): Report {
  const mask = (lines: readonly string[]): readonly string[] => lines.map((line) => masked(line, argv))
  const lines = linesOf(stdout)
  const last = lines.findLastIndex((line) => DONE.test(line))
  const end = last < 0 ? lines.length : last + 1
  return {
    lines: mask(lines.slice(0, end)),
    table: lines.slice(end),
    stderr: mask(linesOf(stderr)).filter((line) => !NOISE.test(line)),
  }
}

/** A line without what varies from run to run. */
export function masked(line: string, argv: readonly string[]): string {
  const plain = ALWAYS.reduce((text, [pattern, by]) => text.replace(pattern, by), line)
  const sent = plain.startsWith('SENT ') || plain.startsWith('Offending')
  const fields = RANDOM.reduce((text, [pattern, by, ...options]) => {
    const given = sent && optionOf(argv, ...options) !== undefined
    return given ? text : text.replace(pattern, by)
  }, plain)
  return maskedPorts(fields, argv)
}

/** The probe's own ports: `10.77.0.1:40001` or `fd77::1:40001`. */
function maskedPorts(line: string, argv: readonly string[]): string {
  const given = Number(optionOf(argv, '-g', '--source-port'))
  return line.replaceAll(
    /(?<=(?:^|[ [])(?:10\.77\.0\.(?:1|50)|fd77::1|::|127\.0\.0\.1):)\d+(?=[ \]]|$)/g,
    (port) => (Number(port) < FIRST_OWN_PORT || Number(port) === given ? port : 'PORT'),
  )
}
