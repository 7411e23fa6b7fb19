import {
  captureOptions,
  nonEmpty,
  number,
  type OptionTable,
  refusedOptions,
  waitMs,
  wayOptions,
} from '@portkit/core'
import { intervalNs } from './kinds.ts'
import { PACKETS } from './options-packet.ts'
import { REFUSED } from './refused.ts'

const MODES = 'What is sent'
const TIMING = 'How often'
const TRACE = 'Traceroutes and Ctrl-Z'
const OUTPUT = 'What is shown'
const RESULT = 'Results, captures and the exit status'
const WAYS = 'How packets come and go'

const MODE = {
  icmp: { kind: 'flag', short: '1', describe: 'ICMP echo requests in place of TCP packets', group: MODES },
  udp: { kind: 'flag', short: '2', describe: 'UDP datagrams in place of TCP packets', group: MODES },
  scan: {
    kind: 'value',
    short: '8',
    placeholder: 'PORTS',
    coerce: nonEmpty,
    describe: 'Scan these ports: 22,80,8000-8010, all, known (named in /etc/services); !22 takes one out',
    group: MODES,
  },
  ipv4: { kind: 'flag', short: '4', yields: true, describe: 'IPv4 only', group: MODES },
  ipv6: {
    kind: 'flag',
    short: '6',
    yields: true,
    describe: 'IPv6 only; addresses need no option',
    group: MODES,
  },
} as const satisfies OptionTable

const TIMES = {
  count: {
    kind: 'value',
    short: 'c',
    placeholder: 'N',
    coerce: number(1, 2 ** 32 - 1),
    describe: 'Stop after so many packets; without it Ctrl-C ends the run',
    group: TIMING,
  },
  interval: {
    kind: 'value',
    short: 'i',
    placeholder: 'TIME',
    coerce: intervalNs,
    describe: 'From packet to packet: 1, 0.2, u1000 (microseconds), 20ms; 1 if not given',
    group: TIMING,
  },
  fast: { kind: 'flag', describe: 'Ten packets a second: like --interval 100ms', group: TIMING },
  faster: { kind: 'flag', describe: 'As --interval u1: as fast as --max-rate allows', group: TIMING },
  'max-rate': {
    kind: 'value',
    placeholder: 'N',
    coerce: number(1, 1_000_000),
    default: '10000',
    yields: true,
    describe: 'Packets a second, at most, up to 1000000; scans are slowed down by it only when it is given',
    group: TIMING,
  },
  timeout: {
    kind: 'value',
    placeholder: 'TIME',
    coerce: waitMs,
    default: '1',
    yields: true,
    describe: 'How long an answer is waited for behind the last packet',
    group: TIMING,
  },
  retries: {
    kind: 'value',
    placeholder: 'N',
    coerce: number(0, 20),
    default: '2',
    yields: true,
    describe: 'How often --scan asks silent ports again; more often while that brings answers, 0 never',
    group: TIMING,
  },
} as const satisfies OptionTable

const HOPS = {
  traceroute: {
    kind: 'flag',
    short: 'T',
    describe: 'Find the way: the TTL begins with 1 and rises with each answer of a router (implies --bind)',
    group: TRACE,
  },
  'tr-stop': { kind: 'flag', describe: 'End a traceroute when the target answers', group: TRACE },
  'tr-keep-ttl': { kind: 'flag', describe: 'Keep the TTL of a traceroute: watch one router', group: TRACE },
  'tr-no-rtt': { kind: 'flag', describe: 'No round-trip times in a traceroute', group: TRACE },
  bind: {
    kind: 'flag',
    short: 'z',
    describe: 'Ctrl-Z raises the TTL in place of the port, and lowers it when pressed twice',
    group: TRACE,
  },
  unbind: { kind: 'flag', short: 'Z', describe: 'Ctrl-Z stops the process, as usual', group: TRACE },
} as const satisfies OptionTable

const SHOWN = {
  verbose: {
    kind: 'flag',
    short: 'V',
    describe: 'More fields of each answer; with --scan all answers',
    group: OUTPUT,
  },
  quiet: { kind: 'flag', short: 'q', describe: 'Only the first line and the last ones', group: OUTPUT },
  numeric: { kind: 'flag', short: 'n', describe: 'Do not look up names of addresses', group: OUTPUT },
  debug: { kind: 'flag', short: 'D', describe: 'Say what goes on inside', group: OUTPUT },
  beep: { kind: 'flag', describe: 'Ring the bell for every answer', group: OUTPUT },
  dump: { kind: 'flag', short: 'j', describe: 'Show answers in hexadecimal', group: OUTPUT },
  print: { kind: 'flag', short: 'J', describe: 'Show answers as text', group: OUTPUT },
  seqnum: {
    kind: 'flag',
    short: 'Q',
    describe: 'Show the TCP sequence number of each answer, and by how much it rose',
    group: OUTPUT,
  },
} as const satisfies OptionTable

const RESULTS = {
  json: { kind: 'flag', yields: true, describe: 'One JSON object a line on standard output', group: RESULT },
  'exit-code': {
    kind: 'value',
    choices: ['hping', 'state'],
    default: 'hping',
    yields: true,
    describe: 'Exit status by whether there was an answer, or by the state that was found',
    group: RESULT,
  },
  tcpexitcode: {
    kind: 'flag',
    describe: 'The exit status is the flags of the last TCP answer (18 is SYN and ACK)',
    group: RESULT,
  },
  ...captureOptions(RESULT),
} as const satisfies OptionTable

/** All options of hping3, those that are refused included, and ours. */
export const OPTIONS = {
  ...MODE,
  ...PACKETS,
  ...TIMES,
  ...HOPS,
  ...SHOWN,
  ...RESULTS,
  ...wayOptions(WAYS),
  ...refusedOptions(REFUSED),
} as const satisfies OptionTable
