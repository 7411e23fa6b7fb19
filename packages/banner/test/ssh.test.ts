import { describe, expect, it } from 'vitest'
import { ssh, sshBehindLines } from '../src/protocols/shells/ssh.ts'
import { detectorTests, recorded } from './detector-kit.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

const [openssh] = recorded('openssh').filter(({ probe }) => probe === 'greeting')
const [offer] = recorded('openssh').filter(({ probe }) => probe === 'ssh')
const [dropbear] = recorded('dropbear')
if (openssh === undefined || offer === undefined || dropbear === undefined) throw new Error('not recorded')

const said = (software: string, known: object, protocol = '2.0', comment?: string) => ({
  protocol: 'ssh',
  info: comment === undefined ? `protocol ${protocol}` : `${comment}, protocol ${protocol}`,
  evidence: [{ field: 'ssh.banner', text: software }],
  ...known,
})

const SOFTWARE: readonly (readonly [software: string, known: object, comment?: string])[] = [
  [
    'OpenSSH_7.6p1 Ubuntu-4ubuntu0.3',
    { product: 'OpenSSH', version: '7.6p1', os: 'Ubuntu' },
    'Ubuntu-4ubuntu0.3',
  ],
  [
    'OpenSSH_8.4p1 Raspbian-5+deb11u1',
    { product: 'OpenSSH', version: '8.4p1', os: 'Raspbian' },
    'Raspbian-5+deb11u1',
  ],
  ['OpenSSH_9.6 FreeBSD-20240806', { product: 'OpenSSH', version: '9.6', os: 'FreeBSD' }, 'FreeBSD-20240806'],
  ['OpenSSH_5.8p1_hpn13v11', { product: 'OpenSSH', version: '5.8p1' }],
  ['OpenSSH_for_Windows_8.1', { product: 'OpenSSH for Windows', version: '8.1', os: 'Windows' }],
  ['Cisco-1.25', { product: 'Cisco SSH', version: '1.25' }],
  ['libssh_0.9.6', { product: 'libssh', version: '0.9.6' }],
  ['libssh-0.7.0', { product: 'libssh', version: '0.7.0' }],
  ['Go', { product: 'Go x/crypto/ssh' }],
  ['mod_sftp/0.9.9', { product: 'mod_sftp', version: '0.9.9' }],
  ['ROSSSH', { product: 'MikroTik RouterOS' }],
  ['8.48 FlowSsh: Bitvise SSH Server (WinSSHD) 8.48', { product: 'Bitvise SSH Server', version: '8.48' }],
  ['1.0', {}],
]

detectorTests(ssh, [
  {
    title: 'OpenSSH of Debian, as recorded',
    octets: openssh.octets,
    service: said(
      'OpenSSH_9.2p1 Debian-2+deb12u10',
      { product: 'OpenSSH', version: '9.2p1', os: 'Debian' },
      '2.0',
      'Debian-2+deb12u10',
    ),
  },
  {
    title: 'Dropbear, which sends its offer in the same breath, as recorded',
    octets: dropbear.octets,
    service: said('dropbear_2022.83', { product: 'Dropbear', version: '2022.83' }),
  },
  ...SOFTWARE.map(([software, known, comment]) => ({
    title: `by SSH-2.0-${software}`,
    octets: `SSH-2.0-${software}\r\n`,
    service: said(software, known, '2.0', comment),
  })),
  {
    title: 'by 1.99, which also has version 1',
    octets: 'SSH-1.99-Cisco-1.25\n',
    service: said('Cisco-1.25', { product: 'Cisco SSH', version: '1.25' }, '1.99'),
  },
  {
    title: 'whose version was cut off, and is not told',
    octets: 'SSH-2.0-OpenSSH_9',
    service: { protocol: 'ssh' },
  },
  {
    title: 'which has too many connections',
    octets: 'Exceeded MaxStartups\r\n',
    service: { protocol: 'ssh', info: 'says: Exceeded MaxStartups' },
  },
  { title: 'not by its letters', octets: 'SSH-x\r\n', service: undefined },
  { title: 'not by half of a refusal', octets: 'Exceeded Max', service: undefined },
])

detectorTests(sshBehindLines, [
  {
    title: 'behind other lines (RFC 4253 section 4.2)',
    octets: 'Authorised use only.\r\n\r\nSSH-2.0-OpenSSH_9.2p1\r\n',
    context: { asked: 'nothing' },
    service: said('OpenSSH_9.2p1', { product: 'OpenSSH', version: '9.2p1' }),
  },
  {
    title: 'not behind lines that answer a question',
    octets: 'hello\r\nSSH-2.0-x\r\n',
    context: { asked: 'http' },
    service: undefined,
  },
  { title: 'not behind other protocols', octets: '220 mail\r\nSSH-2.0-x\r\n', service: undefined },
  { title: 'not behind octets that are no text', octets: 'a\0b\nSSH-2.0-x\r\n', service: undefined },
  { title: 'not behind too many lines', octets: `${'x\r\n'.repeat(50)}SSH-2.0-x\r\n`, service: undefined },
])

describe('ssh, asked for more,', () => {
  const service = { protocol: 'ssh', product: 'OpenSSH' }

  it.each([[[1]], [[7, 300]], [undefined]])('tells its algorithms, in segments of %j', async (segments) => {
    const turns = [{ says: openssh.octets }, { hears: 'SSH-2.0-portkit\r\n', says: offer.octets }]
    const dialogue = scriptedDialogue(turns, segments === undefined ? {} : { segments })
    const told = await ssh.ask?.(service, dialogue)
    expect(told).toMatchObject(service)
    expect(told?.details).toMatchObject({
      'host key algorithms': ['ssh-ed25519', 'rsa-sha2-512', 'rsa-sha2-256'],
      compression: ['none', 'zlib@openssh.com'],
    })
    expect(told?.details?.['key exchange']).toContain('curve25519-sha256')
    expect(told?.details?.ciphers).toContain('chacha20-poly1305@openssh.com')
    expect(told?.details?.macs).toContain('hmac-sha2-256-etm@openssh.com')
  })

  it('finds an offer behind messages that are to be ignored', async () => {
    const ignore = '\0\0\0\x0c\x05\x02\0\0\0\x01x12345'
    const dialogue = scriptedDialogue([
      { says: openssh.octets },
      { hears: 'SSH-2.0-portkit\r\n', says: [ignore, offer.octets] },
    ])
    expect((await ssh.ask?.(service, dialogue))?.details?.compression).toEqual(['none', 'zlib@openssh.com'])
  })

  it.each([
    ['nothing', ''],
    ['half a packet', offer.octets.subarray(0, 300)],
    ['a packet of four gigabytes', '\xff\xff\xff\xff\x04\x14'],
    ['a packet that is all padding', '\0\0\0\x0c\xff\x14'],
    ['an empty packet', '\0\0\0\0\0\0\0\0'],
    ['a list longer than its packet', `\0\0\0\x1c\x04\x14${'c'.repeat(16)}\xff\xff\xff\xffabcd1234`],
    ['a farewell', '\0\0\0\x0c\x06\x01\0\0\0\x02123456'],
  ])('says what it knew after %s', async (_, says) => {
    const dialogue = scriptedDialogue([{ says: openssh.octets }, { hears: 'SSH-2.0-portkit\r\n', says }])
    expect(await ssh.ask?.(service, dialogue)).toEqual(service)
  })

  it('sends nothing to a server that does not identify itself', async () => {
    const dialogue = scriptedDialogue([{ says: 'Exceeded MaxStartups\r\n', closes: true }])
    expect(await ssh.ask?.(service, dialogue)).toEqual(service)
    expect(dialogue.sent).toEqual([])
  })
})
