import { nonEmpty, type OptionTable } from '@portkit/core'
import { pingType } from './ping-types.ts'

const TARGETS = 'Which hosts'
const DISCOVERY = 'Which of them are up'

/** Whom to scan. */
const WHOM = {
  iL: {
    kind: 'value',
    oneDash: true,
    placeholder: 'FILE',
    coerce: nonEmpty,
    completes: 'file',
    describe: 'Targets from a file, or - for standard input; # begins a comment',
    group: TARGETS,
  },
  exclude: {
    kind: 'value',
    placeholder: 'LIST',
    coerce: nonEmpty,
    repeatable: true,
    describe: 'Not these: names, addresses, networks, ranges, with commas between',
    group: TARGETS,
  },
  excludefile: {
    kind: 'value',
    placeholder: 'FILE',
    coerce: nonEmpty,
    completes: 'file',
    describe: 'Not those in this file',
    group: TARGETS,
  },
  'randomize-hosts': { kind: 'flag', describe: 'Hosts in random order', group: TARGETS },
  rH: { kind: 'flag', hidden: true, describe: '--randomize-hosts' },
  'resolve-all': { kind: 'flag', describe: 'All addresses of a name, not only the first', group: TARGETS },
  ipv4: { kind: 'flag', short: '4', describe: 'Only IPv4 addresses of names', group: TARGETS },
  ipv6: {
    kind: 'flag',
    short: '6',
    describe: 'Only IPv6 addresses of names; without either, addresses of both kinds may be mixed',
    group: TARGETS,
  },
  'no-dns': { kind: 'flag', short: 'n', describe: 'Never ask for the names of addresses', group: TARGETS },
  'always-dns': {
    kind: 'flag',
    short: 'R',
    describe: 'Names of all addresses, also of hosts that are down',
    group: TARGETS,
  },
} as const satisfies OptionTable

/** Which of them are up. */
const UP = {
  ping: {
    kind: 'value',
    short: 'P',
    placeholder: 'TYPE',
    bare: '',
    coerce: pingType,
    repeatable: true,
    describe:
      'n: all count as up, unless ARP on the link says otherwise; S, A, U with ports (-PS22,80): by TCP SYN, TCP ACK, UDP; ' +
      'E, P, M: by ICMP echo, timestamp, mask; R: by ARP on the link',
    group: DISCOVERY,
  },
  'disable-arp-ping': {
    kind: 'flag',
    describe: 'Hosts on the link are asked as all others, not by ARP and neighbour discovery',
    group: DISCOVERY,
  },
  'send-ip': {
    kind: 'flag',
    hidden: true,
    describe: '--disable-arp-ping: packets are of IP, as always here',
  },
} as const satisfies OptionTable

export const HOST_OPTIONS = { ...WHOM, ...UP } as const satisfies OptionTable
