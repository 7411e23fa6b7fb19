import { describe, expect, it } from 'vitest'
import type { Service } from '../src/model/service.ts'
import { http } from '../src/protocols/web/http.ts'
import { contextOf, octetsOf } from './detector-kit.ts'

function seen(text: string, port = 4711, secure = false): Partial<Service> {
  const service = http.detect(octetsOf(text), contextOf({ port, secure }))
  return service === 'more' || service === undefined ? {} : service
}

const JSON_FIELDS = 'Content-Type: application/json; charset=UTF-8\r\n'
const ok = (fields: string, body = '') => `HTTP/1.1 200 OK\r\n${fields}\r\n${body}`
const json = (value: unknown) => ok(JSON_FIELDS, JSON.stringify(value, null, 2))

const ELASTIC = {
  name: 'node-1',
  cluster_name: 'c',
  version: { number: '8.5.0', build_flavor: 'default', lucene_version: '9.4.1' },
  tagline: 'You Know, for Search',
}

describe('software that an answer gives away', () => {
  it.each([
    ['an object of Elasticsearch', json(ELASTIC), 'http', 'Elasticsearch', '8.5.0'],
    [
      'an object of OpenSearch',
      json({
        ...ELASTIC,
        version: { distribution: 'opensearch', number: '2.11.0' },
        tagline: 'The OpenSearch Project',
      }),
      'http',
      'OpenSearch',
      '2.11.0',
    ],
    [
      'a field of Elasticsearch',
      ok('X-elastic-product: Elasticsearch\r\n'),
      'http',
      'Elasticsearch',
      undefined,
    ],
    ['an object of CouchDB', json({ couchdb: 'Welcome', version: '3.3.2' }), 'http', 'CouchDB', '3.3.2'],
    [
      'a refusal of Kubernetes',
      json({
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: 'forbidden',
        code: 403,
      }),
      'http',
      'Kubernetes API',
      undefined,
    ],
    [
      'a field of Jenkins',
      ok('Server: Jetty(10.0.13)\r\nX-Jenkins: 2.387.1\r\n'),
      'http',
      'Jenkins',
      '2.387.1',
    ],
    ['a field of InfluxDB', ok('X-Influxdb-Version: v2.7.1\r\n'), 'http', 'InfluxDB', '2.7.1'],
    [
      'a field behind nginx, whose version is not its own',
      ok('Server: nginx/1.22.1\r\nkbn-name: kibana\r\n'),
      'http',
      'Kibana',
      undefined,
    ],
    ['a title', ok('', '<title>Grafana</title>'), 'http', 'Grafana', undefined],
    [
      'words of MongoDB',
      ok('', 'It looks like you are trying to access MongoDB over HTTP on the native driver port.\r\n'),
      'mongodb',
      'MongoDB',
      undefined,
    ],
    [
      'a title of Tor',
      `HTTP/1.0 405 Method Not Allowed\r\n\r\n<title>This is an HTTP CONNECT tunnel, not a full HTTP Proxy</title>`,
      'http-proxy',
      'Tor',
      undefined,
    ],
    ['a proxy by name', ok('Server: tinyproxy/1.11.1\r\n'), 'http-proxy', 'tinyproxy', '1.11.1'],
    [
      'the Via of Squid',
      ok('X-Squid-Error: ERR_INVALID_URL 0\r\nVia: 1.1 x (squid/6.1)\r\n'),
      'http-proxy',
      'squid',
      '6.1',
    ],
    [
      'Squid in front of a dead server',
      ok('Server: squid/6.1\r\nX-Squid-Error: ERR_CONNECT_FAIL 111\r\n'),
      'http',
      'squid',
      '6.1',
    ],
  ])('is read from %s', (_, text, protocol, product, version) => {
    const service = seen(text)
    expect([service.protocol, service.product, service.version]).toEqual([protocol, product, version])
  })

  it.each([
    ['a proxy that wants a password', 'HTTP/1.1 407 Auth\r\n\r\n', 'http-proxy'],
    ['a field of proxies', ok('Proxy-Authenticate: Basic realm="x"\r\n'), 'http-proxy'],
    ['a printer', ok('Server: Printer IPP/2.0\r\n'), 'ipp'],
  ])('%s is known without a version', (_, text, protocol) => {
    expect(seen(text)).toMatchObject({ protocol })
  })

  it.each([
    ['{"version":{"number":"1"}}'],
    ['{"__proto__":{"tagline":"You Know, for Search"}}'],
    ['{"tagline":{"toString":1}}'],
    ['{"couchdb":"Welcome"'],
    ['['.repeat(10_000)],
    ['{"a":'.repeat(3000)],
    ['<title>toString</title>'],
  ])('%.30s names nothing', (body) => {
    expect(seen(ok(JSON_FIELDS, body)).product).toBeUndefined()
  })
})

describe('an answer without TLS', () => {
  const bad = (words: string) => `HTTP/1.1 400 Bad Request\r\n\r\n<title>400 Bad Request</title>${words}`
  const moved = (url: string) => `HTTP/1.1 301 Moved\r\nLocation: ${url}\r\nContent-Length: 0\r\n\r\n`

  it.each([
    ['Apache', bad("Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />")],
    ['Go', 'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n'],
    ['Tomcat', bad('This combination of host and port requires TLS.\r\n')],
    ['CUPS', 'HTTP/1.1 426 Upgrade Required\r\nUpgrade: TLS/1.2,TLS/1.1,TLS/1.0\r\n\r\n'],
    ['a redirect to TLS at this port', moved('https://x:4711/')],
  ])('of %s asks for it', (_, text) => {
    expect(seen(text).wantsTls).toBe(true)
  })

  it.each([
    ['a redirect to TLS elsewhere', moved('https://x/')],
    ['a redirect without TLS', moved('http://x:4711/')],
    ['a redirect to nowhere', moved('https://[')],
    ['another fault', bad('no')],
    ['a page that quotes the words', ok('', 'Client sent an HTTP request to an HTTPS server')],
  ])('does not ask for it by %s', (_, text) => {
    expect(seen(text).wantsTls).toBeUndefined()
  })

  it('asks for nothing where TLS is already', () => {
    expect(seen(moved('https://x:4711/'), 4711, true).wantsTls).toBeUndefined()
  })
})

describe('the fields of an answer', () => {
  it('are told with names of cookies, and their texts are evidence', () => {
    const fields = [
      'Set-Cookie: JSESSIONID=a; Path=/',
      'Set-Cookie: theme=b',
      'WWW-Authenticate: Basic realm="router"',
      'Via: 1.1 front',
      'Content-Length: 0',
      '',
    ].join('\r\n')
    expect(seen(ok(fields))).toEqual({
      protocol: 'http',
      info: '200 OK',
      details: {
        'http version': '1.1',
        status: 200,
        'www-authenticate': 'Basic realm="router"',
        via: '1.1 front',
        cookies: ['JSESSIONID', 'theme'],
      },
      evidence: [
        { field: 'http_header.wwwauth', text: 'Basic realm="router"' },
        { field: 'http_header.cookie', text: 'JSESSIONID=a; Path=/' },
        { field: 'http_header.cookie', text: 'theme=b' },
      ],
    })
  })
})
