import { encodeIcmp4, encodeTcp, encodeUdp, flagsOf } from '@portkit/core/wire'
import { type Answer, type AnswerText, createAnswerText } from '../src/words/answer-text.ts'
import { autoFragmentLine, bannerLine, usingLine } from '../src/words/banner.ts'
import { debugSent } from '../src/words/debug-text.ts'
import {
  errorText,
  hopPrefix,
  hopRttLine,
  LOOKING_UP,
  nameText,
  statusLine,
} from '../src/words/error-text.ts'
import { raised } from '../src/words/raised.ts'
import { notResponding, scanDone, scanHeader, scanRow } from '../src/words/scan-text.ts'
import { statistics } from '../src/words/statistics.ts'
import { hex, ip4, recordRoute, seen } from './words-kit.ts'

/** Recorded text, and what of it follows. */
interface Told {
  readonly text: string
  readonly rest: string
}

type Groups = Readonly<Record<string, string | undefined>>
type Teller = (found: Groups, run: Run) => string

/** What lasts for a run: the words under test, and the route that was told last. */
interface Run {
  readonly answers: AnswerText
  route: readonly string[]
}

/**
 * What hping3 printed, told anew by our words: each piece of the recorded text is read, a packet is made that has those
 * fields, and our text about it stands in its place. Text that no piece begins with fails.
 */
export function retold(argv: readonly string[], recorded: string): string {
  const has = (...names: readonly string[]): boolean => names.some((name) => argv.includes(name))
  const answers = createAnswerText({
    verbose: has('-V'),
    beep: has('--beep'),
    sequenceNumbers: has('-Q'),
    dumpHex: has('-j'),
    dumpText: has('-J'),
    tcp: { timestamp: has('--tcp-timestamp') },
    ip: { recordRoute: has('-G') },
  })
  const run = { answers, route: [] }
  let text = ''
  let rest = recorded
  while (rest !== '') {
    const told = next(rest, run)
    text += told.text
    rest = told.rest
  }
  return text
}

function next(rest: string, run: Run): Told {
  for (const [pattern, tell] of PIECES) {
    const found = pattern.exec(rest)
    if (found !== null) return { text: tell(found.groups ?? {}, run), rest: rest.slice(found[0].length) }
  }
  throw new Error(`no words for ${JSON.stringify(rest.slice(0, 200))}`)
}

const IP =
  /len=(?<len>\d+) ip=(?<ip>\S+) (?:ttl=(?<ttl>\d+) )(?<df>DF )?id=(?<id>\d+) (?:tos=(?<tos>\w+) iplen=\d+\n)?/
    .source
const RTT = /rtt=(?<rtt>[\d.]+) ms\n/.source
const TCP =
  /sport=(?<sport>\d+) flags=(?<flags>\w+) seq=(?<seq>\d+) win=(?<win>\d+) /.source +
  RTT +
  /(?:seq=(?<tcpSeq>\d+) ack=(?<ack>\d+) sum=(?<sum>\w+) urp=(?<urp>\d+)\n\n)?/.source +
  /(?: {2}TCP timestamp: tcpts=(?<stamp>\d+)\n(?: {2}HZ.*\n {2}System.*\n)?\n)?/.source
const TIMES =
  /(?:ICMP timestamp: Originate=(?<originate>\d+) Receive=(?<receive>\d+) Transmit=(?<transmit>\d+)\nICMP timestamp RTT tsrtt=(?<tsrtt>\d+)\n\n)?/
    .source
const TAIL =
  /(?<hex>(?:\t\t(?:[\da-f]{2,4} ?)*\n)+\n)?(?<print>(?:\t\t.*\n)+\n)?/.source +
  /(?:RR: (?<route>(?:\t.*\n)+)|(?<same>\t\(same route\)\n))?/.source
const START = '^(?<beep>\x07)?(?<dup>DUP! )?'

const PIECES: readonly (readonly [RegExp, Teller])[] = [
  [
    /^using (?<name>\S+), addr: (?<address>\S+), MTU: (?<mtu>\d+)\n/,
    ({ name, address = '', mtu }) => usingLine({ interfaceName: name, address, mtu: Number(mtu) }).text,
  ],
  [
    /^HPING (?<host>\S+) \((?<name>\S+) (?<address>\S+)\): (?<what>.*) set, \d+ headers \+ (?<data>\d+) data bytes\n/,
    banner,
  ],
  [
    /^auto-activate fragmentation, fragments size: (?<size>\d+)\n/,
    ({ size }) => autoFragmentLine(Number(size)).text,
  ],
  [new RegExp(START + IP + TCP + TAIL), tcp],
  [new RegExp(START + IP + /seq=(?<seq>\d+) /.source + RTT + TAIL), udp],
  [new RegExp(START + IP + /icmp_seq=(?<seq>\d+) /.source + RTT + TIMES + TAIL), icmp],
  [/^ *(?<tcpSeq>\d+) \+\d+\n/, tcp],
  [
    /^(?:hop=(?<hop>\d+) )?(?<what>(?:ICMP|TTL 0) .*) from ip=(?<ip>[\d.]+)(?<looked> get hostname\.\.\.)?[\b ]*(?:name=(?<name>.*))?\n/,
    icmpError,
  ],
  [
    /^status=0 port=(?<port>\d+) seq=(?<seq>\d+)\n/,
    ({ port, seq }) => statusLine({ port: Number(port), seq: Number(seq) }),
  ],
  [/^hop=(?<hop>\d+) hoprtt=(?<rtt>[\d.]+) ms\n/, ({ hop, rtt }) => hopRttLine(Number(hop), ns(rtt))],
  [/^[\b]{9}(?<value>\d+): /, ({ value }) => raised(Number(value)).text],
  [/^(?<octets>(?:[\dA-F]{2} )+)\n/, ({ octets = '' }) => debugSent(hex(octets)).text],
  [
    /^ *(?<port>\d+) (?<service>.{11}): (?<columns>[.FSRPAYX]{8}) +(?<ttl>\d+) +(?<id>\d+) +(?<win>\d+) +(?<len>\d+)\n/,
    row,
  ],
  [/^Not responding ports: (?<ports>.*)\n/, ({ ports = '' }) => notResponding(namedPorts(ports)).text],
  [
    /^Scanning (?<host>\S+) \((?<address>\S+)\), port (?<ports>.*)\n(?<count>\d+) ports to scan.*\n.*\n.*\n.*\n/,
    ({ host = '', address = '', ports = '', count }) =>
      scanHeader({ host, address, ports, count: Number(count) }).text,
  ],
  [/^All replies received. Done.\n/, () => scanDone().text],
  [
    /^\n--- (?<host>\S+) hping statistic ---\n(?<sent>\d+) packets transmitted, (?<received>\d+) packets received, .*\nround-trip min\/avg\/max = (?<min>[\d.]+)\/(?<avg>[\d.]+)\/(?<max>[\d.]+) ms\n/,
    ending,
  ],
]

function ns(ms: string | undefined): number {
  return Number(ms) * 1e6
}

function banner({ host = '', name, address = '', what = '', data }: Groups): string {
  const [, mode] = /^(icmp|udp) mode$/.exec(what) ?? []
  const letters = what === 'NO FLAGS are' ? '' : what
  return bannerLine({
    host,
    address,
    family: 4,
    interfaceName: name,
    mode: mode === 'icmp' || mode === 'udp' ? mode : 'tcp',
    flags: mode === undefined ? flagsBy(letters) : 0,
    dataLength: Number(data),
  }).text
}

/** hping3 shows zeros when there was no round trip. */
function ending({ host = '', sent, received, min, avg, max }: Groups): string {
  const trips = { samples: 1, minNs: ns(min), avgNs: ns(avg), maxNs: ns(max), mdevNs: 0 }
  return statistics({
    host,
    sent: Number(sent),
    received: Number(received),
    outOfSequence: 0,
    again: 0,
    late: 0,
    dropped: 0,
    refused: 0,
    rtt: trips.maxNs === 0 ? undefined : trips,
  }).text
}

/** hping3's X and Y are core's E and C. */
function flagsBy(letters: string): number {
  return letters === 'none' ? 0 : flagsOf(letters.replace('X', 'E').replace('Y', 'C'))
}

function tcp(found: Groups, run: Run): string {
  const stamp = found.stamp === undefined ? [] : STAMPED(Number(found.stamp))
  const options = found.stamp === undefined ? [] : [{ kind: 'mss', value: 1460 } as const, ...stamp]
  const segment = new Uint8Array(20 + (options.length === 0 ? 0 : 16))
  const header = {
    sourcePort: Number(found.sport ?? 0),
    destinationPort: 0,
    seq: Number(found.tcpSeq ?? 0),
    ack: Number(found.ack ?? 0),
    reserved: 0,
    flags: flagsBy(found.flags ?? ''),
    window: Number(found.win ?? 0),
    urgent: Number(found.urp ?? 0),
    options,
  }
  encodeTcp(header, segment, 0, Number.parseInt(found.sum ?? '0', 16))
  return answer(seen('tcp', packetOf(found, run, 6, segment)), found, run)
}

const STAMPED = (value: number) =>
  [{ kind: 'nop' }, { kind: 'nop' }, { kind: 'timestamps', value, echo: 0 }] as const

function udp(found: Groups, run: Run): string {
  const datagram = new Uint8Array(8)
  encodeUdp({ sourcePort: 7, destinationPort: 0, length: Number(found.len) - 20 }, datagram, 0, 0)
  return answer(seen('udp', packetOf(found, run, 17, datagram)), found, run)
}

function icmp(found: Groups, run: Run): string {
  const { originate, receive, transmit } = found
  const common = { code: 0, id: 0, seq: Number(found.seq) } as const
  const times = { originate: Number(originate), receive: Number(receive), transmit: Number(transmit) }
  const message = new Uint8Array(originate === undefined ? 8 : 20)
  const header =
    originate === undefined
      ? ({ kind: 'echo-reply', ...common } as const)
      : ({ kind: 'timestamp-reply', ...common, ...times } as const)
  encodeIcmp4(header, message, 0, 0)
  return answer(seen('icmp', packetOf(found, run, 1, message)), found, run)
}

function answer(sighting: Answer, { seq, rtt, dup, originate, tsrtt }: Groups, { answers }: Run): string {
  const nowMs = Number(originate ?? 0) + Number(tsrtt ?? 0)
  return answers.answer({ sighting, seq: Number(seq), rttNs: ns(rtt), isAgain: dup !== undefined, nowMs })
}

/** The recorded packet: of a hexadecimal dump its octets, else a header of the recorded fields before `upper`. */
function packetOf(found: Groups, run: Run, protocol: number, upper: Uint8Array): Uint8Array {
  if (found.hex !== undefined) return hex(found.hex)
  if (found.route !== undefined) run.route = found.route.trim().split(/\s+/)
  const isRouted = found.route !== undefined || found.same !== undefined
  const options = isRouted ? recordRoute(run.route) : new Uint8Array()
  const length = Number(found.len ?? 40)
  const whole = new Uint8Array(length - 20 - options.length)
  whole.set(upper)
  const octets = ip4(
    {
      source: found.ip ?? '10.77.0.2',
      ttl: Number(found.ttl ?? 64),
      id: Number(found.id ?? 0),
      tos: Number.parseInt(found.tos ?? '0', 16),
      dontFragment: found.df !== undefined,
      protocol,
      options,
    },
    whole,
  )
  const [, ...texts] = (found.print ?? '').split('\t\t')
  return found.print === undefined
    ? octets
    : octets.map(withText(texts.map((row) => row.replace(/\n/g, '')).join('')))
}

/** What a dump shows as text is known; the rest, such as checksums, must only be shown as a dot. */
function withText(text: string): (octet: number, at: number) => number {
  const isShown = (octet: number): boolean => octet >= 0x20 && octet < 0x7f
  return (octet, at) => {
    const shown = text.charCodeAt(at)
    if (shown !== 0x2e) return shown
    return isShown(octet) ? 0 : octet
  }
}

const ERRORS: Readonly<Record<string, readonly [type: number, code: number]>> = {
  'ICMP Network Unreachable': [3, 0],
  'ICMP Host Unreachable': [3, 1],
  'ICMP Protocol Unreachable': [3, 2],
  'ICMP Port Unreachable': [3, 3],
  'ICMP Packet filtered': [3, 13],
  'TTL 0 during transit': [11, 0],
}

function icmpError({ hop, what = '', ip = '', looked, name = '' }: Groups): string {
  const [type, code] = ERRORS[what] ?? [3, 255]
  const error = seen('icmp-error', icmpErrorFrom(ip, type, code))
  const named = name === 'UNKNOWN' ? undefined : name
  const start = hop === undefined ? '' : hopPrefix(Number(hop))
  return `${start}${errorText(error)}${looked === undefined ? '' : LOOKING_UP + nameText(named)}\n`
}

/** An error about a TCP probe to port 22. */
export function icmpErrorFrom(source: string, type: number, code: number): Uint8Array {
  const probe = ip4({ source: '10.77.0.1', protocol: 6 }, hex('06a2 0016 235d5a4f'))
  const message = new Uint8Array(8 + probe.length)
  message.set([type, code])
  message.set(probe, 8)
  return ip4({ source, tos: 0xc0, protocol: 1 }, message)
}

function row({ port, service = '', columns = '', ttl, id, win, len }: Groups, run: Run): string {
  const flags = [...columns].reduce((mask, letter, bit) => mask | (letter === '.' ? 0 : 1 << bit), 0)
  const segment = new Uint8Array(20)
  const header = { sourcePort: Number(port), destinationPort: 0, seq: 0, ack: 0, reserved: 0, urgent: 0 }
  encodeTcp({ ...header, flags, window: Number(win), options: [] }, segment, 0, 0)
  const sighting = seen('tcp', packetOf({ ttl, id, len }, run, 6, segment))
  return scanRow({ port: Number(port), service: service.trim() || undefined }, sighting).text
}

function namedPorts(text: string) {
  return [...text.matchAll(/\((\d+) (\S*)\) /g)].map(([, port, service]) => ({
    port: Number(port),
    service: service === '' ? undefined : service,
  }))
}
