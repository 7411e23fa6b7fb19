import { describe, expect, it } from 'vitest'
import { pop3 } from '../src/protocols/mail/pop3.ts'
import { detectorTests, recorded } from './detector-kit.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

const [greeting] = recorded('dovecot-pop3').filter(({ probe }) => probe === 'greeting')
const [capa] = recorded('dovecot-pop3').filter(({ probe }) => probe === 'pop3')
const inTls = recorded('dovecot-pop3s').filter(({ octets, tls }) => tls && octets.length > 0)
if (greeting === undefined || capa === undefined) throw new Error('not recorded')

const said = (text: string, known: object = {}) => ({
  protocol: 'pop3',
  evidence: [{ field: 'pop3.banner', text }],
  ...known,
})
const DOVECOT = said('Dovecot (Debian) ready.', { product: 'Dovecot', os: 'Debian' })

detectorTests(pop3, [
  { title: 'Dovecot, as recorded', octets: greeting.octets, service: DOVECOT },
  ...inTls.map(({ octets, probe }, i) => ({
    title: `Dovecot in TLS, as recorded after ${probe} (${i})`,
    octets,
    context: { asked: probe === 'greeting' ? 'nothing' : probe, secure: true },
    service: DOVECOT,
  })),
  {
    title: 'with a timestamp for APOP (RFC 1939 section 7)',
    octets: '+OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>\r\n',
    service: said('POP3 server ready <1896.697170952@dbc.mtview.ca.us>', { hostname: 'dbc.mtview.ca.us' }),
  },
  {
    title: 'Cyrus',
    octets: '+OK mx.example.org Cyrus POP3 3.2.6-Debian-3.2.6-2 server ready\r\n',
    service: said('mx.example.org Cyrus POP3 3.2.6-Debian-3.2.6-2 server ready', {
      product: 'Cyrus',
      version: '3.2.6',
      os: 'Debian',
    }),
  },
  { title: 'that says nothing but +OK', octets: '+OK\r\n', service: said('') },
  { title: 'whose greeting was cut off', octets: '+OK Dovecot', service: { protocol: 'pop3' } },
  {
    title: 'not where it answers a question, as Redis does',
    octets: '+OK\r\n',
    context: { asked: 'redis' },
    service: undefined,
  },
  { title: 'not by other words', octets: '+OKAY\r\n', service: undefined },
  { title: 'not by an error, which Redis has as well', octets: '-ERR unknown\r\n', service: undefined },
])

describe('pop3, asked for more,', () => {
  const service = { protocol: 'pop3' }

  it.each([[[1]], [[4, 30]]])('tells its capabilities, in segments of %j', async (segments) => {
    const turns = [{ says: greeting.octets }, { hears: 'CAPA\r\n', says: capa.octets }, { hears: 'QUIT\r\n' }]
    expect(await pop3.ask?.(service, scriptedDialogue(turns, { segments }))).toEqual({
      protocol: 'pop3',
      info: 'STLS offered',
      details: {
        capabilities: ['CAPA', 'TOP', 'UIDL', 'RESP-CODES', 'PIPELINING', 'AUTH-RESP-CODE', 'STLS', 'SASL'],
      },
    })
  })

  it('names the server by what it says of itself there (RFC 2449 section 6.9)', async () => {
    const dialogue = scriptedDialogue([
      { says: '+OK\r\n' },
      { hears: 'CAPA\r\n', says: '+OK\r\nTOP\r\nIMPLEMENTATION Cyrus POP3 v2.4.17\r\n.\r\n' },
      { hears: 'QUIT\r\n' },
    ])
    expect(await pop3.ask?.(service, dialogue)).toMatchObject({ product: 'Cyrus', version: '2.4.17' })
  })

  it.each(['-ERR what?\r\n', '+OK\r\nTOP\r\n', `+OK\r\n${'X\r\n'.repeat(1000)}`, ''])(
    'says what it knew after %j',
    async (says) => {
      const turns = [{ says: '+OK\r\n' }, { hears: 'CAPA\r\n', says }, { hears: 'QUIT\r\n' }]
      expect(await pop3.ask?.(service, scriptedDialogue(turns))).toEqual(service)
    },
  )
})

describe('STLS of pop3', () => {
  it.each([
    ['is agreed on', '+OK Begin TLS\r\n', true],
    ['is refused', '-ERR no\r\n', false],
    ['has words of somebody behind it', '+OK Begin\r\n+OK x\r\n', false],
  ])('%s', async (_, says, agreed) => {
    const dialogue = scriptedDialogue([{ says: greeting.octets }, { hears: 'STLS\r\n', says }])
    expect(await pop3.startTls?.(dialogue)).toBe(agreed)
  })

  it('is not asked of a server that does not greet', async () => {
    expect(await pop3.startTls?.(scriptedDialogue([{ says: '-ERR no\r\n' }]))).toBe(false)
  })
})
