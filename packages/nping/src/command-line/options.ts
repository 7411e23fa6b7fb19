import { captureOptions, nonEmpty, number, type OptionTable, refusedOptions, wayOptions } from '@portkit/core'
import { ALIASES } from './aliases.ts'
import { debugging, louder, quieter } from './levels.ts'
import { PACKETS } from './options-packet.ts'
import { REFUSED } from './refused.ts'
import { delayNs, rateNs, timeoutMs } from './timing.ts'

const MODES = 'What is sent'
const TARGETS = 'Where to'
const TIMING = 'How often'
const OUTPUT = 'What is shown'
const RESULT = 'Results, captures and the exit status'
const WAYS = 'How packets come and go'

const MODE = {
  'tcp-connect': { kind: 'flag', describe: 'TCP connections, which need no privileges', group: MODES },
  tcp: { kind: 'flag', describe: 'TCP packets, SYN unless --flags says otherwise', group: MODES },
  udp: { kind: 'flag', describe: 'UDP datagrams; without privileges by ordinary sockets', group: MODES },
  icmp: { kind: 'flag', describe: 'ICMP echo or timestamp requests', group: MODES },
  arp: {
    kind: 'flag',
    describe: 'ARP requests, or IPv6 neighbour solicitations, to hosts on the same link',
    group: MODES,
  },
  traceroute: {
    kind: 'flag',
    describe: 'Raise the TTL with every round until the target answers; short form --tr',
    group: MODES,
  },
} as const satisfies OptionTable

const TO = {
  'dest-port': {
    kind: 'value',
    short: 'p',
    placeholder: 'PORTS',
    coerce: nonEmpty,
    describe: 'Ports from 0, ranges and services: 22,80-90,-100,60000-,ssh',
    group: TARGETS,
  },
  'dest-ip': {
    kind: 'value',
    placeholder: 'TARGET',
    repeatable: true,
    completes: 'host',
    describe: 'One more target',
    group: TARGETS,
  },
  'max-targets': {
    kind: 'value',
    placeholder: 'N',
    coerce: number(1, 2 ** 32),
    default: '65536',
    yields: true,
    describe: 'Refuse networks and ranges that come to more addresses than that in all',
    group: TARGETS,
  },
  ipv4: { kind: 'flag', short: '4', describe: 'IPv4 only', group: TARGETS },
  ipv6: { kind: 'flag', short: '6', describe: 'IPv6 only; addresses need no option', group: TARGETS },
} as const satisfies OptionTable

const TIMES = {
  count: {
    kind: 'value',
    short: 'c',
    placeholder: 'N',
    coerce: number(0, 2 ** 32 - 1),
    describe: 'Rounds; 0 for no end. 5 if not given, 48 hops for --traceroute',
    group: TIMING,
  },
  delay: {
    kind: 'value',
    placeholder: 'TIME',
    coerce: delayNs,
    default: '1',
    describe: 'From probe to probe: 0.2, 20ms, 300us, 1m; 0 is one million packets a second',
    group: TIMING,
  },
  rate: {
    kind: 'value',
    placeholder: 'N',
    coerce: rateNs,
    describe: 'Packets a second, up to 1000000; of --delay and --rate the last one counts',
    group: TIMING,
  },
  timeout: {
    kind: 'value',
    placeholder: 'TIME',
    coerce: timeoutMs,
    default: '1',
    yields: true,
    describe: 'How long an answer is waited for, also after the last probe',
    group: TIMING,
  },
} as const satisfies OptionTable

const SHOWN = {
  verbose: {
    kind: 'value',
    short: 'v',
    bare: '',
    placeholder: 'N',
    coerce: louder,
    repeatable: true,
    describe: 'Show more: up to 4, also -vvv and, for less, -v-2',
    group: OUTPUT,
  },
  'reduce-verbosity': {
    kind: 'value',
    short: 'q',
    bare: '',
    placeholder: 'N',
    coerce: quieter,
    repeatable: true,
    describe: 'Show less: up to 4, also -qq',
    group: OUTPUT,
  },
  quiet: { kind: 'flag', describe: 'Show nothing: verbosity -4', group: OUTPUT },
  'debug-level': {
    kind: 'value',
    short: 'd',
    bare: '',
    placeholder: 'N',
    coerce: debugging,
    repeatable: true,
    yields: true,
    describe: 'Say what goes on inside, up to 9, and show as much as -v',
    group: OUTPUT,
  },
  debug: { kind: 'flag', describe: 'Verbosity 4 and debug level 9', group: OUTPUT },
  'hide-sent': { kind: 'flag', short: 'H', describe: 'No lines about what was sent', group: OUTPUT },
  rtt: { kind: 'flag', yields: true, describe: 'The round-trip time on every RCVD line', group: OUTPUT },
} as const satisfies OptionTable

const RESULTS = {
  json: { kind: 'flag', yields: true, describe: 'One JSON object a line on standard output', group: RESULT },
  'exit-code': {
    kind: 'value',
    choices: ['state', 'nping'],
    default: 'state',
    yields: true,
    describe: 'By what was found, or 0 for every run that reached its end',
    group: RESULT,
  },
  ...captureOptions(RESULT),
} as const satisfies OptionTable

const WAY = {
  'no-capture': { kind: 'flag', short: 'N', describe: 'Send only, wait for no answer', group: WAYS },
  privileged: { kind: 'flag', describe: 'Take it that packets may be made here', group: WAYS },
  unprivileged: { kind: 'flag', describe: 'Take it that they may not', group: WAYS },
  ...wayOptions(WAYS),
  'send-ip': {
    kind: 'flag',
    describe: 'Nothing: packets are sent at the level of IP in any case',
    group: WAYS,
  },
} as const satisfies OptionTable

/** All options of nping, those that are refused included, and ours. */
export const OPTIONS = {
  ...MODE,
  ...TO,
  ...TIMES,
  ...PACKETS,
  ...SHOWN,
  ...RESULTS,
  ...WAY,
  ...ALIASES,
  ...refusedOptions(REFUSED),
} as const satisfies OptionTable
