import type { Judgement, OwnWords, Refused } from '@portkit/lab/recorded'

type Entry = readonly [string, Judgement]

const own = (says: RegExp, exit: OwnWords['exit'] = 2): OwnWords => ({ kind: 'own-words', says, exit })

/** One sentence of ours that begins so, and status 2. */
const refused = (says: string): Refused => ({ kind: 'refused', says: new RegExp(`^hping-ts: ${says}`, 'm') })

/** A mistake that the option table tells of: where more is to be read follows. */
const misread = (says: string): OwnWords =>
  own(new RegExp(`^\\nhping-ts: ${says}\\n'hping-ts --help' shows what it understands$`))

/** An option that is refused on purpose, with the reason. */
const forbidden = (option: string, ...ids: readonly number[]): readonly Entry[] =>
  ids.map((id): Entry => [`h-${String(id).padStart(3, '0')}`, refused(`--${option} is refused: \\S.*$`)])

const HELP = /^Usage: hping-ts \[option\]\.\.\. host\n/
const VERSION = /^hping-ts version \d+\.\d+\.\d+ \(portkit\)\n$/
const PRIVILEGE = refused('.*CAP_NET_RAW')

/** What is refused, by the name of the case: by both tools, or by ours on purpose. */
export const REFUSALS: readonly Entry[] = [
  ['h-001', own(HELP)],
  ['h-002', own(HELP, 0)],
  ['h-003', own(HELP, 0)],
  ['h-004', own(VERSION, 0)],
  ['h-005', own(VERSION, 0)],
  ['h-006', misread('unknown option --bogus')],
  ['h-007', misread('unknown option -\\?')],
  ['h-008', misread('option --tcp is ambiguous: --tcp-mss, --tcp-timestamp, --tcpexitcode, --tcpoff')],
  ['h-009', misread('unknown option --synn; did you mean --syn\\?')],
  ['h-011', misread('option -p needs a value')],
  ['h-012', refused('no host')],
  ['h-013', refused('one host at a time: 10\\.77\\.0\\.2 or 10\\.77\\.0\\.3')],
  ['h-014', refused('nosuch\\.lab\\.invalid: ')],
  ['h-017', refused('-c: .*: 0$')],
  ['h-018', refused('-c: .*: abc$')],
  ['h-019', refused('-i: .*: -1$')],
  ['h-020', refused('-p: .*: abc$')],
  ['h-021', refused('-p: .*: 65558$')],
  ['h-022', refused('-d: .*65495.*: 65530$')],
  ['h-023', refused('-E needs -d')],
  ['h-024', refused('-e: 6 octets do not fit into the 3 of -d$')],
  ['h-027', own(/^Type of service [\s\S]*low delay[\s\S]*low cost/, 0)],
  ['h-030', refused('-I: "?nosuch0"? is no network interface')],
  ['h-122', refused('-C: .*: 15$')],
  ['h-123', refused('-C: .*: 15$')],
  ['h-124', refused('-C: .*: 3$')],
  ['h-125', refused('-C: .*: 0$')],
  ['h-143', refused('.*/nosuch')],
  ['h-163', refused('-8: .*: abc$')],
  ['h-164', refused('-8: .*: 70000$')],
  ['h-165', refused('-8: .*: 65530-65540$')],
  ['h-199', refused('.*10\\.77\\.0\\.50')],
  ['h-200', refused('.*(?:target2\\.lab|10\\.77\\.0\\.3)')],
  ['h-208', refused('.*10\\.83\\.0\\.1')],
  ['h-209', refused('.*10\\.200\\.0\\.1')],
  ['h-212', PRIVILEGE],
  ['h-213', PRIVILEGE],
  ['h-214', PRIVILEGE],
  ['h-215', PRIVILEGE],
  ['h-217', own(HELP, 0)],
  ['h-218', own(VERSION, 0)],
  ['h-219', own(HELP)],
  ...forbidden('rand-dest', 25),
  ...forbidden('safe', 26),
  ...forbidden('icmp-help', 28),
  ...forbidden('route-help', 29),
  ...forbidden('tcpoff', 78),
  ...forbidden('icmp-addr', 121),
  ...forbidden('icmp-cksum', 127),
  ...forbidden('end', 142),
  ...forbidden('rel', 185, 186, 187),
  ...forbidden('winid', 188),
  ...forbidden('lsrr', 197, 198),
  ...forbidden('rawip', 201, 202),
  ...forbidden('apd-send', 203),
  ...forbidden('listen', 216, 220),
]
