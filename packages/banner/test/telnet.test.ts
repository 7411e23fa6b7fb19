import { describe, expect, it } from 'vitest'
import { telnet } from '../src/protocols/shells/telnet.ts'
import { detectorTests, octetsOf, recorded } from './detector-kit.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

const [telnetd] = recorded('telnetd')
const inTls = recorded('stunnel-telnets').filter(({ octets, tls }) => tls && octets.length > 0)
if (telnetd === undefined) throw new Error('not recorded')

const service = { protocol: 'telnet' }

detectorTests(telnet, [
  { title: "inetutils' telnetd, as recorded", octets: telnetd.octets, service },
  ...inTls.map(({ octets, probe }, i) => ({
    title: `inside TLS, as recorded after ${probe} (${i})`,
    octets,
    context: { secure: true },
    service,
  })),
  { title: 'by one command', octets: '\xff\xfd\x1f', service },
  { title: 'by a subnegotiation', octets: '\xff\xfa\x18\x01\xff\xf0', service },
  { title: 'not by half a command', octets: '\xff\xfd', service: undefined },
  { title: 'not by the first octets of sound', octets: '\xff\xfb\x90\x64', service: undefined },
  { title: 'not by its prompt', octets: 'login: ', service: undefined },
])

describe('telnet, asked for more,', () => {
  it.each([[[1]], [[2, 5]], [undefined]])(
    'refuses options and reads the login, in segments of %j',
    async (sizes) => {
      const login = '\r\nDebian GNU/Linux 12\r\n\0lab login: '
      const refused: string[] = []
      const refuses = (octets: Uint8Array): boolean => refused.push(String.fromCharCode(...octets)) > 0
      const ears = Array.from({ length: 7 }, () => ({ hears: refuses }))
      const turns =
        sizes === undefined
          ? [{ says: telnetd.octets }, { hears: refuses, says: login }]
          : [{ says: [telnetd.octets, login] }, ...ears]
      const dialogue = scriptedDialogue(turns, sizes === undefined ? {} : { segments: sizes })
      expect(await telnet.ask?.(service, dialogue)).toEqual({
        protocol: 'telnet',
        os: 'Debian',
        hostname: 'lab',
        details: { 'login text': 'Debian GNU/Linux 12 lab login:' },
        evidence: [{ field: 'telnet.banner', text: '\r\nDebian GNU/Linux 12\r\nlab login:' }],
      })
      expect(refused.join('')).toBe('\xff\xfe%\xff\xfe&\xff\xfc\x18\xff\xfc \xff\xfc#\xff\xfc\x27\xff\xfc$')
    },
  )

  it('welcomes echo, passes over what is no demand, and answers each demand once', async () => {
    const says =
      '\xff\xfb\x01\xff\xf1\xff\xfa\x18\x01\xff\xff\xff\xf0\xff\xfb\x03\xff\xfc\x05\xff\xfb\x01Password: '
    const dialogue = scriptedDialogue([{ says }, { hears: '\xff\xfd\x01\xff\xfd\x03' }])
    const told = await telnet.ask?.(service, dialogue)
    expect(told?.details).toEqual({ 'login text': 'Password:' })
    expect(dialogue.turnsLeft()).toBe(0)
  })

  it('tells products that say their names', async () => {
    const dialogue = scriptedDialogue([{ says: 'MikroTik v6.49.6 (stable)\r\nLogin: ' }])
    expect(await telnet.ask?.(service, dialogue)).toMatchObject({
      product: 'MikroTik RouterOS',
      version: '6.49.6',
    })
  })

  it.each([
    ['no text', '\xff\xf1'],
    ['a subnegotiation without an end', octetsOf(`\xff\xfa${'x'.repeat(5000)}`)],
    ['nothing', ''],
  ])('says what it knew after %s', async (_, says) => {
    expect(await telnet.ask?.(service, scriptedDialogue([{ says }]))).toEqual(service)
  })

  it('reads no more than it may of a flood of text', async () => {
    const dialogue = scriptedDialogue([{ says: Array.from({ length: 50 }, () => 'text '.repeat(100)) }])
    const told = await telnet.ask?.(service, dialogue)
    expect(String(told?.details?.['login text']).length).toBeLessThanOrEqual(400)
    expect(dialogue.unread().length).toBeGreaterThan(10_000)
  })
})
