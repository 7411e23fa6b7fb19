import { nonEmpty, type OptionTable } from '@portkit/core'
import { duration, tersely, wholeNumber } from './dialect.ts'
import { routingTable } from './options-values.ts'
import { parseTos } from './tos.ts'

const DATA = 'Data of a session'
const SOCKET = 'Socket options (most need Linux and koffi)'

/** C's int and unsigned int. */
const INT = 2 ** 31 - 1
const UINT = 2 ** 32 - 1
const LARGEST_BUFFER = 2 ** 30
const HIGHEST_TTL = 255

/** What happens to the data once a connection stands. */
export const SESSION = {
  'recv-only': { kind: 'flag', short: 'd', describe: 'Never read standard input', group: DATA },
  shutdown: {
    kind: 'flag',
    short: 'N',
    describe: 'Pass the end of standard input on to the peer',
    group: DATA,
  },
  'quit-after': {
    kind: 'value',
    short: 'q',
    placeholder: 'TIME',
    coerce: duration('quit timer', -INT - 1, INT),
    describe:
      'Like -N, and end so long after standard input has, a TCP client after the peer has too; negative: never',
    group: DATA,
  },
  'recv-limit': {
    kind: 'value',
    short: 'W',
    placeholder: 'N',
    coerce: wholeNumber('receive limit', 1, INT),
    describe: 'End after N reads from the network',
    group: DATA,
  },
  delay: {
    kind: 'value',
    short: 'i',
    placeholder: 'TIME',
    coerce: duration('interval', 0, UINT),
    describe: 'Pause after each line that is sent',
    group: DATA,
  },
  crlf: { kind: 'flag', short: 'C', describe: 'End lines that are sent with CR LF', group: DATA },
  telnet: {
    kind: 'flag',
    short: 't',
    describe: 'Refuse all options that a TELNET server proposes',
    group: DATA,
  },
  'pass-fd': {
    kind: 'flag',
    short: 'F',
    describe: 'Hand the connection over through standard output, for ssh with ProxyUseFdpass',
    group: DATA,
  },
  'hex-dump': {
    kind: 'value',
    placeholder: 'FILE',
    coerce: nonEmpty,
    completes: 'file',
    describe: 'Write what passes in both directions to a file, in hexadecimal and as text',
    group: DATA,
  },
  progress: { kind: 'flag', describe: 'Show bytes, rate and time on standard error', group: DATA },
} as const satisfies OptionTable

/** What is set on sockets before their first packet. */
export const SOCKETS = {
  ttl: {
    kind: 'value',
    short: 'M',
    placeholder: 'N',
    coerce: tersely('ttl', 0, HIGHEST_TTL),
    describe: 'Time to live or hop limit of what is sent',
    group: SOCKET,
  },
  'min-ttl': {
    kind: 'value',
    short: 'm',
    placeholder: 'N',
    coerce: tersely('minttl', 0, HIGHEST_TTL),
    describe: 'Drop packets that arrive with a lower one',
    group: SOCKET,
  },
  tos: {
    kind: 'value',
    short: 'T',
    placeholder: 'TOS',
    coerce: parseTos,
    describe: 'Type of service or traffic class: lowdelay, ef, af11, cs1, …, 0x10, 16',
    group: SOCKET,
  },
  'receive-buffer': {
    kind: 'value',
    short: 'I',
    placeholder: 'OCTETS',
    coerce: wholeNumber('TCP receive window', 1, LARGEST_BUFFER),
    describe: 'Size of the receive buffer',
    group: SOCKET,
  },
  'send-buffer': {
    kind: 'value',
    short: 'O',
    placeholder: 'OCTETS',
    coerce: wholeNumber('TCP send window', 1, LARGEST_BUFFER),
    describe: 'Size of the send buffer',
    group: SOCKET,
  },
  md5sig: { kind: 'flag', short: 'S', describe: 'Sign with TCP MD5; asks for the key', group: SOCKET },
  'socket-debug': { kind: 'flag', short: 'D', describe: 'Set SO_DEBUG', group: SOCKET },
  broadcast: { kind: 'flag', short: 'b', describe: 'Allow broadcast addresses for UDP', group: SOCKET },
  rtable: {
    kind: 'value',
    short: 'V',
    placeholder: 'TABLE',
    coerce: routingTable,
    describe: "Alternate routing table: refused, as by Debian's nc",
    group: SOCKET,
  },
} as const satisfies OptionTable
