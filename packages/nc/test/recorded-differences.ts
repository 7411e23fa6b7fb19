import type { RecordedCase } from './recorded-cases.ts'
import type { Comparable } from './recorded-compare.ts'

/** What nc-ts does on purpose otherwise than nc, and what it does instead; what is not named is as nc's. */
export interface Difference {
  readonly why: string
  /** The real nc itself does now one, now the other. */
  readonly race?: true
  readonly exit?: string
  readonly stdout?: string | RegExp
  readonly stderr?: string | RegExp
  /** How long it takes, where that differs too. */
  readonly seconds?: number
  /** What helpers tell, without times, a line each. */
  readonly events?: Readonly<Record<string, readonly string[]>>
}

const LONG = 'long options exist'
const TESTS = '-u -z really tests, as nc does from 1.225 on'
const TIME = '-w takes fractions and units'
const ANSWERED = 'an answer ends the UDP test'
const SOCKS4A = '-X 4A works, as in nc from 1.234 on'
const CLOSED = 'a socket never takes the place of a closed descriptor 0 or 1, so nothing is echoed'

const OPEN = 'Connection to 10.77.0.2 22 port [tcp/ssh] succeeded!\n'
const X = "got 'X'"

/** By the name of the case. */
export const DIFFERENCES: ReadonlyMap<string, Difference> = new Map<string, Difference>([
  ['long-option', { why: LONG, exit: '0', stdout: /^Usage: nc .*\n.*--json\b/s, stderr: '' }],
  ['long-version', { why: LONG, exit: '0', stdout: /^nc \d+\.\d+\.\d+\n$/, stderr: '' }],
  [
    'bad-option',
    {
      why: 'whoever wants -e is shown a safe way',
      stderr: /^nc: invalid option -- 'e'\nusage: nc (?:.*\n){5}nc: programs are never run.*\n$/,
    },
  ],
  ['w-value-2.5', { why: TIME, exit: '0', stderr: OPEN }],
  ['w-value-1s', { why: TIME, exit: '0', stderr: OPEN }],
  ['X-value-4a', { why: SOCKS4A, exit: '0', stderr: OPEN }],
  ['X-value-4A', { why: SOCKS4A, exit: '0', stderr: OPEN }],
  ['uvz-open', { why: ANSWERED, seconds: 0 }],
  ['uvz-w1-open', { why: ANSWERED, seconds: 0 }],
  ['uvz-w1-range', { why: ANSWERED, seconds: 1 }],
  ['uvz-v6-open', { why: ANSWERED, seconds: 0 }],
  ['uvz-name', { why: ANSWERED, seconds: 0 }],
  ['uvz-n', { why: ANSWERED, seconds: 0 }],
  ['uvz-portname', { why: ANSWERED, seconds: 0 }],
  ['p-udp', { why: ANSWERED, seconds: 0 }],
  ['uz-closed', { why: TESTS, exit: '1' }],
  ['uz-dropped', { why: TESTS, seconds: 3 }],
  ['uz-wire', { why: TESTS, seconds: 3, events: { udplog: [X, X, X, X, X] } }],
  [
    'd-eof-w0',
    {
      why: 'what is sent may be there when it looks, or not yet',
      race: true,
      stdout: /^(hi\n)?$/,
    },
  ],
  [
    'U-dgram',
    {
      why: 'the client may be gone before the listener answers',
      race: true,
      stdout: /^(hello\n)?$/,
      stderr:
        /^Bound on u\.sock\n(Connection received on u\.sock\nnc: connect: Invalid argument\n|nc: connect: Connection refused\n)$/,
    },
  ],
  ['Z-dccp', { why: '-Z is refused in words', stderr: 'nc: -Z: DCCP is not supported\n' }],
  [
    'd-closed-stdin',
    {
      why: CLOSED,
      stdout: 'hi\n',
      events: { server: ['accept', String.raw`sent 'hi\n'`, 'nothing more for now', 'closed'] },
    },
  ],
  [
    'd-stdout-closed',
    {
      why: CLOSED,
      events: { server: ['accept', String.raw`sent 'hi\n'`, 'nothing more for now', 'closed'] },
    },
  ],
])

/** What nc-ts has to do where nc did `real`: the same, but for what is listed. Patterns count as met where they match. */
export function expectedOf(run: RecordedCase, real: Comparable, ours: Comparable): Comparable {
  const difference = DIFFERENCES.get(run.id)
  if (difference === undefined) return real
  const { exit = real.exit, stdout = real.stdout, stderr = real.stderr, events = {} } = difference
  const peers = Object.entries(real.peers).map(([name, peer]) => {
    const told = events[name]
    return [name, told === undefined ? peer : { ...peer, events: told.join('\n') }]
  })
  return {
    ...real,
    exit,
    stdout: textFor(stdout, ours.stdout),
    stderr: textFor(stderr, ours.stderr),
    peers: Object.fromEntries(peers),
  }
}

function textFor(wanted: string | RegExp, seen: string): string {
  if (typeof wanted === 'string') return wanted
  return wanted.test(seen) ? seen : String(wanted)
}
