import { describe, expect, it } from 'vitest'
import { commandLineKit } from '../../core/test/command-line-kit.ts'
import { OPTIONS } from '../src/command-line/options.ts'
import { readSettings } from '../src/command-line/read-settings.ts'
import { octetsOf } from './detector-kit.ts'

const { settingsOf, complaintAbout } = commandLineKit(
  {
    name: 'banner',
    texts: async () => (await import('../src/texts.ts')).TEXTS,
    options: OPTIONS,
    usageStatus: 2,
  },
  readSettings,
)

it('has settings for a command line without options', async () => {
  expect(await settingsOf('db.lan', '22')).toEqual({
    transport: 'tcp',
    family: undefined,
    timeoutMs: 5000,
    waitMs: 1000,
    depth: 'usual',
    tls: 'auto',
    startTls: undefined,
    sni: undefined,
    own: undefined,
    wishes: { community: 'public', hostKeys: false, follow: 0 },
    printers: false,
    atOnce: 16,
    ratePerS: undefined,
    fingerprints: undefined,
    output: 'text',
    openOnly: false,
    hex: false,
    verbose: false,
    colour: 'auto',
    exitCode: 'found',
  })
})

const NOTHING = new Uint8Array()

it.each([
  [['-4'], { family: 4 }],
  [['-6'], { family: 6 }],
  [['-u'], { transport: 'udp' }],
  [['--udp', '--community', 'secret'], { transport: 'udp', wishes: { community: 'secret' } }],
  [['--community', ''], { wishes: { community: '' } }],
  [['--thorough'], { depth: 'thorough', timeoutMs: 60_000 }],
  [['--thorough', '--timeout', '9'], { depth: 'thorough', timeoutMs: 9000 }],
  [['--timeout', '0.25', '--wait', '100ms'], { timeoutMs: 250, waitMs: 100 }],
  [['--light'], { depth: 'light' }],
  [['--tls', '--sni', 'db.lan'], { tls: 'always', sni: 'db.lan' }],
  [['--no-tls'], { tls: 'never' }],
  [['--starttls', 'auto'], { startTls: 'auto', tls: 'auto' }],
  [['--starttls', 'postgres'], { startTls: 'postgresql' }],
  [['--starttls=postgresql'], { startTls: 'postgresql' }],
  [['--probe', 'PING\\r\\n'], { own: { octets: octetsOf('PING\r\n'), match: undefined } }],
  [['--probe', '0x00', '--match', 'x'], { own: { octets: octetsOf('\0'), match: 'x' } }],
  [['--match', '^SSH-'], { own: { octets: NOTHING, match: '^SSH-' } }],
  [['--match', '^SSH-', '--light'], { own: { octets: NOTHING, match: '^SSH-' }, depth: 'light' }],
  [['--host-keys', '--follow', '3'], { wishes: { hostKeys: true, follow: 3 } }],
  [['--allow-printers'], { printers: true }],
  [['-c', '4', '-R', '10'], { atOnce: 4, ratePerS: 10 }],
  [['--fingerprints', '/usr/share/recog'], { fingerprints: '/usr/share/recog' }],
  [['--json', '--open'], { output: 'json', openOnly: true }],
  [['--csv'], { output: 'csv' }],
  [['--url', '--open'], { output: 'url', openOnly: true }],
  [['--hex', '-v'], { hex: true, verbose: true }],
  [['--colour', 'always'], { colour: 'always' }],
  [['--exit-code', 'state'], { exitCode: 'state' }],
] as const)('%j is understood', async (argv, settings) => {
  expect(await settingsOf(...argv, 'db.lan', '22')).toMatchObject(settings)
})

/** Each of the first with each of the second. */
const EXCLUDE: readonly (readonly [one: readonly string[], others: readonly (readonly string[])[]])[] = [
  [['-4'], [['-6']]],
  [
    ['--light'],
    [['--thorough'], ['--probe', 'x'], ['--tls'], ['--starttls', 'smtp'], ['--host-keys'], ['--follow', '1']],
  ],
  [
    ['-u'],
    [['--light'], ['--tls'], ['--starttls', 'auto'], ['--sni', 'x'], ['--host-keys'], ['--follow', '1']],
  ],
  [
    ['--probe', 'x'],
    [['--thorough'], ['--starttls', 'auto'], ['--host-keys'], ['--follow', '1']],
  ],
  [
    ['--match', 'x'],
    [['--thorough'], ['--starttls', 'smtp'], ['--host-keys'], ['--follow', '1']],
  ],
  [['--no-tls'], [['--tls'], ['--starttls', 'auto'], ['--sni', 'x']]],
  [['--starttls', 'smtp'], [['--tls']]],
  [['--json'], [['--csv'], ['--url'], ['-v'], ['--hex'], ['--colour', 'always']]],
  [['--csv'], [['--url'], ['-v'], ['--hex'], ['--colour', 'always']]],
  [['--url'], [['-v'], ['--hex'], ['--colour', 'always']]],
]

const PAIRS = EXCLUDE.flatMap(([one, others]) => others.map((other) => [one, other] as const))

describe('one line tells of a contradiction:', () => {
  it.each(PAIRS)('%j and %j', async (one, other) => {
    const label = ([name = '', value]: readonly string[]): string =>
      name === '--colour' ? `${name} ${value}` : name
    const complaint = `banner: ${one[0]} and ${label(other)} exclude each other`
    const readable = (text: string): string => text.replace('--colour always', '--colour')
    for (const argv of [
      [...one, ...other],
      [...other, ...one],
    ])
      expect(readable(await complaintAbout(...argv, 'db.lan', '22'))).toBe(readable(complaint))
  })
})

it('an expression alone is for greetings, which there are none of over UDP', async () => {
  expect(await complaintAbout('-u', '--match', 'x', 'db.lan', '53')).toBe(
    'banner: with -u, --match goes with --probe',
  )
})

it.each([
  ['--no-tls', '-u'],
  ['--community', 'x'],
  ['--allow-printers', '--light'],
  ['--url', '--open'],
  ['--thorough', '--tls'],
  ['-u', '--probe', 'x', '--match', 'y', '-R', '5'],
  ['--follow', '0', '-u'],
])('what is merely without effect somewhere is no contradiction: %s %s', async (...argv) => {
  expect(await settingsOf(...argv, 'db.lan', '22')).toBeDefined()
})
