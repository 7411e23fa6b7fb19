import type { Differs, Judgement } from '@portkit/lab/recorded'

/** A note on stderr, and nothing else besides. */
const meansNothing = (option: string): Differs => ({
  kind: 'differs',
  why: 'an option that means nothing in the mode is told, on stderr',
  stderr: new RegExp(`^nping-ts: --${option} means nothing in TCP-connect mode$`),
})

const NO_RST = /^(?![\s\S]*TCP RST)[\s\S]*Successful connections: 0 \| Failed: 1/

/** The report of so many successful connections to port 22. */
const connected = (count: number): readonly string[] => [
  '',
  'Starting NAME at DATE',
  ...Array.from({ length: count }, () => [
    `SENT (TIME) Starting TCP Handshake > 10.77.0.2:22`,
    `RCVD (TIME) Handshake with 10.77.0.2:22 completed`,
  ]).flat(),
  ' ',
  'Max rtt: RTTms | Min rtt: RTTms | Avg rtt: RTTms',
  `TCP connection attempts: ${count} | Successful connections: ${count} | Failed: 0 (0.00%)`,
  'NAME done: 1 IP address pinged in TIME seconds',
]
const CONNECT_FROM_5555 = /10\.77\.0\.1\.5555 > 10\.77\.0\.2\.22: Flags \[S\],.*sackOK/
const LATE = 'an ICMP error may be seen that nping misses because it stops listening'

/** What runs in connect mode, and otherwise than with nping, by the name of the case. */
export const CONNECT_DIFFERENCES: readonly (readonly [string, Judgement])[] = [
  [
    'n-079',
    {
      kind: 'differs',
      why: 'a fixed source port can be used again: connections do not stay open, as those of nping do',
      stdout: connected(2),
      stderr: /^$/,
      wire: [CONNECT_FROM_5555, CONNECT_FROM_5555],
    },
  ],
  ['n-077', meansNothing('no-capture')],
  ['n-081', { ...meansNothing('data-string'), but: [[/^Warning: Payload supplied .*\n/, '']] }],
  [
    'n-089',
    {
      kind: 'differs',
      why: 'SIGTERM ends a run with its statistics, as Ctrl-C does',
      exit: 1,
      stdout: connected(3),
      wire: Array.from({ length: 3 }, () => /\.PORT > 10\.77\.0\.2\.22: Flags \[S\],.*sackOK/),
    },
  ],
  [
    'n-085',
    {
      kind: 'differs',
      why: 'nothing was sent, so no RST was received',
      stdout: NO_RST,
      stderr: /^ERR: \(TIME\) SEND to 10\.83\.0\.1:22 failed: [^\n]+$/,
    },
  ],
  [
    'n-086',
    {
      kind: 'differs',
      why: 'nothing was sent, so no RST was received',
      stdout: NO_RST,
      stderr: /^ERR: \(TIME\) SEND to 10\.200\.0\.1:22 failed: [^\n]+$/,
    },
  ],
  ...(['n-050', 'n-052', 'n-053', 'n-054', 'n-083', 'n-084', 'n-093', 'n-094', 'n-095'] as const).map(
    (id): [string, Judgement] => [
      id,
      {
        kind: 'differs',
        why: LATE,
        stdout:
          /^\nStarting NAME at DATE\nSENT \(TIME\) Starting TCP Handshake > .*\n(?:RCVD \(TIME\) Possible TCP RST received from .* --> (?:No route to host|Connection refused|Network is unreachable|Permission denied)\n)? \n[\s\S]*Successful connections: 0 \| Failed: 1 \(100\.00%\)\n/,
      },
    ],
  ),
]
