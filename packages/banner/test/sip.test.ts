import { describe, expect, it } from 'vitest'
import { latin1 } from '../src/dialogue/readers.ts'
import { sip } from '../src/protocols/talk/sip.ts'
import { detectorTests, probeOf, WISHES } from './detector-kit.ts'

const answer = [
  'SIP/2.0 200 OK',
  'Via: SIP/2.0/UDP portkit.invalid;rport=5070;received=192.0.2.7;branch=z9hG4bK12345678',
  'Server: Asterisk PBX 18.10.0',
  'Allow: OPTIONS, INVITE, BYE',
  'Content-Length: 0',
  '',
  '',
].join('\r\n')

const service = {
  protocol: 'sip',
  info: '200 OK',
  product: 'Asterisk PBX',
  version: '18.10.0',
  details: { status: 200, server: 'Asterisk PBX 18.10.0', methods: 'OPTIONS, INVITE, BYE' },
  evidence: [{ field: 'sip_header.server', text: 'Asterisk PBX 18.10.0' }],
}

detectorTests(sip, [
  { title: 'over TCP', octets: answer, service },
  { title: 'over UDP', octets: answer, context: { transport: 'udp' }, service },
  {
    title: 'by a telephone',
    octets: 'SIP/2.0 404 Not Found\r\nUser-Agent: Grandstream HT801 1.0.17.5\r\n\r\n',
    service: {
      protocol: 'sip',
      info: '404 Not Found',
      product: 'Grandstream HT801',
      version: '1.0.17.5',
      details: { status: 404, 'user-agent': 'Grandstream HT801 1.0.17.5' },
      evidence: [{ field: 'sip_header.user_agent', text: 'Grandstream HT801 1.0.17.5' }],
    },
  },
  { title: 'not by a request of SIP', octets: 'OPTIONS sip:x SIP/2.0\r\n\r\n', service: undefined },
  { title: 'not by HTTP', octets: 'HTTP/1.1 400 Bad Request\r\n\r\n', service: undefined },
])

describe("SIP's first words", () => {
  it.each([
    ['udp', false, 5060, 'db.lan:5060', 'UDP'],
    ['tcp', false, 80, 'db.lan:80', 'TCP'],
    ['tcp', true, 5061, 'db.lan:5061', 'TLS'],
  ] as const)('over %s (TLS: %s) at %i ask whoever answers there', (transport, secure, port, at, via) => {
    let randoms = 0
    const random = () => (randoms += 1)
    expect(latin1(probeOf(sip, { transport, secure, port, random })).split('\r\n')).toEqual([
      `OPTIONS sip:${at} SIP/2.0`,
      `Via: SIP/2.0/${via} portkit.invalid;rport;branch=z9hG4bK00000001`,
      'Max-Forwards: 70',
      'From: <sip:banner@portkit.invalid>;tag=00000002',
      `To: <sip:${at}>`,
      'Call-ID: 00000003@portkit.invalid',
      'CSeq: 1 OPTIONS',
      'User-Agent: portkit-banner',
      'Accept: application/sdp',
      'Content-Length: 0',
      '',
      '',
    ])
  })

  it('always name the port of an IPv6 address', () => {
    const wishes = { ...WISHES, host: '::1', serverName: '' }
    expect(latin1(probeOf(sip, { port: 5060, wishes }))).toContain('OPTIONS sip:[::1]:5060 SIP/2.0\r\n')
  })
})
