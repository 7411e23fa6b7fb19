import { describe, expect, it } from 'vitest'
import { rpcbind } from '../src/protocols/files/rpcbind.ts'
import { dns } from '../src/protocols/names/dns.ts'
import { dnsQuery, readDnsName } from '../src/protocols/names/dns-message.ts'
import { detectorTests, octetsOf, probeOf, recorded } from './detector-kit.ts'
import { scriptedDialogue, type Turn } from './scripted-dialogue.ts'

const tcp = { sent: probeOf(dns) }
const udp = { transport: 'udp', sent: probeOf(dns, { transport: 'udp' }) } as const

const answerOf = (name: string, proto: 'tcp' | 'udp'): Uint8Array =>
  recorded(name).find((row) => row.proto === proto && row.octets.length > 0)?.octets ?? new Uint8Array()

/** An answer over UDP: `flags` in hexadecimal, and the data of TXT records. */
function answer(flags: string, ...texts: readonly string[]): string {
  const count = `\0${String.fromCharCode(texts.length)}`
  const records = texts.map((text) => {
    const length = String.fromCharCode(text.length)
    return `\xc0\x0c\0\x10\0\x03\0\0\0\0\0${String.fromCharCode(text.length + 1)}${length}${text}`
  })
  const head = Buffer.from(`1234${flags}0001`, 'hex').toString('latin1')
  return `${head}${count}\0\0\0\0\x07version\x04bind\0\0\x10\0\x03${records.join('')}`
}

const BIND = {
  protocol: 'dns',
  version: '9.18.49-1~deb12u3-Debian',
  os: 'Debian',
  evidence: [{ field: 'dns.versionbind', text: '9.18.49-1~deb12u3-Debian' }],
}

const named = (text: string, product: string, version: string) => ({
  protocol: 'dns',
  product,
  version,
  evidence: [{ field: 'dns.versionbind', text }],
})

detectorTests(dns, [
  {
    title: "BIND's version, which is without a name, over TCP",
    octets: answerOf('bind9', 'tcp'),
    context: tcp,
    service: BIND,
  },
  { title: 'the same over UDP', octets: answerOf('bind9', 'udp'), context: udp, service: BIND },
  {
    title: 'dnsmasq, which says its name',
    octets: answerOf('dnsmasq', 'udp'),
    context: udp,
    service: named('dnsmasq-2.90', 'dnsmasq', '2.90'),
  },
  ...(
    [
      ['unbound 1.17.1', 'unbound', '1.17.1'],
      ['PowerDNS Recursor 4.8.8 (built Dec 1 2023)', 'PowerDNS Recursor', '4.8.8'],
      ['NSD 4.6.1', 'NSD', '4.6.1'],
    ] as const
  ).map(([text, product, version]) => ({
    title: text,
    octets: answer('8400', text),
    context: udp,
    service: named(text, product, version),
  })),
  {
    title: 'a text that is no version, as information',
    octets: answer('8400', 'none of your business'),
    context: udp,
    service: {
      protocol: 'dns',
      info: 'version.bind: none of your business',
      evidence: [{ field: 'dns.versionbind', text: 'none of your business' }],
    },
  },
  {
    title: 'a server that refuses',
    octets: answer('8005'),
    context: udp,
    service: { protocol: 'dns', info: 'no version: refused' },
  },
  {
    title: 'an answer that is a header alone',
    octets: '\x12\x34\x80\x01\0\0\0\0\0\0\0\0',
    context: udp,
    service: { protocol: 'dns', info: 'no version: format error' },
  },
  {
    title: 'not by an answer to another question',
    octets: '\x12\x35\x80\x01\0\0\0\0\0\0\0\0',
    context: udp,
    service: undefined,
  },
  {
    title: 'not by an answer that repeats another question',
    octets: answer('8400', 'unbound 1.17.1').replace('version', 'verxion'),
    context: udp,
    service: undefined,
  },
  {
    title: "not by rpcbind's answer to a call whose random number has the mark of an answer",
    octets: '\x12\x34\x84\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0',
    context: {
      transport: 'udp',
      asked: 'rpcbind',
      sent: probeOf(rpcbind, { transport: 'udp', random: () => 0x12348400 }),
    },
    service: undefined,
  },
  { title: 'not by the question itself', octets: udp.sent, context: udp, service: undefined },
  { title: 'not where no question was sent', octets: answerOf('bind9', 'udp'), service: undefined },
  {
    title: 'not by a name that points at itself',
    octets: `${answer('8400').slice(0, 12)}\xc0\x0c\0\x10\0\x03`,
    context: udp,
    service: undefined,
  },
])

describe('a name in a DNS message', () => {
  it.each([
    ['ends with an empty label', '\x03www\x02de\0x', { name: 'www.de', next: 8 }],
    ['goes on where it points', '\x02de\0\x03www\xc0\x00', { name: 'www.de', next: 10 }],
    ['is not all there', '\x03ww', 'more'],
    ['points forwards', '\xc0\x04\0\0\0', undefined],
    ['has a label of a reserved kind', '\x41a\0', undefined],
  ])('that %s', (_, text, expected) => {
    const start = text.startsWith('\x02de') ? 4 : 0
    expect(readDnsName(octetsOf(text), start)).toEqual(expected)
  })

  it('may not jump for ever', () => {
    const octets = octetsOf(
      `\0${Array.from({ length: 100 }, (_, i) => `\xc0${String.fromCharCode(i === 0 ? 0 : 2 * i - 1)}`).join('')}`,
    )
    expect(readDnsName(octets, octets.length - 2)).toBeUndefined()
    expect(readDnsName(octets, 5)).toEqual({ name: '', next: 7 })
  })
})

describe('a name server is asked for more', () => {
  const asksFor = (name: string, ...texts: readonly string[]): Turn => ({
    hears(sent) {
      const [plain, roomy] = [undefined, 1232].map((room) =>
        Buffer.from(dnsQuery(0, { name, type: 16, class: 3 }, room).subarray(2)),
      )
      const query = Buffer.from(sent.subarray(2))
      return plain?.equals(query) === true || roomy?.equals(query) === true
    },
    says: (sent) => {
      const own = octetsOf(answer('8400', ...texts))
      const question = sent.subarray(12, 12 + name.length + 6)
      return Uint8Array.from([
        ...sent.subarray(0, 2),
        ...own.subarray(2, 12),
        ...question,
        ...own.subarray(12 + 18),
      ])
    },
  })
  const first = { says: answerOf('bind9', 'udp') }

  it('BIND by its authors, whom it has built in, and by the name of its host', async () => {
    const authors = ['Mark Andrews', 'Michael Graff', 'Bob Halley', 'Brian Wellington']
    const dialogue = scriptedDialogue(
      [first, asksFor('authors.bind', ...authors), asksFor('hostname.bind', 'ns1')],
      {
        transport: 'udp',
      },
    )
    expect(await dns.ask?.(BIND, dialogue)).toEqual({ ...BIND, product: 'BIND', hostname: 'ns1' })
    expect(dialogue.turnsLeft()).toBe(0)
  })

  it('and it stays without a name when it names nobody', async () => {
    const dialogue = scriptedDialogue([first, asksFor('authors.bind'), asksFor('id.server')], {
      transport: 'udp',
    })
    expect(await dns.ask?.(BIND, dialogue)).toEqual(BIND)
  })

  it('over TCP with lengths, in segments of any size', async () => {
    const framed = (turn: Turn): Turn => ({
      hears: (sent) => typeof turn.hears === 'function' && turn.hears(sent.subarray(2)),
      says: (sent) => {
        const said = typeof turn.says === 'function' ? turn.says(sent.subarray(2)) : ''
        return Uint8Array.from([0, said.length, ...(typeof said === 'string' ? octetsOf(said) : said)])
      },
    })
    const turns = [
      { says: answerOf('bind9', 'tcp') },
      framed(asksFor('authors.bind', 'Bob Halley', 'Mark Andrews')),
      framed(asksFor('hostname.bind', 'ns1')),
    ]
    const dialogue = scriptedDialogue(turns, { segments: [1, 7] })
    expect(await dns.ask?.(BIND, dialogue)).toEqual({ ...BIND, product: 'BIND', hostname: 'ns1' })
    expect(dialogue.unread()).toBe('')
  })

  it('not when it has told no version', async () => {
    const service = { protocol: 'dns', info: 'no version: refused' }
    const dialogue = scriptedDialogue([{ says: answer('8005') }], { transport: 'udp' })
    expect(await dns.ask?.(service, dialogue)).toEqual(service)
    expect(dialogue.sent).toEqual([])
  })

  it('and silence changes nothing', async () => {
    const dialogue = scriptedDialogue([first, { hears: () => true }], { transport: 'udp' })
    expect(await dns.ask?.(BIND, dialogue)).toEqual(BIND)
  })
})
