import { describe, expect, it } from 'vitest'
import { smtp } from '../src/protocols/mail/smtp.ts'
import { detectorTests, recorded } from './detector-kit.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

const [postfix] = recorded('postfix').filter(({ probe }) => probe === 'greeting')
const [ehlo] = recorded('postfix').filter(({ probe }) => probe === 'ehlo')
const submissions = recorded('postfix-submission').filter(({ probe }) => probe === 'greeting')
const inTls = recorded('postfix-smtps').filter(({ octets }) => octets.length > 0)
if (postfix === undefined || ehlo === undefined) throw new Error('not recorded')

const POSTFIX = {
  protocol: 'smtp',
  product: 'Postfix',
  os: 'Debian',
  hostname: 'lab.example.test',
  evidence: [{ field: 'smtp.banner', text: 'lab.example.test ESMTP Postfix (Debian/GNU)' }],
}

const GREETINGS: readonly (readonly [string, object])[] = [
  [
    'mx.example.org ESMTP Exim 4.96 Fri, 20 Nov 2026 15:06:16 +0000',
    { hostname: 'mx.example.org', product: 'Exim', version: '4.96' },
  ],
  [
    'mx.example.org ESMTP Sendmail 8.15.2/8.15.2/Debian-22; Fri, 20 Nov 2026 15:06:16 GMT',
    { hostname: 'mx.example.org', product: 'Sendmail', version: '8.15.2', os: 'Debian' },
  ],
  ['box ESMTP OpenSMTPD', { hostname: 'box', product: 'OpenSMTPD' }],
  [
    'EX1.corp.example Microsoft ESMTP MAIL Service ready at Fri, 20 Nov 2026 15:06:16 +0000',
    { hostname: 'EX1.corp.example', product: 'Microsoft ESMTP MAIL Service' },
  ],
  [
    'w.example Microsoft ESMTP MAIL Service, Version: 6.0.3790.4675 ready',
    { hostname: 'w.example', product: 'Microsoft ESMTP MAIL Service', version: '6.0.3790.4675' },
  ],
  ['mx.example.org ESMTP', { hostname: 'mx.example.org' }],
  [
    'ftp.example.org ESMTP Postfix (3.7.11)',
    { hostname: 'ftp.example.org', product: 'Postfix', version: '3.7.11' },
  ],
  ['debian.example.org SMTP ready', { hostname: 'debian.example.org' }],
]

detectorTests(smtp, [
  { title: 'Postfix, as recorded', octets: postfix.octets, service: POSTFIX },
  ...[...submissions, ...inTls].map(({ octets, name, probe, tls }, i) => ({
    title: `${name}, as recorded after ${probe} (${i})`,
    octets,
    context: { asked: probe === 'greeting' ? 'nothing' : probe, secure: tls },
    service: POSTFIX,
  })),
  ...GREETINGS.map(([text, known]) => ({
    title: `by 220 ${text}`,
    octets: `220 ${text}\r\n`,
    service: { protocol: 'smtp', evidence: [{ field: 'smtp.banner', text }], ...known },
  })),
  {
    title: 'by a greeting of many lines',
    octets: '220-mx.example.org ESMTP Exim 4.94.2 #2\r\n220-We do not authorise\r\n220 bulk mail.\r\n',
    service: {
      protocol: 'smtp',
      hostname: 'mx.example.org',
      product: 'Exim',
      version: '4.94.2',
      evidence: [
        {
          field: 'smtp.banner',
          text: 'mx.example.org ESMTP Exim 4.94.2 #2\r\nWe do not authorise\r\nbulk mail.',
        },
      ],
    },
  },
  {
    title: 'by a refusal with an enhanced code (RFC 3463)',
    octets: '554 5.7.1 You are not welcome\r\n',
    service: { protocol: 'smtp', info: '554 5.7.1 You are not welcome' },
  },
  {
    title: 'by the second reply, when the greeting could be anybody',
    octets: '220 hello\r\n502 5.5.2 Error: command not recognized\r\n',
    context: { asked: 'help' },
    service: { protocol: 'smtp', evidence: [{ field: 'smtp.banner', text: 'hello' }] },
  },
  {
    title: 'by its commands in the answer to HELP',
    octets: '214-Commands supported:\r\n214 AUTH STARTTLS HELO EHLO MAIL RCPT DATA NOOP QUIT\r\n',
    context: { asked: 'help' },
    service: { protocol: 'smtp' },
  },
  {
    title: 'whose version was cut off, and is not told',
    octets: '220 mx.example.org ESMTP Exim 4.9',
    service: { protocol: 'smtp' },
  },
  { title: 'not by the code alone', octets: '220 mx.example.org ready\r\n', service: undefined },
  { title: 'not where it is FTP', octets: '220 smtp.example.org FTP server ready.\r\n', service: undefined },
  { title: 'not where it is LMTP', octets: '220 mx.example.org LMTP ready\r\n', service: undefined },
  { title: 'not by other codes', octets: '200 ESMTP\r\n', service: undefined },
  {
    title: 'not in control sequences after 220',
    octets: recorded('hostile-escape')[0]?.octets ?? '',
    service: undefined,
  },
])

const HELLO = 'EHLO portkit.invalid\r\n'

describe('smtp, asked for more,', () => {
  it.each([[[1]], [[5, 80]]])('tells its extensions, in segments of %j', async (segments) => {
    const turns = [{ says: postfix.octets }, { hears: HELLO, says: ehlo.octets }, { hears: 'QUIT\r\n' }]
    const dialogue = scriptedDialogue(turns, { segments })
    expect(await smtp.ask?.({ protocol: 'smtp' }, dialogue)).toEqual({
      protocol: 'smtp',
      hostname: 'lab.example.test',
      info: 'STARTTLS offered',
      details: {
        extensions: [
          ...['PIPELINING', 'SIZE 10240000', 'VRFY', 'ETRN', 'STARTTLS', 'ENHANCEDSTATUSCODES'],
          ...['8BITMIME', 'DSN', 'SMTPUTF8', 'CHUNKING'],
        ],
      },
    })
    expect(dialogue.turnsLeft()).toBe(0)
  })

  it('is not taken in by answers to a probe before it', async () => {
    const dialogue = scriptedDialogue([
      { says: '220 mx ESMTP\r\n500 what?\r\n500 what?\r\n' },
      { hears: HELLO, says: '250-mx\r\n250 DSN\r\n' },
      { hears: 'QUIT\r\n' },
    ])
    expect((await smtp.ask?.({ protocol: 'smtp' }, dialogue))?.details).toEqual({ extensions: ['DSN'] })
  })

  it('says what it knew when it is refused, or cut off', async () => {
    const service = { protocol: 'smtp' }
    const gone = scriptedDialogue([{ says: '421 4.3.2 Not now\r\n', closes: true }])
    expect(await smtp.ask?.(service, gone)).toEqual(service)
    const cut = scriptedDialogue([
      { says: '220 x ESMTP\r\n' },
      { hears: HELLO, says: '250-x\r\n250-D', closes: true },
    ])
    expect(await smtp.ask?.(service, cut)).toEqual(service)
    const old = scriptedDialogue([
      { says: '220 x SMTP\r\n' },
      { hears: HELLO, says: '502 No\r\n' },
      { hears: 'QUIT\r\n' },
    ])
    expect(await smtp.ask?.(service, old)).toEqual(service)
  })
})

describe('STARTTLS of smtp', () => {
  const offers = { hears: HELLO, says: '250-mx\r\n250 STARTTLS\r\n' }
  const goesOn = (says: string) => ({ hears: 'STARTTLS\r\n', says })

  it.each([
    ['is agreed on', [offers, goesOn('220 2.0.0 Ready to start TLS\r\n')], true],
    ['is refused', [offers, goesOn('454 4.7.0 not now\r\n')], false],
    ['is not offered', [{ hears: HELLO, says: '250-mx\r\n250 DSN\r\n' }], false],
    ['has words of somebody behind it', [offers, goesOn('220 Go\r\n250 injected\r\n')], false],
    ['is met by silence', [offers, goesOn('')], false],
  ])('%s', async (_, turns, agreed) => {
    const dialogue = scriptedDialogue([{ says: '220 mx ESMTP\r\n' }, ...turns])
    expect(await smtp.startTls?.(dialogue)).toBe(agreed)
    expect(dialogue.turnsLeft()).toBe(0)
  })

  it('is not asked of a server that does not greet', async () => {
    const dialogue = scriptedDialogue([{ says: '554 5.7.1 No\r\n' }])
    expect(await smtp.startTls?.(dialogue)).toBe(false)
    expect(dialogue.sent).toEqual([])
  })
})

describe('a server that greets as both SMTP and LMTP may', () => {
  const found = { protocol: 'smtp', product: 'Dovecot' }
  const refuses = (hears: string) => ({
    hears: `${hears} portkit.invalid\r\n`,
    says: '500 5.5.1 Unknown command\r\n',
  })
  const GREETING = { says: '220 target.lab Dovecot (Debian) ready.\r\n' }
  const BYE = { hears: 'QUIT\r\n', says: '221 2.0.0 Bye\r\n' }

  it('is LMTP where it knows LHLO and not EHLO', async () => {
    const hello = { hears: 'LHLO portkit.invalid\r\n', says: '250-target.lab\r\n250 PIPELINING\r\n' }
    const dialogue = scriptedDialogue([GREETING, refuses('EHLO'), BYE], { again: [[GREETING, hello, BYE]] })
    expect(await smtp.ask?.(found, dialogue)).toEqual({
      protocol: 'lmtp',
      product: 'Dovecot',
      hostname: 'target.lab',
      info: undefined,
      details: { extensions: ['PIPELINING'] },
    })
  })

  it.each([
    ['LHLO is refused as well', [[GREETING, refuses('LHLO'), BYE]]],
    ['there is no further connection', []],
    ['it does not greet again', [[{ says: '421 Too many connections\r\n' }]]],
  ])('stays what it was where %s', async (_, again) => {
    const dialogue = scriptedDialogue([GREETING, refuses('EHLO'), BYE], { again })
    expect(await smtp.ask?.(found, dialogue)).toEqual(found)
  })
})
