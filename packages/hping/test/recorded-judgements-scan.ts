import type { Change, Differs, Judgement } from '@portkit/lab/recorded'

/** hping3 prints its buffer in both of its processes; lines are sorted. */
const ONCE: readonly Change[] = [[/(\nusing [^\n]*)\1$/, '$1']]
const VERBOSE: Differs = {
  kind: 'differs',
  why: 'hping3 divides itself in two, and both say where packets leave',
  but: ONCE,
}

const ABORTS = 'hping3 aborts when a port answers with an ICMP error, and then knows of no port'

const RULE = '+----+-----------+---------+---+-----+-----+-----+'
const USING = 'using hraw-a, addr: 10.77.0.1, MTU: 1500'
const SILENT = 'Not responding ports: (137 netbios-ns) '

const header = (ports: string, count: number): readonly string[] => [
  `Scanning 10.77.0.2 (10.77.0.2), port ${ports}`,
  `${count} ports to scan, use -V to see all the replies`,
  RULE,
  '|port| serv name |  flags  |ttl| id  | win | len |',
  RULE,
  'All replies received. Done.',
]

const accepts = (port: string, service: string): string =>
  `${port.padStart(5)} ${service.padEnd(11)}: .S..A...  64     0 64240    44`
const refuses = (port: string, service: string): string =>
  `${port.padStart(5)} ${service.padEnd(11)}: ..R.A...  64     0     0    40`

const OPEN = [accepts('22', 'ssh'), accepts('80', 'http')]
const ALL = ['    8            : ICMP Packet filtered from ip=10.77.0.2', ...OPEN, refuses('111', 'sunrpc')]

const scanned = (ports: string, count: number, stdout: readonly string[], asked: RegExp): Differs => ({
  kind: 'differs',
  why: ABORTS,
  order: true,
  exit: 0,
  stdout,
  stderr: header(ports, count),
  wire: [asked],
})

/** A capture loses packets of a scan of many ports; that each was asked shows in the table. */
const FAST = /^N=\S+ .* > 10\.7[79]\.0\.2\.N: Flags \[S\]/

const UNANSWERED: Differs = {
  kind: 'differs',
  why: 'who scans wants to be told when nobody answers, as in other runs',
  order: true,
  exit: 1,
}

/** Scans that end otherwise than with hping3, by the name of the case. */
export const SCANS: readonly (readonly [string, Judgement])[] = [
  ...[144, 148, 160, 169].map((id): [string, Judgement] => [`h-${id}`, { kind: 'mirror', order: true }]),
  ...[145, 149, 150, 156, 157, 158, 162].map((id): [string, Judgement] => [
    `h-${id}`,
    { ...VERBOSE, order: true },
  ]),
  ['h-146', scanned('22,80,111,137,8', 5, [...OPEN, SILENT], /^N=8,22,80,111,137 /)],
  ['h-147', scanned('22,80,111,137,8', 5, [USING, ...ALL, SILENT], /^N=8,22,80,111,137 /)],
  [
    'h-151',
    {
      kind: 'differs',
      why: 'ours asks so fast that a capture loses a part of it',
      order: true,
      wire: [FAST],
    },
  ],
  [
    'h-152',
    {
      kind: 'differs',
      why: 'hping3 never asks port 65535',
      order: true,
      wire: [FAST],
    },
  ],
  ['h-153', scanned('known', 264, [...OPEN, SILENT], FAST)],
  [
    'h-154',
    scanned('1-200,!known', 152, ['Not responding ports: '], /^N=3,5,8,10,12,14,16,18,24,[\d,-]+,200 /),
  ],
  ['h-155', scanned('all', 65_536, [...OPEN, SILENT], FAST)],
  ['h-159', UNANSWERED],
  ['h-167', UNANSWERED],
  [
    'h-161',
    {
      kind: 'differs',
      why: 'hping3 never asks port 65535',
      stdout: [USING, refuses('65535', ''), 'Not responding ports: '],
      wire: [/^N=65535 .* > 10\.77\.0\.2\.N: Flags \[S\]/],
    },
  ],
  [
    'h-166',
    {
      kind: 'differs',
      why: 'hping3 sends broken datagrams and hears no answer; UDP ports are asked with UDP',
      stdout: [`    7 ${'echo'.padEnd(11)}:           64 ID          28`, 'Not responding ports: '],
      wire: [/^N=7,111 .* > 10\.77\.0\.2\.N: UDP, length 0$/],
    },
  ],
  [
    'h-168',
    {
      kind: 'differs',
      why: 'it is over before it is interrupted',
      stdout: [SILENT],
      stderr: header('137-140', 4),
      wire: [/^N=137-140 /],
      exit: 0,
    },
  ],
]
