import { describe, expect, it } from 'vitest'
import { http } from '../src/protocols/web/http.ts'
import { contextOf, detectorTests, octetsOf } from './detector-kit.ts'

const HTML = 'Content-Type: text/html\r\n'
const CHUNKED = 'Transfer-Encoding: chunked\r\n'

const page = (fields: string, body: string) => `HTTP/1.1 200 OK\r\n${fields}\r\n${body}`

const titled = (title: string, fields: Record<string, string> = { 'content-type': 'text/html' }) => ({
  protocol: 'http',
  info: `200 OK "${title}"`,
  details: { 'http version': '1.1', status: 200, title, ...fields },
  evidence: [{ field: 'html_title', text: title }],
})

const untitled = { protocol: 'http', info: '200 OK', details: { 'http version': '1.1', status: 200 } }

detectorTests(http, [
  {
    title: 'with a title in one chunk',
    octets: page(HTML + CHUNKED, '1a\r\n<title>In a chunk</title>.\r\n0\r\n\r\n'),
    service: titled('In a chunk'),
  },
  {
    title: 'with a title in many chunks, with extensions',
    octets: page(HTML + CHUNKED, '3;a=b\r\n<ti\r\n4\r\ntle>\r\n2\r\nab\r\n8\r\n</title>\r\n0\r\n\r\n'),
    service: titled('ab'),
  },
  {
    title: 'with chunks that are none',
    octets: page(CHUNKED, 'zz\r\n<title>x</title>'),
    service: untitled,
  },
  {
    title: 'with an endless size of a chunk',
    octets: page(CHUNKED, 'a'.repeat(300)),
    service: untitled,
  },
  {
    title: 'with line feeds alone',
    octets: 'HTTP/1.1 200 OK\nContent-Type: text/html\n\n<TITLE lang="en">\n  a\n b </TITLE>',
    service: titled('a b'),
  },
  {
    title: 'with a body that ends before a title',
    octets: page('Content-Length: 4\r\n', 'abcd<title>x</title>'),
    service: untitled,
  },
  {
    title: 'with a compressed body, which stays compressed',
    octets: page('Content-Encoding: gzip\r\n', '<title>x</title>'),
    service: untitled,
  },
  {
    title: 'with a picture',
    octets: page('Content-Type: image/svg+gzip\r\n', '<title>x</title>'),
    service: { ...untitled, details: { ...untitled.details, 'content-type': 'image/svg+gzip' } },
  },
])

describe('the title of a page', () => {
  const titleOf = (body: string) => {
    const service = http.detect(octetsOf(page(HTML, body)), contextOf())
    return service === 'more' ? undefined : service?.details?.title
  }

  it.each([
    ['<title>a &amp; b &lt;c&gt; &quot;d&quot; &#39;e&#x27;</title>', `a & b <c> "d" 'e'`],
    ['<title>&copy;&nbsp;&uuml;&#8211;&#x1F600;</title>', '© ü–😀'],
    ['<title>&amp;lt;</title>', '&lt;'],
    [
      '<title>&unknown; &toString; &#0; &#xd800; &#1114112; &amp</title>',
      '&unknown; &toString; &#0; &#xd800; &#1114112; &amp',
    ],
    ['<title>\xc3\xa4\xe2\x82\xac</title>', 'ä€'],
    ['<title>gr\xfc\xdfe</title>', 'grüße'],
    ['<title></title><title>second</title>', undefined],
    ['<title>never ended', undefined],
    ['<titles>no</titles>', undefined],
    [`<title>${'x'.repeat(300)}</title>`, `${'x'.repeat(199)}…`],
    [`<title>\x1b]0;x\x07</title>`, '\x1b]0;x\x07'],
  ])('%j is read as %j', (body, title) => {
    expect(titleOf(body)).toBe(title)
  })
})

describe('a body without an end', () => {
  const endless = octetsOf(page(HTML, '<p>'.repeat(20_000)))

  it('is waited for no longer than its first octets last', () => {
    const before = http.detect(endless.subarray(0, 16_383), contextOf({ ended: false }))
    const at = http.detect(endless.subarray(0, 16_384), contextOf({ ended: false }))
    expect([before, at]).toMatchObject(['more', { protocol: 'http' }])
  })

  it('is not waited for where it cannot tell anything', () => {
    const stream = octetsOf(page('Content-Type: text/event-stream\r\n', ''))
    expect(http.detect(stream, contextOf({ ended: false }))).toMatchObject({ protocol: 'http' })
  })

  it('does not hide what an endless head told', () => {
    const head = octetsOf(`HTTP/1.1 200 OK\r\nServer: x/1\r\n${'A: b\r\n'.repeat(10_000)}`)
    expect(http.detect(head, contextOf({ ended: false }))).toMatchObject({ product: 'x', version: '1' })
  })
})
