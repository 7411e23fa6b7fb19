import { nonEmpty, number, type OptionTable } from '@portkit/core'
import { destinationPort, fragmentOffset, icmpCode, icmpType, mtu, tos } from './kinds.ts'

const FLAGS = 'TCP flags'
const SEGMENT = 'TCP and UDP packets'
const ICMP = 'ICMP packets'
const IP = 'IP headers and fragments'
const PAYLOAD = 'Payload'

const flag = <const S extends string>(short: S, describe: string) =>
  ({ kind: 'flag', short, describe, group: FLAGS }) as const

const TCP_FLAGS = {
  syn: flag('S', 'SYN, which asks for a connection'),
  ack: flag('A', 'ACK'),
  fin: flag('F', 'FIN'),
  rst: flag('R', 'RST'),
  push: flag('P', 'PSH'),
  urg: flag('U', 'URG'),
  xmas: flag('X', 'The bit 0x40 (ECE)'),
  ymas: flag('Y', 'The bit 0x80 (CWR)'),
} as const satisfies OptionTable

const PORTS = {
  destport: {
    kind: 'value',
    short: 'p',
    placeholder: '[+][+]PORT',
    coerce: destinationPort,
    describe: 'To this port (0 if not given); +22 rises with each answer, ++22 with each packet',
    group: SEGMENT,
  },
  baseport: {
    kind: 'value',
    short: 's',
    placeholder: 'PORT',
    coerce: number(0, 65_535),
    describe: 'From this port, and one more for each packet; random if not given',
    group: SEGMENT,
  },
  keep: { kind: 'flag', short: 'k', describe: 'Send all packets from the same port', group: SEGMENT },
  badcksum: { kind: 'flag', short: 'b', describe: 'Send wrong checksums (of ICMP, too)', group: SEGMENT },
} as const satisfies OptionTable

const TCP = {
  win: {
    kind: 'value',
    short: 'w',
    placeholder: 'N',
    coerce: number(0, 65_535),
    default: '512',
    describe: 'TCP window',
    group: SEGMENT,
  },
  setseq: {
    kind: 'value',
    short: 'M',
    placeholder: 'N',
    coerce: number(0, 2 ** 32 - 1),
    describe: 'TCP sequence number of all packets; random if not given',
    group: SEGMENT,
  },
  setack: {
    kind: 'value',
    short: 'L',
    placeholder: 'N',
    coerce: number(0, 2 ** 32 - 1),
    describe: 'TCP acknowledgment number of all packets; random if not given',
    group: SEGMENT,
  },
  'tcp-mss': {
    kind: 'value',
    placeholder: 'N',
    coerce: number(0, 65_535),
    describe: 'Add the TCP option of the maximum segment size',
    group: SEGMENT,
  },
  'tcp-timestamp': {
    kind: 'flag',
    describe: "Add the TCP option of time stamps, and tell the target's",
    group: SEGMENT,
  },
} as const satisfies OptionTable

const MESSAGE = {
  icmptype: {
    kind: 'value',
    short: 'C',
    placeholder: 'TYPE',
    coerce: icmpType,
    describe: '8 (echo) or 13 (timestamp); implies --icmp',
    group: ICMP,
  },
  icmpcode: {
    kind: 'value',
    short: 'K',
    placeholder: 'CODE',
    coerce: icmpCode,
    describe: '0 only, the code of requests; implies --icmp',
    group: ICMP,
  },
  'icmp-ts': { kind: 'flag', describe: 'Timestamp requests: like --icmp --icmptype 13', group: ICMP },
} as const satisfies OptionTable

const HEADER = {
  spoof: {
    kind: 'value',
    short: 'a',
    placeholder: 'HOST',
    coerce: nonEmpty,
    completes: 'host',
    describe: "Come from this one of the machine's own addresses; no other is ever forged",
    group: IP,
  },
  interface: {
    kind: 'value',
    short: 'I',
    placeholder: 'NAME',
    coerce: nonEmpty,
    describe: 'Leave by this interface; a part of its name is enough when it fits no other',
    group: IP,
  },
  ttl: {
    kind: 'value',
    short: 't',
    placeholder: 'N',
    coerce: number(0, 255),
    describe: 'Time to live or hop limit: 64 if not given, 1 to begin a traceroute',
    group: IP,
  },
  tos: {
    kind: 'value',
    short: 'o',
    placeholder: 'HEX',
    coerce: tos,
    default: '0',
    describe: "Type of service or traffic class, hexadecimal; 'help' lists usual values",
    group: IP,
  },
  id: {
    kind: 'value',
    short: 'N',
    placeholder: 'N',
    coerce: number(0, 65_535),
    describe: 'Identification of all packets (IPv4); random if not given',
    group: IP,
  },
  dontfrag: { kind: 'flag', short: 'y', describe: "Don't fragment (IPv4)", group: IP },
  rroute: {
    kind: 'flag',
    short: 'G',
    describe: 'Have routers record their addresses, and tell them (IPv4)',
    group: IP,
  },
  frag: { kind: 'flag', short: 'f', describe: 'Cut packets into fragments: like --mtu 16', group: IP },
  mtu: {
    kind: 'value',
    short: 'm',
    placeholder: 'N',
    coerce: mtu,
    describe: 'Cut packets into fragments with so many octets behind the IP header, a multiple of 8',
    group: IP,
  },
  morefrag: {
    kind: 'flag',
    short: 'x',
    describe: 'Set the flag that says that more fragments follow',
    group: IP,
  },
  fragoff: {
    kind: 'value',
    short: 'g',
    placeholder: 'N',
    coerce: fragmentOffset,
    default: '0',
    describe: 'Say that this is a fragment from here on, in octets, a multiple of 8',
    group: IP,
  },
} as const satisfies OptionTable

const CONTENT = {
  data: {
    kind: 'value',
    short: 'd',
    placeholder: 'N',
    coerce: number(0, 65_535),
    describe: "So many octets of payload, filled with 'X'; if not given as many as --sign has",
    group: PAYLOAD,
  },
  sign: {
    kind: 'value',
    short: 'e',
    placeholder: 'TEXT',
    coerce: nonEmpty,
    describe: 'Begin the payload with this text',
    group: PAYLOAD,
  },
  file: {
    kind: 'value',
    short: 'E',
    placeholder: 'FILE',
    coerce: nonEmpty,
    completes: 'file',
    describe: 'Go on with the octets of this file, a piece in each packet; needs --data',
    group: PAYLOAD,
  },
} as const satisfies OptionTable

/** What is in the packets. */
export const PACKETS = {
  ...TCP_FLAGS,
  ...PORTS,
  ...TCP,
  ...MESSAGE,
  ...HEADER,
  ...CONTENT,
} as const satisfies OptionTable
