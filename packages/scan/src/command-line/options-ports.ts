import { integer, nonEmpty, type OptionTable, text, ttl } from '@portkit/core'
import { scanLetters } from './scan-letters.ts'
import { intensity, topPorts } from './values.ts'

const SCANS = 'How ports are asked'
const PORTS = 'Which ports'
const SERVICES = 'What speaks there'
const PACKETS = 'Packets'

/** Payloads that fit into one packet on any link. */
const MOST_DATA = 1400

/** How ports are asked. */
const HOW = {
  scan: {
    kind: 'value',
    short: 's',
    placeholder: 'LETTERS',
    coerce: scanLetters,
    repeatable: true,
    describe:
      'T: connections; S: TCP SYN; U: UDP; A, F, N, X, M, W: TCP ACK, FIN, NULL, Xmas, Maimon, window; ' +
      'V: and versions of services; n: no ports, which hosts are up; L: list targets only. Together: -sSUV',
    group: SCANS,
  },
  privileged: { kind: 'flag', describe: 'Packets may be sent: do not find out', group: SCANS },
  unprivileged: { kind: 'flag', describe: 'Packets may not be sent: by connections', group: SCANS },
} as const satisfies OptionTable

/** Which ports. */
const WHICH = {
  ports: {
    kind: 'value',
    short: 'p',
    placeholder: 'PORTS',
    coerce: text,
    describe: 'These: 22,80,8000-8010,ssh,http*,-100,60000-,- (all), [1-1024] (those with names), T:22,U:53',
    group: PORTS,
  },
  fast: { kind: 'flag', short: 'F', describe: 'The 100 most popular ports in place of 1000', group: PORTS },
  'top-ports': {
    kind: 'value',
    placeholder: 'N',
    coerce: topPorts,
    describe: 'The N most popular ones, of those of -p where it is given',
    group: PORTS,
  },
  'exclude-ports': {
    kind: 'value',
    placeholder: 'PORTS',
    coerce: nonEmpty,
    describe: 'Not these',
    group: PORTS,
  },
  sequential: {
    kind: 'flag',
    short: 'r',
    describe: 'In ascending order, not popular ones first',
    group: PORTS,
  },
  servicedb: {
    kind: 'value',
    placeholder: 'FILE',
    coerce: nonEmpty,
    completes: 'file',
    describe: 'Names of services from this file, in the form of nmap-services or /etc/services',
    group: PORTS,
  },
} as const satisfies OptionTable

/** What speaks there, with -sV. */
const VERSIONS = {
  'version-intensity': {
    kind: 'value',
    placeholder: '0-9',
    coerce: intensity,
    describe:
      '0 to 2: only greetings are read; 3 to 8: the likely questions; 9: all there are (7 if not given)',
    group: SERVICES,
  },
  'version-light': { kind: 'flag', describe: 'As --version-intensity 2', group: SERVICES },
  'version-all': { kind: 'flag', describe: 'As --version-intensity 9', group: SERVICES },
  allports: {
    kind: 'flag',
    describe: 'Also ask ports 9100 to 9107, where printers print what they are sent',
    group: SERVICES,
  },
} as const satisfies OptionTable

/** How packets are made and leave. */
const SENT = {
  interface: {
    kind: 'value',
    short: 'e',
    placeholder: 'NAME',
    coerce: nonEmpty,
    describe: 'Leave by this network interface',
    group: PACKETS,
  },
  'source-ip': {
    kind: 'value',
    short: 'S',
    placeholder: 'ADDRESS',
    coerce: nonEmpty,
    describe: "Come from this one of this machine's addresses",
    group: PACKETS,
  },
  'source-port': {
    kind: 'value',
    short: 'g',
    placeholder: 'PORT',
    coerce: integer(1, 65_535, 'a port'),
    describe: 'Come from this port',
    group: PACKETS,
  },
  ttl: {
    kind: 'value',
    placeholder: 'N',
    coerce: ttl,
    describe: 'Time to live, or hop limit',
    group: PACKETS,
  },
  'data-length': {
    kind: 'value',
    placeholder: 'N',
    coerce: integer(0, MOST_DATA),
    describe: 'Random octets behind the headers',
    group: PACKETS,
  },
  badsum: {
    kind: 'flag',
    describe: 'Wrong checksums: who answers is a firewall that does not look at them',
    group: PACKETS,
  },
} as const satisfies OptionTable

export const PORT_OPTIONS = { ...HOW, ...WHICH, ...VERSIONS, ...SENT } as const satisfies OptionTable
