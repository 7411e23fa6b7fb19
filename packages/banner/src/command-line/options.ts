import { COLOUR_MODES, durationMs, integer, nonEmpty, type OptionTable, text } from '@portkit/core'
import { patternSource } from './match-pattern.ts'
import { probeText } from './probe-text.ts'
import { rate } from './rate.ts'

const ASKING = 'What is asked'
const TLS = 'TLS'
const PACE = 'Time and pace'
const OUTPUT = 'Output'
const MACHINES = 'For programs'

/** Protocols with a command that begins TLS, as `--starttls` takes them; `postgres` is another spelling. */
const START_TLS = [
  'auto',
  'smtp',
  'lmtp',
  'imap',
  'pop3',
  'ftp',
  'ldap',
  'xmpp',
  'postgresql',
  'postgres',
  'mysql',
  'nntp',
  'sieve',
] as const

/** Redirects that may be followed. */
const MOST_REDIRECTS = 10
const MOST_AT_ONCE = 1024

/** banner's options. */
export const OPTIONS = {
  ipv4: { kind: 'flag', short: '4', describe: 'IPv4 only', group: ASKING },
  ipv6: { kind: 'flag', short: '6', describe: 'IPv6 only', group: ASKING },
  udp: { kind: 'flag', short: 'u', describe: 'UDP ports in place of TCP ports', group: ASKING },
  light: { kind: 'flag', describe: 'Send nothing: only greetings are read', group: ASKING },
  thorough: {
    kind: 'flag',
    describe: 'Try every probe there is at ports that stay unknown',
    group: ASKING,
  },
  probe: {
    kind: 'value',
    placeholder: 'TEXT|HEX',
    coerce: probeText,
    describe: 'Ask this: text with \\r \\n \\t \\0 \\\\ \\xHH, or octets as 0x0d0a',
    group: ASKING,
  },
  match: {
    kind: 'value',
    placeholder: 'RE',
    coerce: patternSource,
    describe: 'What the answer to --probe, or without it the greeting, has to match',
    group: ASKING,
  },
  community: {
    kind: 'value',
    placeholder: 'NAME',
    coerce: text,
    default: 'public',
    describe: "SNMP's community",
    group: ASKING,
  },
  'host-keys': {
    kind: 'flag',
    describe: 'Also fetch SSH host keys, for their fingerprints',
    group: ASKING,
  },
  follow: {
    kind: 'value',
    placeholder: 'N',
    coerce: integer(0, MOST_REDIRECTS),
    default: '0',
    describe: 'Follow up to N redirects of HTTP on the same host',
    group: ASKING,
  },
  'allow-printers': {
    kind: 'flag',
    describe: 'Also ask ports 9100 to 9107, where printers print what they are sent',
    group: ASKING,
  },
  fingerprints: {
    kind: 'value',
    placeholder: 'DIR',
    coerce: nonEmpty,
    completes: 'file',
    describe: 'Name more products, and CPEs, by the Recog XML files in this folder',
    group: ASKING,
  },
  tls: { kind: 'flag', describe: 'Speak TLS from the first octet on', group: TLS },
  'no-tls': { kind: 'flag', describe: 'Never speak TLS', group: TLS },
  starttls: {
    kind: 'value',
    placeholder: 'PROTO',
    choices: START_TLS,
    describe: 'Go on to TLS by the command of this protocol; auto of the one that is found',
    group: TLS,
  },
  sni: {
    kind: 'value',
    placeholder: 'NAME',
    coerce: nonEmpty,
    describe: 'Name to ask for in place of the host, in TLS and HTTP',
    group: TLS,
  },
  timeout: {
    kind: 'value',
    placeholder: 'TIME',
    coerce: durationMs({ minMs: 1 }),
    describe: 'For one port, all told; nothing makes it longer (5, with --thorough 60)',
    group: PACE,
  },
  wait: {
    kind: 'value',
    placeholder: 'TIME',
    coerce: durationMs({ minMs: 1 }),
    default: '1',
    describe: 'How long to wait for a greeting, or an answer',
    group: PACE,
  },
  concurrency: {
    kind: 'value',
    short: 'c',
    placeholder: 'N',
    coerce: integer(1, MOST_AT_ONCE),
    default: '16',
    describe: 'Ports that are worked on at once; of one host never more than four connections',
    group: PACE,
  },
  rate: {
    kind: 'value',
    short: 'R',
    placeholder: 'N',
    coerce: rate,
    describe: 'Begin at most N connections a second',
    group: PACE,
  },
  open: { kind: 'flag', describe: 'Only open ports', group: OUTPUT },
  verbose: {
    kind: 'flag',
    short: 'v',
    describe: 'Also all details: what was said, certificates, times',
    group: OUTPUT,
  },
  hex: { kind: 'flag', describe: 'Also what was sent and received, as hex dumps', group: OUTPUT },
  colour: {
    kind: 'value',
    choices: COLOUR_MODES,
    default: 'auto',
    describe: 'Colours; auto on a terminal, unless NO_COLOR is set',
    group: OUTPUT,
  },
  json: { kind: 'flag', describe: 'One JSON record a port, with the exact octets', group: MACHINES },
  csv: { kind: 'flag', describe: 'One row a port, safe for spreadsheets', group: MACHINES },
  url: { kind: 'flag', describe: 'One URL an open port: ssh://db.lan:22', group: MACHINES },
  'exit-code': {
    kind: 'value',
    choices: ['found', 'state'],
    default: 'found',
    describe: 'Exit status by what was identified, or by the state of the ports',
    group: MACHINES,
  },
} as const satisfies OptionTable
