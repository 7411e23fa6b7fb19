import { describe, expect, it } from 'vitest'
import { latin1 } from '../src/dialogue/readers.ts'
import type { Service } from '../src/model/service.ts'
import { http } from '../src/protocols/web/http.ts'
import { contextOf, detectorTests, probeOf, type Recorded, recorded, WISHES } from './detector-kit.ts'

/** The first recorded answer to a probe. */
function answer(name: string, probe: string, secure = false): Recorded {
  const found = recorded(name).find((one) => one.probe === probe && one.tls === secure)
  if (found === undefined) throw new Error(`no recording of ${name}, ${probe}`)
  return found
}

function row(name: string, probe: string, service: Service, secure = false) {
  const { octets, port } = answer(name, probe, secure)
  return { title: `as ${name}, asked ${probe}`, octets, context: { port, secure }, service }
}

const NGINX = { protocol: 'http', product: 'nginx', version: '1.22.1' }
const LAB = {
  ...NGINX,
  info: '200 OK "Lab nginx"',
  details: {
    'http version': '1.1',
    status: 200,
    title: 'Lab nginx',
    server: 'nginx/1.22.1',
    'content-type': 'text/html',
  },
  evidence: [
    { field: 'http_header.server', text: 'nginx/1.22.1' },
    { field: 'html_title', text: 'Lab nginx' },
  ],
}

detectorTests(http, [
  row('nginx', 'http-get', LAB),
  row('nginx-tls', 'http11-get', LAB, true),
  row('haproxy', 'http-get', LAB),
  row('nginx-tls', 'http-404', {
    ...NGINX,
    info: '400 Bad Request "400 The plain HTTP request was sent to HTTPS port"',
    details: {
      'http version': '1.1',
      status: 400,
      title: '400 The plain HTTP request was sent to HTTPS port',
      server: 'nginx/1.22.1',
      'content-type': 'text/html',
    },
    evidence: [
      { field: 'http_header.server', text: 'nginx/1.22.1' },
      { field: 'html_title', text: '400 The plain HTTP request was sent to HTTPS port' },
    ],
    wantsTls: true,
  }),
  row('nginx-redirect', 'http-404', {
    ...NGINX,
    info: '301 Moved Permanently',
    details: {
      'http version': '1.1',
      status: 301,
      title: '301 Moved Permanently',
      server: 'nginx/1.22.1',
      location: 'https://lab.example.test/',
      'content-type': 'text/html',
    },
    evidence: [
      { field: 'http_header.server', text: 'nginx/1.22.1' },
      { field: 'html_title', text: '301 Moved Permanently' },
    ],
  }),
  row('node-http', 'http-404', {
    protocol: 'http',
    product: 'Express',
    info: '200 OK',
    details: { 'http version': '1.1', status: 200, 'x-powered-by': 'Express' },
    evidence: [{ field: 'http_header.x-powered-by', text: 'Express' }],
  }),
  row('haproxy-503', 'http-404', {
    protocol: 'http',
    product: 'HAProxy',
    info: '503 Service Unavailable',
    details: { 'http version': '1.1', status: 503, 'content-type': 'text/html' },
  }),
  {
    title: 'never over UDP',
    octets: 'HTTP/1.1 200 OK\r\n\r\n',
    context: { transport: 'udp' },
    service: undefined,
  },
  { title: 'not by another protocol', octets: 'RTSP/1.0 200 OK\r\n\r\n', service: undefined },
  {
    title: 'not by a page without a status line',
    octets: '<html><title>x</title></html>',
    service: undefined,
  },
  { title: 'not by half a status', octets: 'HTTP/1.1 20', service: undefined },
  { title: 'not by a status of four digits', octets: 'HTTP/1.1 2000 OK\r\n\r\n', service: undefined },
  {
    title: 'by a status line alone',
    octets: 'HTTP/1.0 404',
    service: { protocol: 'http', info: '404', details: { 'http version': '1.0', status: 404 } },
  },
])

describe('an answer of HTTP', () => {
  const told = (name: string, probe: string) => {
    const { octets, port, tls } = answer(name, probe)
    const service = http.detect(octets, contextOf({ port, secure: tls }))
    if (service === undefined || service === 'more') return undefined
    const { protocol, product, version, os } = service
    return [protocol, product, version, os]
  }

  it.each([
    ['apache2', 'http-get', 'http', 'Apache', '2.4.71', 'Debian'],
    ['python-http', 'http-get', 'http', 'SimpleHTTP', '0.6', undefined],
    ['cupsd', 'http11-get', 'ipp', 'CUPS', '2.4.2', undefined],
    ['squid', 'http-get', 'http-proxy', 'squid', '5.7', undefined],
    ['tor-socks', 'help', 'tor', 'Tor', undefined, undefined],
    ['haproxy', 'beanstalk', 'http', 'HAProxy', undefined, undefined],
  ])('of %s, asked %s, is known as %s by %s', (name, probe, ...facts) => {
    expect(told(name, probe)).toEqual(facts)
  })

  it('is known as soon as its title has come, however long the page is', () => {
    const { octets } = answer('apache2', 'http-get')
    const service = http.detect(octets.subarray(0, 700), contextOf({ ended: false }))
    expect(service).toMatchObject({ info: '200 OK "Apache2 Debian Default Page: It works"' })
  })

  it('gives no version that was cut off', () => {
    const { octets } = answer('nginx', 'http-get')
    const cut = octets.subarray(0, latin1(octets).indexOf('1.22.1') + 4)
    expect(http.detect(cut, contextOf({ ended: true }))).toEqual({
      protocol: 'http',
      info: '200 OK',
      details: { 'http version': '1.1', status: 200 },
    })
  })
})

describe("HTTP's first words", () => {
  it.each([
    ['db.lan', 'db.lan', 80, false, 'db.lan'],
    ['db.lan', 'db.lan', 443, true, 'db.lan'],
    ['db.lan', 'db.lan', 443, false, 'db.lan:443'],
    ['www.lan', '10.0.0.2', 8080, false, 'www.lan:8080'],
    ['', '10.0.0.2', 80, false, '10.0.0.2'],
    ['', 'fe80::1%eth0', 8080, false, '[fe80::1]:8080'],
    ['a\r\nX: b', '10.0.0.2', 80, false, '[aX:b]'],
  ])('for %s at %s, port %i, name the host', (serverName, host, port, secure, value) => {
    const octets = probeOf(http, { port, secure, wishes: { ...WISHES, serverName, host } })
    expect(latin1(octets)).toBe(
      `GET / HTTP/1.0\r\nHost: ${value}\r\nUser-Agent: portkit-banner\r\nAccept: */*\r\nConnection: close\r\n\r\n`,
    )
  })
})
