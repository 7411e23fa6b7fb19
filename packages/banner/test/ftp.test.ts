import { describe, expect, it } from 'vitest'
import { ftp } from '../src/protocols/files/ftp.ts'
import { detectorTests, recorded } from './detector-kit.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

const [vsftpd] = recorded('vsftpd').filter(({ probe }) => probe === 'greeting')
const [feat] = recorded('vsftpd').filter(({ probe }) => probe === 'ftp')
if (vsftpd === undefined || feat === undefined) throw new Error('not recorded')

const greets = (...lines: readonly string[]) => ({
  protocol: 'ftp',
  evidence: [{ field: 'ftp.banner', text: lines.join('\r\n') }],
})

const GREETINGS: readonly (readonly [string, object])[] = [
  ['ProFTPD 1.3.5 Server (Debian) [::ffff:10.0.0.2]', { product: 'ProFTPD', version: '1.3.5', os: 'Debian' }],
  ['ProFTPD Server (Debian) [::ffff:10.0.0.2]', { product: 'ProFTPD', os: 'Debian' }],
  ['FileZilla Server 1.7.0', { product: 'FileZilla Server', version: '1.7.0' }],
  ['FileZilla Server version 0.9.41 beta', { product: 'FileZilla Server', version: '0.9.41' }],
  ['Microsoft FTP Service', { product: 'Microsoft FTP Service' }],
  ['pyftpdlib 1.5.7 ready.', { product: 'pyftpdlib', version: '1.5.7' }],
  [
    'box.example.org FTP server (GNU inetutils 2.4) ready.',
    { product: 'inetutils ftpd', version: '2.4', hostname: 'box.example.org' },
  ],
  ['router FTP server (MikroTik 6.49.6) ready', { product: 'MikroTik', version: '6.49.6' }],
  ['Serv-U FTP Server v15.1 ready...', { product: 'Serv-U', version: '15.1' }],
  ['smtp.example.org FTP server ready.', { hostname: 'smtp.example.org' }],
]

detectorTests(ftp, [
  {
    title: 'vsftpd, as recorded',
    octets: vsftpd.octets,
    service: { ...greets('(vsFTPd 3.0.3)'), product: 'vsftpd', version: '3.0.3' },
  },
  ...GREETINGS.map(([text, known]) => ({
    title: `by 220 ${text}`,
    octets: `220 ${text}\r\n`,
    service: { ...greets(text), ...known },
  })),
  {
    title: 'Pure-FTPd, by a greeting of many lines',
    octets:
      '220---------- Welcome to Pure-FTPd [privsep] [TLS] ----------\r\n220 You are user number 1 of 50\r\n',
    service: {
      ...greets('--------- Welcome to Pure-FTPd [privsep] [TLS] ----------', 'You are user number 1 of 50'),
      product: 'Pure-FTPd',
    },
  },
  {
    title: 'by the answer to FEAT, as recorded',
    octets: feat.octets,
    context: { asked: 'ftp' },
    service: { protocol: 'ftp' },
  },
  {
    title: 'by the second reply, when the greeting could be anybody',
    octets: '220 Welcome\r\n530 Please login with USER and PASS.\r\n',
    context: { asked: 'help' },
    service: greets('Welcome'),
  },
  {
    title: 'which has no room',
    octets: '421 Too many FTP connections\r\n',
    service: { protocol: 'ftp', info: '421 Too many FTP connections' },
  },
  { title: 'whose version was cut off', octets: '220 (vsFTPd 3.', service: { protocol: 'ftp' } },
  { title: 'not by the code alone', octets: '220 Welcome\r\n', service: undefined },
  { title: 'not where it is TFTP', octets: '220 TFTP gateway\r\n', service: undefined },
  { title: 'not where it is SMTP', octets: '220 ftp.example.org ESMTP Postfix\r\n', service: undefined },
])

describe('ftp, asked for more,', () => {
  it('tells its system and its features', async () => {
    const dialogue = scriptedDialogue([
      { says: vsftpd.octets },
      { hears: 'SYST\r\n', says: '215 UNIX Type: L8\r\n' },
      { hears: 'FEAT\r\n', says: '211-Features:\r\n AUTH SSL\r\n AUTH TLS\r\n211-UTF8\r\n211 End\r\n' },
      { hears: 'QUIT\r\n', says: '221 Goodbye.\r\n', closes: true },
    ])
    expect(await ftp.ask?.({ protocol: 'ftp' }, dialogue)).toEqual({
      protocol: 'ftp',
      info: 'AUTH TLS offered',
      details: { system: 'UNIX Type: L8', features: ['AUTH SSL', 'AUTH TLS', 'UTF8'] },
    })
  })

  it('tells the features of vsftpd, which keeps its system to itself', async () => {
    const turns = [
      { says: vsftpd.octets },
      { hears: 'SYST\r\n', says: '530 Please login with USER and PASS.\r\n' },
      { hears: 'FEAT\r\n', says: feat.octets },
      { hears: 'QUIT\r\n' },
    ]
    const told = await ftp.ask?.({ protocol: 'ftp' }, scriptedDialogue(turns, { segments: [3] }))
    expect(told?.details).toEqual({
      features: ['EPRT', 'EPSV', 'MDTM', 'PASV', 'REST STREAM', 'SIZE', 'TVFS'],
    })
  })

  it('says what it knew when nothing comes', async () => {
    const service = { protocol: 'ftp' }
    expect(await ftp.ask?.(service, scriptedDialogue([{ closes: true }]))).toEqual(service)
  })
})

describe('AUTH TLS of ftp', () => {
  const go = (says: string) => ({ hears: 'AUTH TLS\r\n', says })

  it.each([
    ['is agreed on', [{ says: '220 x\r\n' }, go('234 Proceed.\r\n')], true],
    ['is waited for', [{ says: '120 In a minute\r\n220 x\r\n' }, go('234 Go\r\n')], true],
    ['is refused', [{ says: '220 x\r\n' }, go('530 Please login with USER and PASS.\r\n')], false],
    ['has words of somebody behind it', [{ says: '220 x\r\n' }, go('234 Go\r\n230 in\r\n')], false],
    ['is not asked of a full server', [{ says: '421 x\r\n' }], false],
  ])('%s', async (_, turns, agreed) => {
    const dialogue = scriptedDialogue(turns)
    expect(await ftp.startTls?.(dialogue)).toBe(agreed)
    expect(dialogue.turnsLeft()).toBe(0)
  })
})
