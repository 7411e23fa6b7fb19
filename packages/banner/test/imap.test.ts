import { describe, expect, it } from 'vitest'
import { imap } from '../src/protocols/mail/imap.ts'
import { detectorTests, recorded } from './detector-kit.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

const [greeting] = recorded('dovecot-imap').filter(({ probe }) => probe === 'greeting')
const inTls = recorded('dovecot-imaps').filter(({ octets, tls }) => tls && octets.length > 0)
if (greeting === undefined) throw new Error('not recorded')

const COMMON = ['IMAP4REV1', 'SASL-IR', 'LOGIN-REFERRALS', 'ID', 'ENABLE', 'IDLE', 'LITERAL+']
const PLAIN = 'IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ STARTTLS LOGINDISABLED'
const SECURE = 'IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ AUTH=PLAIN'

const dovecot = (said: string, more: readonly string[], info?: string) => ({
  protocol: 'imap',
  product: 'Dovecot',
  os: 'Debian',
  info,
  details: { capabilities: [...COMMON, ...more] },
  evidence: [{ field: 'imap.banner', text: `[CAPABILITY ${said}] Dovecot (Debian) ready.` }],
})

detectorTests(imap, [
  {
    title: 'Dovecot, as recorded',
    octets: greeting.octets,
    service: dovecot(PLAIN, ['STARTTLS', 'LOGINDISABLED'], 'STARTTLS offered'),
  },
  ...inTls.map(({ octets, probe }, i) => ({
    title: `Dovecot in TLS, as recorded after ${probe} (${i})`,
    octets,
    context: { asked: probe === 'greeting' ? 'nothing' : probe, secure: true },
    service: dovecot(SECURE, ['AUTH=PLAIN']),
  })),
  {
    title: 'Cyrus',
    octets: '* OK [CAPABILITY IMAP4rev1] mx.example.org Cyrus IMAP 3.2.6-Debian-3.2.6-2 server ready\r\n',
    service: {
      protocol: 'imap',
      product: 'Cyrus',
      version: '3.2.6',
      os: 'Debian',
      hostname: 'mx.example.org',
      details: { capabilities: ['IMAP4REV1'] },
      evidence: [
        {
          field: 'imap.banner',
          text: '[CAPABILITY IMAP4rev1] mx.example.org Cyrus IMAP 3.2.6-Debian-3.2.6-2 server ready',
        },
      ],
    },
  },
  {
    title: 'that turns us away',
    octets: '* BYE Too many connections\r\n',
    service: {
      protocol: 'imap',
      info: 'BYE Too many connections',
      evidence: [{ field: 'imap.banner', text: 'Too many connections' }],
    },
  },
  {
    title: 'that has us logged in already',
    octets: '* PREAUTH welcome\r\n',
    service: {
      protocol: 'imap',
      info: 'logged in already',
      evidence: [{ field: 'imap.banner', text: 'welcome' }],
    },
  },
  {
    title: 'by its answer to what it does not understand',
    octets: '* BAD Error in IMAP command received by server.\r\n',
    context: { asked: 'http' },
    service: { protocol: 'imap' },
  },
  { title: 'whose greeting was cut off', octets: '* OK Dovecot 2.', service: { protocol: 'imap' } },
  { title: 'not by other words', octets: '* OKAY\r\n', service: undefined },
  { title: 'not by a star', octets: '* hello\r\n', service: undefined },
])

const ready = { says: '* OK ready\r\n' }
const can = (words: string) => ({
  hears: 'p1 CAPABILITY\r\n',
  says: `* CAPABILITY ${words}\r\np1 OK done\r\n`,
})
const logout = { hears: 'p3 LOGOUT\r\n' }

describe('imap, asked for more,', () => {
  const service = { protocol: 'imap' }

  it.each([[[1]], [[9, 2]]])('tells what it can and who it is, in segments of %j', async (segments) => {
    const identity = '* ID ("name" "Cyrus IMAPD" "version" "3.2.6" "os" "Linux" "vendor" NIL)\r\np2 OK\r\n'
    const turns = [ready, can('IMAP4rev1 ID STARTTLS'), { hears: 'p2 ID NIL\r\n', says: identity }, logout]
    expect(await imap.ask?.(service, scriptedDialogue(turns, { segments }))).toEqual({
      protocol: 'imap',
      product: 'Cyrus IMAPD',
      version: '3.2.6',
      os: 'Linux',
      info: 'STARTTLS offered',
      details: { capabilities: ['IMAP4REV1', 'ID', 'STARTTLS'] },
    })
  })

  it('does not take the version of another product for its own', async () => {
    const identity = '* ID ("name" "Dovecot" "version" "2.3")\r\np2 OK\r\n'
    const turns = [ready, can('ID'), { hears: 'p2 ID NIL\r\n', says: identity }, logout]
    const told = await imap.ask?.({ ...service, product: 'perdition' }, scriptedDialogue(turns))
    expect(told).toMatchObject({ product: 'perdition', version: undefined })
  })

  it.each(['* ID NIL\r\np2 OK\r\n', 'p2 BAD\r\n', '* ID ("name)\r\np2 OK\r\n'])(
    'tells what it can when its identity is %j',
    async (says) => {
      const turns = [ready, can('ID'), { hears: 'p2 ID NIL\r\n', says }, logout]
      expect(await imap.ask?.(service, scriptedDialogue(turns))).toEqual({
        protocol: 'imap',
        details: { capabilities: ['ID'] },
      })
    },
  )

  it('says what it knew when nothing comes', async () => {
    const turns = [ready, { hears: 'p1 CAPABILITY\r\n', says: '* CAPABILITY x' }, logout]
    expect(await imap.ask?.(service, scriptedDialogue(turns))).toEqual(service)
    expect(await imap.ask?.(service, scriptedDialogue([{ says: '* BYE\r\n', closes: true }]))).toEqual(
      service,
    )
  })
})

describe('STARTTLS of imap', () => {
  const offers = can('IMAP4rev1 STARTTLS')
  const go = (says: string) => ({ hears: 'p2 STARTTLS\r\n', says })

  it.each([
    ['is agreed on', [ready, offers, go('p2 OK Begin TLS\r\n')], true],
    ['is refused', [ready, offers, go('p2 BAD no\r\n')], false],
    ['is not offered', [ready, can('IMAP4rev1')], false],
    ['has words of somebody behind it', [ready, offers, go('p2 OK x\r\n* CAPABILITY x\r\n')], false],
    ['is not asked for after PREAUTH', [{ says: '* PREAUTH x\r\n' }], false],
  ])('%s', async (_, turns, agreed) => {
    const dialogue = scriptedDialogue(turns)
    expect(await imap.startTls?.(dialogue)).toBe(agreed)
    expect(dialogue.turnsLeft()).toBe(0)
  })
})
