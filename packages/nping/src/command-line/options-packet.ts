import { nonEmpty, type OptionTable } from '@portkit/core'
import { arpRequest, icmpCode, icmpKind, mtu, sourceAddress } from './kinds.ts'
import { field } from './numbers.ts'
import { hexPayload, payloadLength, textPayload } from './payload.ts'
import { tcpFlags } from './tcp-flags.ts'

const TCP = 'TCP and UDP packets'
const ICMP = 'ICMP and ARP packets'
const IP = 'IP headers'
const PAYLOAD = 'Payload'

const SEGMENT = {
  'source-port': {
    kind: 'value',
    short: 'g',
    placeholder: 'PORT',
    coerce: field(16),
    describe: "Come from this port, or 'random'",
    group: TCP,
  },
  flags: {
    kind: 'value',
    placeholder: 'FLAGS',
    coerce: tcpFlags,
    default: 'syn',
    describe: 'TCP flags: syn,ack or SA or 0x12, all, none',
    group: TCP,
  },
  seq: {
    kind: 'value',
    placeholder: 'N',
    coerce: field(32),
    describe: 'Sequence number; without it a random one tells the answers of each probe apart',
    group: TCP,
  },
  ack: { kind: 'value', placeholder: 'N', coerce: field(32), describe: 'Acknowledgment number', group: TCP },
  win: { kind: 'value', placeholder: 'N', coerce: field(16), describe: 'Window', group: TCP },
  'like-system': {
    kind: 'flag',
    yields: true,
    describe: "A SYN with the options of the system's own, which firewalls let pass that drop bare ones",
    group: TCP,
  },
  badsum: { kind: 'flag', describe: 'A wrong checksum: whatever answers is no host', group: TCP },
  'udp-payloads': {
    kind: 'flag',
    yields: true,
    describe: "Ask well-known UDP ports their service's usual question, which empty datagrams are not",
    group: TCP,
  },
} as const satisfies OptionTable

const MESSAGE = {
  'icmp-type': {
    kind: 'value',
    placeholder: 'TYPE',
    coerce: icmpKind,
    describe: 'echo (8) or timestamp (13)',
    group: ICMP,
  },
  'icmp-code': { kind: 'value', placeholder: 'CODE', coerce: icmpCode, describe: '0', group: ICMP },
  'icmp-id': { kind: 'value', placeholder: 'N', coerce: field(16), describe: 'Identifier', group: ICMP },
  'icmp-seq': {
    kind: 'value',
    placeholder: 'N',
    coerce: field(16),
    describe: 'Sequence number of all requests',
    group: ICMP,
  },
  'echo-request': { kind: 'flag', describe: 'Like --icmp --icmp-type echo', group: ICMP },
  timestamp: { kind: 'flag', describe: 'Like --icmp --icmp-type timestamp', group: ICMP },
  'arp-request': { kind: 'flag', describe: 'Like --arp', group: ICMP },
  'arp-type': {
    kind: 'value',
    placeholder: 'TYPE',
    coerce: arpRequest,
    describe: 'arp-request',
    group: ICMP,
  },
} as const satisfies OptionTable

const HEADER = {
  'source-ip': {
    kind: 'value',
    short: 'S',
    placeholder: 'ADDRESS',
    coerce: sourceAddress,
    describe: "Come from this one of the machine's own addresses; no other is ever forged",
    group: IP,
  },
  interface: {
    kind: 'value',
    short: 'e',
    placeholder: 'NAME',
    coerce: nonEmpty,
    describe: 'Leave by this interface',
    group: IP,
  },
  ttl: {
    kind: 'value',
    placeholder: 'N',
    coerce: field(8),
    describe: 'Time to live or hop limit, where --traceroute begins (also --hop-limit)',
    group: IP,
  },
  tos: {
    kind: 'value',
    placeholder: 'N',
    coerce: field(8),
    describe: 'Type of service or traffic class (also --tc, --traffic-class)',
    group: IP,
  },
  id: { kind: 'value', placeholder: 'N', coerce: field(16), describe: 'Identification (IPv4)', group: IP },
  df: { kind: 'flag', describe: "Don't fragment (IPv4)", group: IP },
  mtu: {
    kind: 'value',
    placeholder: 'N',
    coerce: mtu,
    describe: 'Cut packets into fragments with so many octets behind the IP header, a multiple of 8',
    group: IP,
  },
  fragments: { kind: 'flag', short: 'f', yields: true, describe: 'Like --mtu 72', group: IP },
} as const satisfies OptionTable

const CONTENT = {
  data: {
    kind: 'value',
    placeholder: 'HEX',
    coerce: hexPayload,
    describe: 'These octets: 0xcafe01',
    group: PAYLOAD,
  },
  'data-string': {
    kind: 'value',
    placeholder: 'TEXT',
    coerce: textPayload,
    describe: 'This text',
    group: PAYLOAD,
  },
  'data-length': {
    kind: 'value',
    placeholder: 'N',
    coerce: payloadLength,
    describe: 'So many random octets, up to 65400',
    group: PAYLOAD,
  },
} as const satisfies OptionTable

/** What is in the packets. */
export const PACKETS = { ...SEGMENT, ...MESSAGE, ...HEADER, ...CONTENT } as const satisfies OptionTable
