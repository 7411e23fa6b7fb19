import {
  COLOUR_MODES,
  count,
  durationMs,
  nonEmpty,
  type OptionTable,
  octet,
  percentOrCount,
  port,
  ttl,
} from '@portkit/core'

const PROBING = 'Probing'
const WAY = 'Way through the network'
const OUTPUT = 'Output'
const MACHINES = 'For programs'
const END = 'End and exit status'

/** tcping's options; letters that ping has mean what they mean there. */
export const OPTIONS = {
  count: {
    kind: 'value',
    short: 'c',
    placeholder: 'N',
    coerce: count,
    describe: 'Stop after N probes of each target',
    group: PROBING,
  },
  interval: {
    kind: 'value',
    short: 'i',
    placeholder: 'TIME',
    coerce: durationMs(),
    default: '1',
    describe: 'Time from the start of a probe to the start of the next one; 0 as soon as it is answered',
    group: PROBING,
  },
  timeout: {
    kind: 'value',
    short: 'W',
    placeholder: 'TIME',
    coerce: durationMs({ minMs: 1 }),
    default: '1',
    describe:
      'How long to wait for an answer; 1 s ends just before the system would send a lost SYN again, more lets it',
    group: PROBING,
  },
  deadline: {
    kind: 'value',
    short: 'w',
    placeholder: 'TIME',
    coerce: durationMs({ minMs: 1 }),
    describe: 'End the run after this time',
    group: PROBING,
  },
  flood: {
    kind: 'flag',
    short: 'f',
    describe: 'Probe as fast as answers come, print a dot for each that is not open, close with RST',
    group: PROBING,
  },
  'all-addresses': {
    kind: 'flag',
    describe: 'Probe every address of a name, not just the first',
    group: PROBING,
  },
  'resolve-after': {
    kind: 'value',
    short: 'r',
    placeholder: 'N',
    coerce: count,
    describe: 'Look the name up again after every N probes in a row that were not open',
    group: PROBING,
  },
  tls: {
    kind: 'flag',
    describe: 'Shake hands in TLS too: its time, version and how long the certificate lasts',
    group: PROBING,
  },
  sni: {
    kind: 'value',
    placeholder: 'NAME',
    coerce: nonEmpty,
    describe: 'Name to ask for with --tls in place of the host',
    group: PROBING,
  },
  clock: {
    kind: 'value',
    choices: ['auto', 'kernel', 'process', 'packet'],
    default: 'auto',
    describe:
      "Who measures: the kernel's TCP_INFO, this process, or the packets' own time stamps, which takes CAP_NET_RAW; " +
      "auto takes the kernel's where there is one",
    group: PROBING,
  },
  syn: {
    kind: 'flag',
    describe: 'Send a SYN only and look at what comes back: no connection is made; takes CAP_NET_RAW',
    group: PROBING,
  },
  backend: {
    kind: 'value',
    choices: ['auto', 'kernel', 'raw-socket'],
    describe: 'Who carries the packets of --syn: system calls or the package raw-socket',
    group: PROBING,
  },
  ipv4: { kind: 'flag', short: '4', describe: 'IPv4 only', group: WAY },
  ipv6: { kind: 'flag', short: '6', describe: 'IPv6 only', group: WAY },
  interface: {
    kind: 'value',
    short: 'I',
    placeholder: 'NAME|ADDRESS',
    coerce: nonEmpty,
    describe: 'Leave by this interface or from this address',
    group: WAY,
  },
  'source-port': {
    kind: 'value',
    placeholder: 'PORT',
    coerce: port,
    describe: 'Leave from this port',
    group: WAY,
  },
  ttl: {
    kind: 'value',
    short: 't',
    placeholder: 'N',
    coerce: ttl,
    describe: 'Time to live or hop limit, 1 to 255',
    group: WAY,
  },
  tos: {
    kind: 'value',
    short: 'Q',
    placeholder: 'N',
    coerce: octet,
    describe: 'Type of service or traffic class, 0 to 255',
    group: WAY,
  },
  close: {
    kind: 'value',
    choices: ['fin', 'rst'],
    describe: 'End connections by FIN (default) or by RST, which leaves no TIME_WAIT behind',
    group: WAY,
  },
  quiet: { kind: 'flag', short: 'q', describe: 'Only the first lines and the summary', group: OUTPUT },
  'failures-only': { kind: 'flag', short: 'F', describe: 'Only probes that are not open', group: OUTPUT },
  numeric: { kind: 'flag', short: 'n', describe: 'Numbers only: no service names', group: OUTPUT },
  verbose: {
    kind: 'flag',
    short: 'v',
    describe: 'Also addresses, lookup times, local ends, clocks and changes',
    group: OUTPUT,
  },
  unix: {
    kind: 'flag',
    short: 'D',
    describe: 'Time stamps as ping has them, same as --timestamp unix',
    group: OUTPUT,
  },
  timestamp: {
    kind: 'value',
    choices: ['iso', 'unix', 'relative'],
    describe: 'Put a time in front of every line',
    group: OUTPUT,
  },
  report: {
    kind: 'flag',
    describe: 'Longer summary: times up and down, outages, addresses, a histogram',
    group: OUTPUT,
  },
  graph: {
    kind: 'flag',
    describe: 'Draw round-trip times and losses of all targets while they come',
    group: OUTPUT,
  },
  audible: { kind: 'flag', short: 'a', describe: 'Ring the bell for every open answer', group: OUTPUT },
  beep: {
    kind: 'value',
    choices: ['up', 'down', 'change'],
    describe: 'Ring the bell when the port opens, closes, or changes',
    group: OUTPUT,
  },
  colour: {
    kind: 'value',
    choices: COLOUR_MODES,
    default: 'auto',
    describe: 'Colours; auto on a terminal, unless NO_COLOR is set',
    group: OUTPUT,
  },
  json: {
    kind: 'flag',
    describe: 'One JSON record a line: start, probe, change, error, summary',
    group: MACHINES,
  },
  csv: { kind: 'flag', describe: 'One row a probe', group: MACHINES },
  prometheus: {
    kind: 'value',
    placeholder: 'FILE',
    coerce: nonEmpty,
    completes: 'file',
    describe: "Keep a text file for Prometheus' node_exporter up to date",
    group: MACHINES,
  },
  'on-change': {
    kind: 'value',
    placeholder: 'COMMAND',
    coerce: nonEmpty,
    describe:
      'Run a shell command at every change; it finds TCPING_HOST, _ADDRESS, _PORT, _STATE, _PREVIOUS, _REASON and _TIME',
    group: MACHINES,
  },
  until: {
    kind: 'value',
    choices: ['open', 'closed'],
    describe: 'End with status 0 as soon as every target is in that state',
    group: END,
  },
  require: {
    kind: 'value',
    placeholder: 'all|N|P%',
    coerce: percentOrCount,
    describe: 'Status 0 only if so many probes of each target were open',
    group: END,
  },
  'exit-code': {
    kind: 'value',
    choices: ['ping', 'state'],
    default: 'ping',
    describe: "Exit status like ping's, or the last state found",
    group: END,
  },
} as const satisfies OptionTable
