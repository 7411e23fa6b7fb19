import { describe, expect, it } from 'vitest'
import type { Service } from '../src/model/service.ts'
import { http } from '../src/protocols/web/http.ts'
import { contextOf, octetsOf } from './detector-kit.ts'
import { type Scene, scriptedDialogue, type Turn } from './scripted-dialogue.ts'

const moved = (location: string, status = 302) =>
  `HTTP/1.1 ${status} Moved\r\nServer: nginx/1.22.1\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`
const PAGE = 'HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n<title>Inside</title>'

/** The answer to a request for that path. */
const says = (path: string, text: string): Turn => ({
  hears: (octets) =>
    String.fromCharCode(...octets).startsWith(`GET ${path} HTTP/1.0\r\nHost: db.lan:4711\r\n`),
  says: text,
})

/** What is told of a first answer, with the answers of further connections. */
async function asked(first: string, further: readonly (readonly Turn[])[], scene: Scene = {}) {
  const { port = 4711, secure = false } = scene
  const service = http.detect(octetsOf(first), contextOf({ port, secure }))
  if (service === undefined || service === 'more') throw new Error('not HTTP')
  const dialogue = scriptedDialogue([{ says: first }], { again: further, port, ...scene })
  return { before: service, after: (await http.ask?.(service, dialogue)) as Service, dialogue }
}

const follow = (follow: number) => ({ wishes: { follow } })

describe('redirects of HTTP', () => {
  it('are told, and not followed unless the user wishes it', async () => {
    const { before, after, dialogue } = await asked(moved('/login'), [])
    expect(after).toBe(before)
    expect(after.details).toMatchObject({ location: '/login' })
    expect(dialogue.others).toEqual([])
  })

  it.each([
    ['/login?a=b#top', '/login\\?a=b'],
    ['http://db.lan:4711/login', '/login'],
    ['http://DB.LAN:4711', '/'],
    ['http://10.0.0.2:4711/a b', '/a%20b'],
    ['//db.lan:4711/x', '/x'],
    ['next', '/next'],
  ])('to %s on the same host are followed', async (location, path) => {
    const wanted = path.replaceAll('\\', '')
    const seen = wanted === '/' ? [] : [[says(wanted, PAGE)]]
    const { after } = await asked(moved(location), seen, follow(3))
    // The first page again is no news.
    expect(after.details?.redirects).toEqual(wanted === '/' ? undefined : [`302 ${location}`])
  })

  it('end at a page, which is told with what the first answer knew', async () => {
    const { after } = await asked(moved('/a'), [[says('/a', moved('b', 303))], [says('/b', PAGE)]], follow(5))
    expect(after).toMatchObject({
      protocol: 'http',
      product: 'nginx',
      version: '1.22.1',
      info: '200 OK "Inside"',
      details: { status: 200, title: 'Inside', redirects: ['302 /a', '303 b'] },
      evidence: [
        { field: 'http_header.server', text: 'nginx/1.22.1' },
        { field: 'html_title', text: 'Inside' },
      ],
    })
  })

  it('are followed no more often than wished', async () => {
    const { after, dialogue } = await asked(moved('/1'), [[says('/1', moved('/2'))]], follow(1))
    expect(after.details).toMatchObject({ status: 302, location: '/2', redirects: ['302 /1'] })
    expect(dialogue.others).toHaveLength(1)
  })

  it('in a circle end where it closes', async () => {
    const circle = [[says('/a', moved('/b'))], [says('/b', moved('/a'))]]
    const { after } = await asked(moved('/a'), circle, follow(99))
    expect(after.details?.redirects).toEqual(['302 /a', '302 /b'])
  })

  it.each([
    'http://elsewhere.lan:4711/',
    'http://db.lan/',
    'http://db.lan:4712/',
    'https://db.lan:4711/',
    'ftp://db.lan:4711/',
    'javascript:alert(1)',
    'http://db.lan:4711@elsewhere.lan/',
    'http://[',
    '',
    `/${'x'.repeat(5000)}`,
  ])('to %.40s are told only', async (location) => {
    const { before, after, dialogue } = await asked(moved(location), [], follow(5))
    expect(after).toBe(before)
    expect(dialogue.others).toEqual([])
  })

  it('cannot put lines into a request', async () => {
    const { dialogue } = await asked(
      moved('/a\tb\x00c\x0bd'),
      [[{ hears: () => true, says: PAGE }]],
      follow(1),
    )
    const request = dialogue.others[0]?.dialogue.sent.join('') ?? ''
    expect(request).toMatch(/^GET \/[!-~]+ HTTP\/1\.0\r\nHost: db\.lan:4711\r\n/)
    expect(request.split('\r\n')).toHaveLength(7)
  })

  it.each<[string, Turn[][]]>([
    ['no connection', []],
    ['silence', [[{ hears: () => true }]]],
    ['nonsense', [[{ hears: () => true, says: '\xff\xfe' }]]],
  ])('that lead to %s leave what was known', async (_, further) => {
    const { before, after } = await asked(moved('/a'), further, follow(3))
    expect(after).toBe(before)
  })

  it('are followed inside TLS as well, with HTTP/1 asked for', async () => {
    const { after, dialogue } = await asked(moved('https://db.lan:4711/a'), [[says('/a', PAGE)]], {
      ...follow(1),
      secure: true,
    })
    expect(after.details?.redirects).toEqual(['302 https://db.lan:4711/a'])
    expect(dialogue.others[0]?.alpn).toEqual(['http/1.1'])
  })
})

describe("Docker's API", () => {
  const first =
    'HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n\r\n{"message":"page not found"}\n'
  const version = (component: string, fields = {}) =>
    `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n${JSON.stringify({
      Components: [{ Name: component, Version: '24.0.5' }],
      Version: '24.0.5',
      ApiVersion: '1.43',
      Os: 'linux',
      KernelVersion: '6.1.0',
      ...fields,
    })}`

  it.each([
    ['Engine', 'Docker'],
    ['Podman Engine', 'Podman'],
  ])('of %s is asked for its version: %s', async (component, product) => {
    const { after } = await asked(first, [[says('/version', version(component))]])
    expect(after).toMatchObject({
      protocol: 'http',
      product,
      version: '24.0.5',
      os: 'linux',
      details: { status: 404, message: 'page not found', 'api version': '1.43', kernel: '6.1.0' },
    })
  })

  it.each([
    ['the same again', first],
    ['another engine', version('x')],
    ['an API without a version', version('Engine', { ApiVersion: 1 })],
    ['a page', PAGE],
    ['nothing', ''],
  ])('is not concluded from %s', async (_, text) => {
    const { before, after } = await asked(first, [[says('/version', text)]])
    expect(after).toBe(before)
  })
})
