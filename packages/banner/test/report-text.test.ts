import { colours, displayWidth } from '@portkit/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../src/model/finding.ts'
import { textReporter } from '../src/report/text-reporter.ts'
import { anyFinding, anyText } from './any-finding.ts'
import { octetsOf } from './detector-kit.ts'
import {
  DB,
  exchangeOf,
  findingOf,
  portOf,
  printed,
  QUIET,
  SHUT,
  textOf,
  tlsOf,
  viewOf,
} from './finding-kit.ts'

/** What may never reach a terminal: controls, separators, halves of pairs, marks of direction. */
const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\u{feff}]/u

const SSH = findingOf({
  outcome: 'identified',
  method: 'greeting',
  service: { protocol: 'ssh', product: 'OpenSSH', version: '9.2p1', info: 'protocol 2.0' },
})
const HTTPS = findingOf({
  target: portOf(443),
  outcome: 'identified',
  method: 'probe',
  service: { protocol: 'http', product: 'nginx', version: '1.22.1', info: '200 OK' },
  tls: tlsOf({ verification: { words: 'self-signed', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } }),
})

const LINES: readonly (readonly [string, Finding, string])[] = [
  [
    'what was identified by its greeting',
    SSH,
    '22/tcp  open     ssh         OpenSSH 9.2p1, protocol 2.0  [greeting]',
  ],
  [
    'what was identified inside TLS, and what is wrong with the certificate',
    HTTPS,
    '443/tcp  open     http        nginx 1.22.1, 200 OK  (TLSv1.3, self-signed) [tls+probe]',
  ],
  [
    'TLS with nothing found inside',
    findingOf({ outcome: 'identified', method: 'tls', service: { protocol: 'tls' }, tls: tlsOf() }),
    '22/tcp  open     tls         (TLSv1.3) [tls]',
  ],
  [
    'TLS after a command, where the greeting was read before it',
    { ...SSH, service: { protocol: 'smtp', product: 'Postfix' }, tls: tlsOf({ after: 'smtp' }) },
    '22/tcp  open     smtp        Postfix  (STARTTLS, TLSv1.3) [greeting]',
  ],
  [
    "what matched the user's expression, without groups in it",
    findingOf({
      outcome: 'identified',
      method: 'probe',
      service: { protocol: 'match' },
      exchanges: [exchangeOf('+PONG\r\n')],
    }),
    '22/tcp  open     match       "+PONG\\x0d\\x0a"  [probe]',
  ],
  [
    'a guess from the table of ports',
    findingOf({ guess: 'http', method: 'port table' }),
    "22/tcp  open     (http?)     silent; guess from the port's number  [port table]",
  ],
  ['silence', findingOf(), '22/tcp  open                 silent'],
  [
    'an end without a word',
    findingOf({ outcome: 'closed' }),
    '22/tcp  open                 accepted, then closed',
  ],
  [
    'a reset without a word',
    findingOf({ outcome: 'reset' }),
    '22/tcp  open                 accepted, then reset',
  ],
  [
    'an answer that nobody knows',
    findingOf({ outcome: 'unknown', exchanges: [exchangeOf(''), exchangeOf('hello\r\n\u001b[2J')] }),
    '22/tcp  open                 answered, unknown: "hello\\x0d\\x0a\\x1b[2J"',
  ],
  [
    'an unknown answer in UTF-8, cut within a character',
    findingOf({ outcome: 'unknown', exchanges: [exchangeOf(`${'a'.repeat(39)}\xc3\xa4bc`)] }),
    `22/tcp  open                 answered, unknown: "${'a'.repeat(39)}…"`,
  ],
  [
    'an unknown answer that is no text',
    findingOf({ outcome: 'unknown', exchanges: [exchangeOf('\xff\xfdA\x80')] }),
    '22/tcp  open                 answered, unknown: "\\xff\\xfdA\\x80"',
  ],
  [
    'that time was too short',
    findingOf({ cut: true, note: 'left alone' }),
    '22/tcp  open                 silent; left alone  (cut)',
  ],
  ['a closed port', SHUT.closed, '22/tcp  closed'],
  ['a stealth port', SHUT.stealth, '22/tcp  stealth'],
  [
    'who says that a port is unreachable',
    SHUT.unreachable,
    '22/tcp  unreachable              admin-prohibited from 10.0.0.254',
  ],
  ['silence over UDP', SHUT['open or stealth'], '51820/udp  open or stealth'],
]

describe('the line of a port tells', () => {
  it.each(LINES)('%s', (_, finding, line) => {
    expect(printed([finding])).toBe(`${line}\n`)
  })
})

it('aligns all ports of a run, and names hosts only where there are several', () => {
  const others = [22, 8080].map((port) => ({ ...SSH, target: { ...DB, host: '::1', port } }))
  expect(
    printed([SSH, ...others])
      .split('\n')
      .map((line) => line.indexOf('open')),
  ).toEqual([16, 16, 16, -1])
  expect(printed(others).split('\n')[0]).toMatch(/^22\/tcp {4}open/)
  expect(printed([SSH, ...others])).toContain('[::1]:8080/tcp  open')
})

it('leaves out ports that are not surely open when asked to', () => {
  expect(printed([...Object.values(SHUT), SSH], { openOnly: true })).toMatch(/^\S+ +open +ssh[^\n]*\n$/)
})

describe('on a terminal', () => {
  const terminal = (columns: number) => ({ isTty: true, columns: () => columns, rows: () => 24 })

  it('cuts what is said, but neither the certificate nor how it is known', () => {
    const long = { ...HTTPS, service: { protocol: 'http', product: 'x'.repeat(200) } }
    const text = printed([long], {}, { stdout: terminal(80) })
    expect(text).toMatch(/^443\/tcp {2}open {5}http {8}x+… {2}\(TLSv1\.3, self-signed\) \[tls\+probe\]\n$/)
    expect(displayWidth(text.trimEnd())).toBe(80)
  })

  it('never makes the line wider than it, and loses none of the details', () => {
    const detailsOf = (text: string) => text.replace(/^.*\n/, '').replace(/\s+/g, ' ')
    fc.assert(
      fc.property(anyFinding, fc.integer({ min: 20, max: 120 }), (finding, columns) => {
        const text = printed([finding], { verbose: true }, { stdout: terminal(columns) })
        expect(displayWidth(text.split('\n')[0] ?? '')).toBeLessThanOrEqual(columns)
        expect(detailsOf(text)).toBe(detailsOf(printed([finding], { verbose: true })))
      }),
    )
  })

  it('breaks details between words, and no fingerprint', () => {
    const details = { macs: ['umac-64@openssh.com', 'hmac-sha2-256', 'hmac-sha1'], key: 'ab'.repeat(20) }
    const finding = findingOf({ ...SSH, service: { protocol: 'ssh', details } })
    const text = printed([finding], { verbose: true }, { stdout: terminal(45) })
    expect(text.split('\n').slice(3, 6)).toEqual([
      '  macs     umac-64@openssh.com,',
      '           hmac-sha2-256, hmac-sha1',
      `  key      ${'ab'.repeat(20)}`,
    ])
  })

  it('tells the sum at the end on stderr, and into a pipe nothing', () => {
    const run = (isTty: boolean) => {
      const findings = [SSH, SHUT.stealth, findingOf()]
      const view = viewOf(
        findings.map(({ target }) => target),
        { stderr: { isTty } },
      )
      const reporter = textReporter(QUIET, view)
      for (const finding of findings) reporter.found(finding)
      return reporter.end({ findings: 3, targets: 3, elapsedNs: 1, interrupted: false })
    }
    expect(run(true)).toEqual([{ to: 'err', text: '3 ports: 2 open, 1 stealth; 1 identified\n' }])
    expect(run(false)).toEqual([])
  })

  it('paints words, and leaves the same text', () => {
    const paint = colours(terminal(80), {}, 'always')
    const text = printed([HTTPS, SHUT.closed], {}, { colours: paint })
    expect(text).toContain('\u001b[32mopen\u001b[39m')
    expect(text).toContain('\u001b[31m(TLSv1.3, self-signed)\u001b[39m')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: codes of styles begin with one
    expect(text.replace(/\u001b\[\d+m/g, '')).toBe(printed([HTTPS, SHUT.closed]))
  })
})

describe('whatever a peer, a certificate or the user says', () => {
  it('is text on its own line', () => {
    fc.assert(
      fc.property(
        fc.array(anyFinding, { maxLength: 3 }),
        fc.boolean(),
        fc.boolean(),
        (findings, verbose, hex) => {
          const text = printed(findings, { verbose, hex })
          for (const line of text.split('\n')) expect(line).not.toMatch(UNSAFE)
          if (!verbose && !hex) expect(text.split('\n')).toHaveLength(findings.length + 1)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('stands before the brackets that tell how it is known', () => {
    fc.assert(
      fc.property(anyText, (product) => {
        const text = printed([findingOf({ ...SSH, service: { protocol: 'ssh', product } })])
        expect(text.endsWith('  [greeting]\n')).toBe(true)
      }),
    )
  })
})

it('says with -v all that is known', () => {
  const finding = findingOf({
    ...HTTPS,
    service: {
      protocol: 'http',
      product: 'nginx',
      os: 'Debian',
      hostname: 'db',
      details: { title: 'Hello', proxied: true, status: 200, methods: ['GET', 'HEAD'] },
    },
    cpes: ['cpe:2.3:a:f5:nginx:1.22.1:*:*:*:*:*:*:*'],
    exchanges: [
      exchangeOf('HTTP/1.1 200 OK', { asked: 'http', secure: true, end: 'closed' }),
      exchangeOf('', { asked: 'crlf', sent: octetsOf('\r\n\r\n'), firstNs: undefined }),
    ],
  })
  expect(printed([finding], { verbose: true }).split('\n').slice(1)).toEqual([
    '  address       10.0.0.2',
    '  reason        syn-ack',
    '  hostname      db',
    '  system        Debian',
    '  title         Hello',
    '  proxied       yes',
    '  status        200',
    '  methods       GET, HEAD',
    '  TLS           TLSv1.3, TLS_AES_256_GCM_SHA384',
    '  verification  self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)',
    '  certificate   CN=db.lan',
    '  issuer        CN=Example CA, O=Example',
    '  names         DNS:db.lan, DNS:www.db.lan',
    '  valid         2026-01-01 to 2027-01-01, 40 days left',
    `  SHA-256       ${'ab'.repeat(32)}`,
    '  serial        0123',
    '  key           EC, 256 bits, prime256v1',
    '  CPE           cpe:2.3:a:f5:nginx:1.22.1:*:*:*:*:*:*:*',
    '  said          http in TLS: received 15 octets, then closed; first after 1.20 ms',
    '  said          crlf: sent 4 octets, no answer',
    '  time          0.26 ms round trip (kernel clock), 12.34 ms in all',
    '',
  ])
})

it('shows with --hex the octets of both directions', () => {
  const exchange = exchangeOf('+PONG\r\n', { asked: 'redis', sent: Uint8Array.from([0x50, 0x0d, 0x0a]) })
  expect(
    printed([findingOf({ exchanges: [exchange] })], { hex: true })
      .split('\n')
      .slice(1),
  ).toEqual([
    '  redis:',
    '  > 00000000 50 0d 0a                                        # P..',
    '  < 00000000 2b 50 4f 4e 47 0d 0a                            # +PONG..',
    '',
  ])
})

it('tells what a greeting led to from the greeting', () => {
  const exchanges = [
    exchangeOf('SSH-2.0-x\r\n'),
    exchangeOf('k', { sent: octetsOf('SSH-2.0-y\r\n') }),
    exchangeOf('', { sent: octetsOf('q'), firstNs: undefined }),
  ]
  const lines = printed([findingOf({ exchanges })], { verbose: true, hex: true }).split('\n')
  expect(lines.filter((line) => /^ {2}said|:$/.test(line))).toEqual([
    '  said     greeting: received 11 octets; first after 1.20 ms',
    '  said     after it: sent 11 octets, received 1; first after 1.20 ms',
    '  said     after it: sent 1 octet, no answer',
    '  greeting:',
    '  after it:',
    '  after it:',
  ])
})

it('prints nothing before the first port', () => {
  expect(textOf(textReporter(QUIET, viewOf([DB])).start())).toBe('')
})
