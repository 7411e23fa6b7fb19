import type { Differs, Judgement } from '@portkit/lab/recorded'
import {
  composed,
  type Exchange,
  echoExchange,
  expired,
  pingExchange,
  synExchange,
} from './recorded-compose.ts'

const PORTS = 'nping overwrites a packet that it has scheduled and so probes wrong ports, hosts and hops'
const DEBUG =
  /^nping-ts: debug: packets by kernel, times by the packet clock(?:\nnping-ts: debug: to 10\.77\.0\.2 from 10\.77\.0\.1 by hraw-a)?$/

const SEVERAL = { kind: 'differs', why: PORTS } as const
const HOST = '10.77.0.2'
const OTHER = '10.77.0.3'
const FAR = '10.79.0.2'

const several = (exchanges: readonly Exchange[], wire?: readonly RegExp[]): Differs => ({
  ...SEVERAL,
  stdout: composed(exchanges),
  wire: wire ?? exchanges.map(({ sent }) => packetOf(sent)),
})

/** The packet that a SENT line tells of, as tcpdump shows it. */
function packetOf(sent: string): RegExp {
  const [, host = '', port] = /> ([\d.]+)(?::(\d+))?/.exec(sent) ?? []
  const ttl = /ttl=(\d+)/.exec(sent)?.[1] ?? '64'
  const seq = /\) id=\S+ seq=(\d+)/.exec(sent)?.[1]
  const to = `${host}${port === undefined ? '' : `.${port}`}`.replaceAll('.', String.raw`\.`)
  return new RegExp(`ttl ${ttl},.* > ${to}:${seq === undefined ? '' : `.* seq ${seq},`}`)
}

const syns = (hosts: readonly string[], ports: readonly number[]): readonly Exchange[] =>
  ports.flatMap((port) => hosts.map((host) => synExchange(host, port)))

const HOP1 = ['10.77.0.2', 64] as const
const HOP2 = ['10.78.0.2', 63] as const
const WITH_RTT = [[/^Max rtt: N\/A .*$/m, 'Max rtt: RTTms | Min rtt: RTTms | Avg rtt: RTTms']] as const

const traced = (hops: readonly Exchange[]): Differs => ({
  kind: 'differs',
  why: 'a traceroute stops at the target and never skips a hop',
  stdout: new RegExp(
    hops
      .flatMap(({ sent, received }) => [sent, received ?? ''])
      .map(escaped)
      .join('\\n'),
  ),
  wire: hops.map(({ sent }) => packetOf(sent)),
})

function escaped(line: string): string {
  return line.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)
}

const recorded = (why = PORTS): Differs => ({ kind: 'differs', why, from: 'recorded' })

/** What runs, and otherwise than with nping, by the name of the case. */
export const DIFFERENCES: readonly (readonly [string, Judgement])[] = [
  ['n-009', { kind: 'differs', why: 'its own words', stderr: /nosuch\.lab\.invalid/ }],
  [
    'n-014',
    {
      kind: 'differs',
      why: 'ports may be named',
      exit: 0,
      stdout: composed(syns([HOST], [22])),
      stderr: /^$/,
      wire: [/> 10\.77\.0\.2\.22:/],
    },
  ],
  [
    'n-024',
    {
      kind: 'differs',
      why: 'a rate may have a fraction',
      exit: 0,
      stdout: composed(syns([HOST], [22])),
      stderr: /^$/,
      wire: [/> 10\.77\.0\.2\.22:/],
    },
  ],
  ['n-125', several([...syns([HOST], [8, 22, 111, 137]), ...syns([HOST], [8, 22, 111, 137])])],
  ['n-126', several(syns([HOST], [22, 111, 137]))],
  ['n-127', { ...several(syns([HOST], [22, 111, 137])), order: true }],
  ['n-128', several([...syns([HOST, OTHER], [22, 137]), ...syns([HOST, OTHER], [22, 137])])],
  ['n-129', recorded()],
  [
    'n-130',
    { ...several(syns([HOST], [22, ...Array.from({ length: 12 }, (_, i) => 111 + i)])), order: true },
  ],
  ...[131, 132, 133, 134, 135, 136, 137, 138, 139].map((id): [string, Judgement] => [`n-${id}`, recorded()]),
  [
    'n-142',
    {
      kind: 'differs',
      why: 'debugging tells of our own inside, on stderr',
      but: [[/^BPF-filter: .*\n/m, '']],
      stderr: DEBUG,
    },
  ],
  [
    'n-143',
    {
      kind: 'differs',
      why: 'debugging tells of our own inside, on stderr',
      but: [
        [/^(?:Nping will send packets|Resolving|BPF-filter:|Opening pcap|Pcap device) .*\n/gm, ''],
        [/^1 target IP address determined\.\n/m, ''],
      ],
      stderr: DEBUG,
    },
  ],
  ...(['n-199', 'n-200'] as const).map((id): [string, Judgement] => [
    id,
    {
      kind: 'differs',
      why: 'its own words, and nothing is called lost on the way that was never sent',
      stdout: [
        '',
        'Starting NAME at DATE',
        ' ',
        'Max rtt: N/A | Min rtt: N/A | Avg rtt: N/A',
        'Raw packets sent: 0 (0B) | Rcvd: 0 (0B) | Lost: 0 (0.00%)',
        'NAME done: 1 IP address pinged in TIME seconds',
      ],
      stderr: /^ERR: \(TIME\) SEND to 10\.(?:83|200)\.0\.1(?::22)? failed: [^\n]+$/,
      wire: [],
    },
  ]),
  [
    'n-195',
    {
      kind: 'differs',
      why: 'that the system itself found nobody at the address is seen, be it late',
      stdout:
        /^\nStarting NAME at DATE\n(?:(?:SENT \(TIME\) TCP 10\.77\.0\.1:PORT > 10\.77\.0\.99:22 S .*|RCVD \(TIME\) ICMP \[10\.77\.0\.1 > 10\.77\.0\.1 Host 10\.77\.0\.99 unreachable .*)\n){5,10} \n.*\nRaw packets sent: 5 \(200B\) \| Rcvd: [0-5] /,
    },
  ],
  ['n-203', { kind: 'mirror', order: true }],
  ['n-204', { kind: 'mirror', order: true }],
  ['n-205', { kind: 'mirror', order: true }],
  ['n-220', { kind: 'differs', why: 'nping measures no UDP answer', but: WITH_RTT }],
  ['n-224', several([...[HOST, OTHER], ...[HOST, OTHER]].map(echoExchange))],
  ['n-226', { kind: 'differs', why: 'nping measures no UDP answer', but: WITH_RTT }],
  ['n-227', recorded()],
  ['n-228', recorded()],
  ['n-229', { kind: 'differs', why: 'nping measures no UDP answer', but: WITH_RTT }],
  ['n-234', several([1, 2, 3, 4, 5].map((seq) => pingExchange(HOST, seq)))],
  ['n-235', several([1, 2, 3].map((seq) => pingExchange(HOST, seq)))],
  [
    'n-236',
    {
      ...several([
        pingExchange(HOST, 1),
        pingExchange(OTHER, 2),
        pingExchange(HOST, 3),
        pingExchange(OTHER, 4),
      ]),
      why: `${PORTS}; each request of a run has its own number, which names it in any answer`,
    },
  ],
  ['n-251', { ...several([1, 2, 3, 4, 5].map((seq) => pingExchange(HOST, seq))), order: true }],
  ['n-254', { kind: 'differs', why: 'nping measures no ARP answer', but: WITH_RTT }],
  [
    'n-255',
    {
      kind: 'differs',
      why: 'nping counts no ARP probe per target, and measures none',
      stdout:
        /SENT \(TIME\) ARP who has 10\.77\.0\.2\? .*\nRCVD .*\nSENT \(TIME\) ARP who has 10\.77\.0\.3\? .*\nRCVD .*\n \nStatistics for host 10\.77\.0\.2:\n \| {2}Probes Sent: 1 \| Rcvd: 1 \| Lost: 0 {2}\(0\.00%\)\n/,
      wire: [/who-has 10\.77\.0\.2 /, /who-has 10\.77\.0\.3 /],
    },
  ],
  [
    'n-256',
    {
      kind: 'differs',
      why: 'nping has asked three times for the neighbour itself before it begins',
      wire: [/^ARP, .* who-has 10\.77\.0\.99 tell 10\.77\.0\.1,/],
    },
  ],
  ['n-257', { kind: 'differs', why: 'nping measures no ARP answer', but: WITH_RTT }],
  [
    'n-260',
    traced([
      expired(synExchange(FAR, 22, 1), ...HOP1),
      expired(synExchange(FAR, 22, 2), ...HOP2),
      synExchange(FAR, 22, 3),
    ]),
  ],
  [
    'n-261',
    {
      ...traced([
        expired(synExchange(FAR, 22, 1), ...HOP1),
        expired(synExchange(FAR, 22, 2), ...HOP2),
        synExchange(FAR, 22, 3),
      ]),
      exit: 0,
    },
  ],
  [
    'n-262',
    {
      kind: 'differs',
      why: 'a traceroute stops at the target and never skips a hop',
      stdout:
        /ttl=1 [\s\S]*10\.77\.0\.2 > [\s\S]*ttl=2 [\s\S]*10\.78\.0\.2 > [\s\S]*ttl=3 [\s\S]*10\.79\.0\.2 > 10\.77\.0\.1 Port unreachable/,
      wire: [/ttl 1,/, /ttl 2,/, /ttl 3,/],
    },
  ],
  [
    'n-263',
    traced([
      expired(pingExchange(FAR, 1, 1), ...HOP1),
      expired(pingExchange(FAR, 2, 2), ...HOP2),
      pingExchange(FAR, 3, 3),
    ]),
  ],
  [
    'n-264',
    traced([
      expired(pingExchange(FAR, 1, 1), ...HOP1),
      expired(pingExchange(FAR, 2, 2), ...HOP2),
      pingExchange(FAR, 3, 3),
    ]),
  ],
  ['n-265', traced([expired(synExchange(FAR, 22, 2), ...HOP2), synExchange(FAR, 22, 3)])],
  [
    'n-274',
    {
      kind: 'differs',
      why: "nping takes errors about other programs' packets for answers",
      stdout: composed([137, 137, 137].map((port) => synExchange(HOST, port))),
    },
  ],
  [
    'n-276',
    {
      kind: 'differs',
      why: 'CAP_NET_RAW is enough, whatever the user, and whoever names a port wants it probed',
      stdout: composed(syns([HOST], [22])),
      wire: [/> 10\.77\.0\.2\.22: Flags \[S\], cksum correct, seq SEQ, win 1480/],
    },
  ],
  [
    'n-277',
    {
      kind: 'differs',
      why: 'CAP_NET_RAW is enough, whatever the user',
      exit: 0,
      stdout: composed(syns([HOST], [22])),
      stderr: /^$/,
      wire: [/> 10\.77\.0\.2\.22: Flags \[S\]/],
    },
  ],
]
