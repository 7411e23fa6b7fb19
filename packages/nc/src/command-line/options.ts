import { durationMs, type OptionTable } from '@portkit/core'
import { duration } from './dialect.ts'
import { ENCRYPTION, PROXIES } from './options-security.ts'
import { SESSION, SOCKETS } from './options-session.ts'
import { addressList } from './options-values.ts'

const TO = 'Where to, and how'
const LISTENING = 'Listening'
const RESULT = 'What is printed, and the exit status'
const ABOUT = 'About this program'

/** Whole seconds whose milliseconds fit into C's int. */
const MOST_SECONDS = Math.floor((2 ** 31 - 1) / 1000)

const CONNECTING = {
  ipv4: { kind: 'flag', short: '4', describe: 'IPv4 only; of -4, -6 and -U the last one counts', group: TO },
  ipv6: { kind: 'flag', short: '6', describe: 'IPv6 only', group: TO },
  udp: { kind: 'flag', short: 'u', describe: 'UDP, or with -U UNIX datagrams', group: TO },
  unixsock: {
    kind: 'flag',
    short: 'U',
    describe: 'UNIX socket: the operand is a path, @name an abstract one',
    group: TO,
  },
  dccp: { kind: 'flag', short: 'Z', describe: 'DCCP, which is not supported: refused', group: TO },
  source: {
    kind: 'value',
    short: 's',
    placeholder: 'ADDRESS',
    completes: 'host',
    describe: 'Come from this address; with -l listen there; with -uU the path of our own socket',
    group: TO,
  },
  'source-port': {
    kind: 'value',
    short: 'p',
    placeholder: 'PORT',
    describe: 'Come from this port; with -l listen there',
    group: TO,
  },
  timeout: {
    kind: 'value',
    short: 'w',
    placeholder: 'TIME',
    coerce: duration('timeout', 0, MOST_SECONDS),
    describe: 'Give up connecting to an address, and an idle session, after so long (2, 2.5, 500ms, 2m)',
    group: TO,
  },
  wait: {
    kind: 'value',
    placeholder: 'TIME',
    coerce: durationMs({ minMs: 1 }),
    describe: 'Try every second until the port is open, for so long',
    group: TO,
  },
  'random-ports': { kind: 'flag', short: 'r', describe: 'Try the ports in random order', group: TO },
  nodns: { kind: 'flag', short: 'n', describe: 'Addresses only: look up no names, show none', group: TO },
} as const satisfies OptionTable

const LISTEN = {
  listen: {
    kind: 'flag',
    short: 'l',
    describe: 'Wait for a connection instead of making one',
    group: LISTENING,
  },
  'keep-open': {
    kind: 'flag',
    short: 'k',
    describe: 'With -l: then for the next one, and so on',
    group: LISTENING,
  },
  allow: {
    kind: 'value',
    placeholder: 'LIST',
    coerce: addressList,
    repeatable: true,
    describe: 'Serve these addresses and networks only: 10.0.0.0/8,::1',
    group: LISTENING,
  },
  deny: {
    kind: 'value',
    placeholder: 'LIST',
    coerce: addressList,
    repeatable: true,
    describe: 'Turn these addresses and networks away, also when --allow names them',
    group: LISTENING,
  },
} as const satisfies OptionTable

const RESULTS = {
  zero: { kind: 'flag', short: 'z', describe: 'Only see whether the port is open', group: RESULT },
  verbose: {
    kind: 'flag',
    short: 'v',
    describe: 'Say on standard error what becomes of each port',
    group: RESULT,
  },
  json: {
    kind: 'flag',
    describe: 'With -z: one JSON object for each port on standard output',
    group: RESULT,
  },
  'exit-code': {
    kind: 'value',
    choices: ['nc', 'state'],
    default: 'nc',
    describe: "nc's exit status, or the state found: 0 open, 1 closed, 2 stealth or filtered, 3 fault",
    group: RESULT,
  },
  'honest-udp': {
    kind: 'flag',
    describe: 'With -u: silence is open|filtered and not success, and refusals are named',
    group: RESULT,
  },
} as const satisfies OptionTable

/** All options of OpenBSD nc, each with a long name too, and those that it lacks. */
export const OPTIONS = {
  ...CONNECTING,
  ...LISTEN,
  ...RESULTS,
  ...SESSION,
  ...PROXIES,
  ...ENCRYPTION,
  ...SOCKETS,
  'nc-help': {
    kind: 'flag',
    short: 'h',
    stops: true,
    describe: "nc's own help, on standard error",
    group: ABOUT,
  },
} as const satisfies OptionTable
