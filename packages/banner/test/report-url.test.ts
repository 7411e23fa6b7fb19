import fc from 'fast-check'
import { expect, it } from 'vitest'
import { urlReporter } from '../src/report/url-reporter.ts'
import { anyFinding } from './any-finding.ts'
import { DB, findingOf, portOf, SHUT, textOf, tlsOf } from './finding-kit.ts'

const of = (protocol: string) => ({ outcome: 'identified', service: { protocol } }) as const
const at = (host: string) => ({ target: { ...DB, host } })

it.each([
  ['ssh://db.lan:22', of('ssh')],
  ['http://db.lan:22/', of('http')],
  ['https://db.lan:22/', { ...of('http'), tls: tlsOf() }],
  ['imaps://db.lan:22', { ...of('imap'), tls: tlsOf() }],
  ['rediss://db.lan:22', { ...of('redis'), tls: tlsOf() }],
  ['postgresql://db.lan:22', { ...of('postgresql'), tls: tlsOf() }],
  ['memcached+tls://db.lan:22', { ...of('memcached'), tls: tlsOf() }],
  ['smtp://db.lan:22', { ...of('smtp'), tls: tlsOf({ after: 'smtp' }) }],
  ['tls://db.lan:22', { ...of('tls'), tls: tlsOf() }],
  ['tls://db.lan:22', { outcome: 'unknown', tls: tlsOf() }],
  ['tcp://db.lan:22', { outcome: 'silent' }],
  ['tcp://db.lan:22', of('Not A Scheme')],
  ['tcp://db.lan:22', of('match')],
  ['tls://db.lan:22', { ...of('match'), tls: tlsOf() }],
  ['dns://db.lan:53', { ...of('dns'), target: portOf(53, 'udp') }],
  ['udp://db.lan:9', { outcome: 'unknown', target: portOf(9, 'udp') }],
  ['tcp://[::1]:22', at('::1')],
  ['tcp://[fe80::1%25eth0]:22', at('fe80::1%eth0')],
  ['tcp://10.0.0.2:22', at('10.0.0.2')],
  ['tcp://b%C3%BCcher.example:22', at('bücher.example')],
  ['tcp://a%2Fb%40c%3A%1B:22', at('a/b@c:\u001b')],
] as const)('%s', (url, given) => {
  expect(textOf(urlReporter().found(findingOf(given)))).toBe(`${url}\n`)
})

it('says nothing about ports that are not open', () => {
  expect(Object.values(SHUT).flatMap((finding) => urlReporter().found(finding))).toEqual([])
})

it('is always one URL that can be read back, with this port', () => {
  fc.assert(
    fc.property(anyFinding, (finding) => {
      const text = textOf(urlReporter().found(finding))
      const url = /^[a-z][a-z0-9+.-]*:\/\/(?:\[[0-9a-f:]+(?:%25[\w.~%-]+)?\]|[\w.~%-]*):(\d+)\/?\n$/
      const port = finding.verdict.state === 'open' ? String(finding.target.port) : undefined
      expect(url.exec(text)?.[1]).toBe(port)
    }),
    { numRuns: 300 },
  )
})
