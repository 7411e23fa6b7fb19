import { describe, expect, it } from 'vitest'
import type { Service } from '../src/model/service.ts'
import { h2 } from '../src/protocols/web/h2.ts'
import { detectorTests, octetsOf } from './detector-kit.ts'
import { type Handler, saying, served } from './h2-server.ts'
import { scriptedDialogue, type Turn } from './scripted-dialogue.ts'

const found: Service = { protocol: 'http', info: 'HTTP/2', details: { 'http version': '2' } }

/** A frame (RFC 9113 section 4.1). */
function frame(type: number, flags: number, stream: number, payload: string): string {
  const { length } = payload
  const octets = [length >> 16, (length >> 8) & 255, length & 255, type, flags, 0, 0, 0, stream]
  return String.fromCharCode(...octets) + payload
}

const SETTINGS = frame(4, 0, 0, '')
const ACK = frame(4, 1, 0, '')

detectorTests(h2, [
  {
    title: 'by an empty frame of settings, if it answers the preface',
    octets: SETTINGS,
    context: { asked: 'h2' },
    service: found,
  },
  { title: 'not by lengths of four and nothing, from whoever', octets: SETTINGS, service: undefined },
  {
    title: 'by the settings of nginx',
    octets:
      frame(4, 0, 0, '\0\x03\0\0\0\x80\0\x04\0\x01\0\0\0\x05\0\xff\xff\xff') + frame(8, 0, 0, '\x7f\xff\0\0'),
    service: found,
  },
  { title: 'not by an acknowledgement', octets: ACK, service: undefined },
  { title: 'not by settings of a stream', octets: frame(4, 0, 1, ''), service: undefined },
  { title: 'not by another frame', octets: frame(6, 0, 0, '12345678'), service: undefined },
  { title: 'not by half a frame', octets: SETTINGS.slice(0, 8), service: undefined },
  { title: 'not by half a setting', octets: frame(4, 0, 0, '\0\x03\0'), service: undefined },
  {
    title: 'not by a setting that is not allowed',
    octets: frame(4, 0, 0, '\0\x02\0\0\0\x07'),
    service: undefined,
  },
  {
    title: 'not by a thousand settings',
    octets: frame(4, 0, 0, '\0\x03\0\0\0\x01'.repeat(1000)),
    service: undefined,
  },
  { title: 'not by HTTP/1', octets: 'HTTP/1.1 400 Bad Request\r\n\r\n', service: undefined },
  { title: 'not over UDP', octets: SETTINGS, context: { transport: 'udp' }, service: undefined },
])

const ask = async (dialogue: Parameters<NonNullable<typeof h2.ask>>[1]) => h2.ask?.(found, dialogue)

describe('a server of HTTP/2', () => {
  const page: Handler = (stream) => {
    stream.respond({
      ':status': 200,
      server: 'nginx/1.22.1',
      'content-type': 'text/html',
      'set-cookie': ['a=b; Path=/', 'c=d'],
    })
    stream.end('<title>Über &amp; all</title>')
  }

  it('is asked for its first page, and told as one of HTTP/1 is', async () => {
    const { dialogue, asked } = served(page)
    expect(await ask(dialogue)).toEqual({
      protocol: 'http',
      product: 'nginx',
      version: '1.22.1',
      info: 'HTTP/2 200 "Über & all"',
      details: {
        'http version': '2',
        status: 200,
        title: 'Über & all',
        server: 'nginx/1.22.1',
        'content-type': 'text/html',
        cookies: ['a', 'c'],
      },
      evidence: [
        { field: 'http_header.server', text: 'nginx/1.22.1' },
        { field: 'http_header.cookie', text: 'a=b; Path=/' },
        { field: 'http_header.cookie', text: 'c=d' },
        { field: 'html_title', text: 'Über & all' },
      ],
    })
    expect(asked).toMatchObject([
      {
        ':method': 'GET',
        ':path': '/',
        ':scheme': 'https',
        ':authority': 'db.lan',
        'user-agent': 'portkit-banner',
        accept: '*/*',
      },
    ])
    expect(asked[0]).not.toHaveProperty('accept-encoding')
  })

  it('is let go once the title has come, though the page never ends', async () => {
    const { dialogue } = served((stream) => {
      stream.respond({ ':status': 200 })
      stream.write('<title>Endless</title>')
    })
    expect(await ask(dialogue)).toMatchObject({ info: 'HTTP/2 200 "Endless"' })
  })

  it('is let go after the first octets of a page without a title', async () => {
    const { dialogue } = served((stream) => {
      stream.respond({ ':status': 200 })
      const more = () => {
        while (!stream.destroyed && stream.write('x'.repeat(8192)));
        stream.once('drain', more)
      }
      more()
    })
    expect(await ask(dialogue)).toMatchObject({ info: 'HTTP/2 200' })
  })

  it('is not asked for the content of a picture', async () => {
    const { dialogue } = served((stream) => stream.respond({ ':status': 200, 'content-type': 'image/png' }))
    expect(await ask(dialogue)).toMatchObject({ details: { 'content-type': 'image/png' } })
  })

  it.each<[string, Handler]>([
    ['resets the request', (stream) => stream.close(8)],
    ['ends the session', (stream) => stream.session?.destroy()],
    ['goes away', (stream) => stream.session?.goaway(11)],
    [
      'sends too many fields',
      (stream) => stream.respond(Object.fromEntries([...Array(500)].map((_, i) => [`x-${i}`, 'a']))),
    ],
  ])('that %s leaves what was known', async (_, handle) => {
    const { dialogue } = served(handle)
    expect(await ask(dialogue)).toBe(found)
  })

  it('is told as far as it got where the session ends in its page', async () => {
    const { dialogue } = served((stream) => {
      stream.respond({ ':status': 418, server: 'teapot/1' })
      stream.write('abc', () => stream.session?.destroy())
    })
    expect(await ask(dialogue)).toMatchObject({ info: 'HTTP/2 418', product: 'teapot' })
  })

  it('is not asked where the new connection speaks something else', async () => {
    const { dialogue, asked } = served(page, 'http/1.1')
    expect(await ask(dialogue)).toBe(found)
    expect(asked).toEqual([])
  })
})

describe('a hostile peer of HTTP/2', () => {
  /** Whatever is said to it, it says no more. */
  const listening = (octets: string): Turn[] => [
    { says: octets },
    ...Array.from({ length: 2000 }, () => ({ hears: () => true })),
  ]
  const RESPONSE = frame(1, 4, 1, '\x88')

  it.each<[string, string]>([
    ['says nothing', ''],
    ['sends nonsense', '\xff'.repeat(300)],
    ['speaks HTTP/1', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['sends settings without end', SETTINGS.repeat(5000)],
    ['sends pings without end', SETTINGS + frame(6, 0, 0, '12345678').repeat(3000)],
    [
      'sends continuations without end',
      SETTINGS + frame(1, 0, 1, '') + frame(9, 0, 1, '\x40\x01a\x01b'.repeat(100)).repeat(100),
    ],
    ['sends empty continuations', SETTINGS + frame(1, 0, 1, '') + frame(9, 0, 1, '').repeat(5000)],
    [
      'sends compressed fields that are a bomb',
      SETTINGS + frame(1, 4, 1, `\x88\x40\x01a\x7f\x80\x1f${'b'.repeat(4095)}${'\xbe'.repeat(11_000)}`),
    ],
    ['pushes', SETTINGS + frame(5, 4, 1, '\0\0\0\x02\x82\x86\x84')],
    ['goes away again and again', SETTINGS + frame(7, 0, 0, '\0\0\0\0\0\0\0\0').repeat(2000)],
    ['resets streams that are none', SETTINGS + frame(3, 0, 9, '\0\0\0\x08').repeat(2000)],
    ['widens the window without end', SETTINGS + frame(8, 0, 0, '\x7f\xff\xff\xff').repeat(100)],
    ['sends a frame that is too long', `${SETTINGS}\xff\xff\xff\0\0\0\0\0\x01`],
    ['sends content before fields', SETTINGS + frame(0, 0, 1, 'abc')],
    ['sends empty content without end', SETTINGS + frame(0, 0, 1, '').repeat(5000)],
    ['ends in a field', SETTINGS + frame(1, 4, 1, '\x88\x40\x7f')],
  ])('that %s leaves what was known', async (_, octets) => {
    for (const segments of [[65_536], [7, 100, 1]]) {
      const before = scriptedDialogue([], { again: [listening(octets)], secure: true, alpn: 'h2', segments })
      expect(await ask(before)).toBe(found)
    }
    for (const segment of [65_536, 13]) expect(await ask(saying(octetsOf(octets), segment))).toBe(found)
  })

  it.each([
    ['in its page', frame(0, 0, 1, 'abc')],
    ['by a reset', frame(3, 0, 1, '\0\0\0\x08')],
    ['by nonsense', '\xff'.repeat(300)],
    ['in fields at the end that never end', frame(1, 0, 1, '') + frame(9, 0, 1, '').repeat(3000)],
  ])('that ends %s is told as far as it got', async (_, octets) => {
    const answer = octetsOf(SETTINGS + RESPONSE + octets)
    expect(await ask(saying(answer, 100))).toMatchObject({ info: 'HTTP/2 200' })
  })

  it('without a further connection leaves what was known', async () => {
    expect(await ask(scriptedDialogue([]))).toBe(found)
  })
})
