import type { Change, Differs, Judgement } from '@portkit/lab/recorded'

const TO_22 = /> 10\.77\.0\.2\.22: Flags \[S\], .* win 512, length 0$/

/** The lines of so many SYNs to port 22 that are answered. */
const open = (count: number): readonly string[] => [
  'HPING 10.77.0.2 (hraw-a 10.77.0.2): S set, 40 headers + 0 data bytes',
  ...Array.from(
    { length: count },
    (_, seq) => `len=44 ip=10.77.0.2 ttl=64 DF id=0 sport=22 flags=SA seq=${seq} win=64240 rtt=RTT ms`,
  ),
]

const statistics = (host: string, sent: number, received: number, loss = 0): readonly string[] => [
  '',
  `--- ${host} hping statistic ---`,
  `${sent} packets transmitted, ${received} packets received, ${loss}% packet loss`,
  `round-trip min/avg/max = ${received === 0 ? 'NONE' : 'RTT'}`,
]

/** hping3 measures answers in TCP and ICMP mode only when they are no errors. */
const MEASURED: Differs = {
  kind: 'differs',
  why: 'the round trip of an ICMP error is one, too',
  stderrBut: [[/NONE$/, 'RTT']],
}

const UNLOCKED: readonly Change[] = [
  [/^\[main\] memlockall.*\n^Warning: can't disable memory paging!\n/m, ''],
]
const NOT_LOCKED = 'there is no secret to be kept from the swap device'

const NO_PLACEHOLDER: Differs = {
  kind: 'differs',
  why: 'a recorded route begins with who is there, not with 1.2.3.4',
  but: [[/1\.2\.3\.4\n\t/, '']],
}
const RECORDS_ROUTE = /options \(RR (?:0\.0\.0\.0 ){8}0\.0\.0\.0,EOL\)/

const NO_UPTIME: Differs = {
  kind: 'differs',
  why: 'systems of today add an offset to the clock of each connection, so nobody can tell how long they are up',
  but: [[/^ {2}(?:HZ|System uptime) seems.*\n/gm, '']],
}

const STRANGERS = 'what other programs are told is no answer to us'

/** What runs, and otherwise than with hping3, by the name of the case. */
export const DIFFERENCES: readonly (readonly [string, Judgement])[] = [
  ...[...[39, 40, 43, 44, 45, 46, 47, 48, 49, 52, 71, 89], ...[114, 116, 117, 181, 182, 205, 206]].map(
    (id): [string, Judgement] => [`h-${String(id).padStart(3, '0')}`, MEASURED],
  ),
  [
    'h-015',
    {
      kind: 'differs',
      why: 'hping3 knows no IPv6',
      exit: 0,
      stdout: [
        'HPING fd77::2 (hraw-a fd77::2): S set, 60 headers + 0 data bytes',
        'len=64 ip=fd77::2 ttl=64 sport=22 flags=SA seq=0 win=64800 rtt=RTT ms',
      ],
      stderr: statistics('fd77::2', 1, 1),
      wire: [/fd77::1\.PORT > fd77::2\.22: Flags \[S\], .* win 512, length 0$/],
    },
  ],
  [
    'h-081',
    {
      kind: 'differs',
      why: 'each packet has a sequence number of its own, which tells its answer from a duplicate',
      stdout: open(3),
    },
  ],
  ['h-083', NO_UPTIME],
  ['h-084', NO_UPTIME],
  [
    'h-099',
    {
      kind: 'differs',
      why: 'hping3 ends before it has looked at an answer; ours keeps to its highest rate, and says so',
      exit: 0,
      stdout: open(5),
      stderr: [
        'hping-ts: 10000 packets a second, for --max-rate allows no more',
        ...statistics('10.77.0.2', 5, 5),
      ],
      wire: Array.from({ length: 5 }, () => TO_22),
    },
  ],
  [
    'h-103',
    {
      kind: 'differs',
      why: 'debugging tells of our own inside, and of what is really sent, checksum included',
      stdout:
        /^using hraw-a, addr: 10\.77\.0\.1, MTU: 1500\nHPING 10\.77\.0\.2 \(hraw-a 10\.77\.0\.2\): S set, .*\n(?:DEBUG: .*\n)+45 00 00 28 (?:[0-9A-F]{2} ){36}\n(?:DEBUG: .*\n)*len=44 ip=10\.77\.0\.2 .* seq=0 win=64240 rtt=RTT ms$/,
    },
  ],
  ['h-106', { kind: 'differs', why: NOT_LOCKED, stderrBut: UNLOCKED }],
  ['h-128', { ...NO_PLACEHOLDER, wire: [RECORDS_ROUTE, RECORDS_ROUTE] }],
  ['h-129', { ...NO_PLACEHOLDER, wire: [RECORDS_ROUTE, RECORDS_ROUTE] }],
  ['h-141', { kind: 'differs', why: NOT_LOCKED, stderrBut: UNLOCKED }],
  [
    'h-195',
    {
      kind: 'differs',
      why: 'the first fragment of the answer says that more follow, which hping3 calls DF',
      but: [[/DF (?=id=ID tos=0 iplen=1500)/, 'MF ']],
    },
  ],
  ['h-196', { ...NO_PLACEHOLDER, wire: [RECORDS_ROUTE] }],
  [
    'h-211',
    {
      kind: 'differs',
      why: 'what a host sends to itself goes by its loopback interface, where hping3 does not listen',
      exit: 0,
      stdout: [
        'HPING 10.77.0.1 (lo 10.77.0.1): S set, 40 headers + 0 data bytes',
        'len=40 ip=10.77.0.1 ttl=64 DF id=0 sport=22 flags=RA seq=0 win=0 rtt=RTT ms',
      ],
      stderr: statistics('10.77.0.1', 1, 1),
    },
  ],
  [
    'h-221',
    {
      kind: 'differs',
      why: STRANGERS,
      exit: 1,
      stdout: open(0),
      stderr: statistics('10.77.0.2', 3, 0, 100),
      wire: Array.from({ length: 3 }, () => /> 10\.77\.0\.2\.137: Flags \[S\], /),
    },
  ],
  [
    'h-223',
    {
      kind: 'differs',
      why: STRANGERS,
      stdout: open(4),
      stderr: statistics('10.77.0.2', 4, 4),
      wire: Array.from({ length: 4 }, () => TO_22),
    },
  ],
]
