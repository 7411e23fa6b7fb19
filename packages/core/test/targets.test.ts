import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../src/model/errors.ts'
import { createServices } from '../src/model/services.ts'
import { formatEndpoint } from '../src/model/target.ts'
import { MOST_TARGETS, parseTargets } from '../src/model/targets.ts'

const services = createServices()
/** Words as a shell splits them, targets as `host port,port`. */
const parse = (line: string): string[] =>
  parseTargets(line.split(' '), services).map(({ host, ports }) => `${host} ${ports.join(',')}`)
const fault = (words: readonly string[]): unknown => {
  try {
    return parseTargets(words, services)
  } catch (error) {
    return error
  }
}

describe('targets', () => {
  it.each<[string, string[]]>([
    ['localhost 22', ['localhost 22']],
    ['localhost ssh', ['localhost 22']],
    ['localhost:22', ['localhost 22']],
    ['localhost:ssh,8000-8002', ['localhost 22,8000,8001,8002']],
    ['10.0.0.1:22,80', ['10.0.0.1 22,80']],
    ['10.0.0.1 22', ['10.0.0.1 22']],
    ['[::1]:22', ['::1 22']],
    ['[::1] 22', ['::1 22']],
    ['::1 22', ['::1 22']],
    ['::1:22 80', ['::1:22 80']],
    ['[fe80::1%eth0]:22,80', ['fe80::1%eth0 22,80']],
    ['fe80::1%eth0 22', ['fe80::1%eth0 22']],
    ['printer.local%eth0:9100', ['printer.local%eth0 9100']],
    ['a 22 b 80,443', ['a 22', 'b 80,443']],
    ['a:22 b:80', ['a 22', 'b 80']],
    ['web1 web2 web3 443', ['web1 443', 'web2 443', 'web3 443']],
    ['a b:80 c 22', ['a 22', 'b 80', 'c 22']],
    ['a 22 a 22', ['a 22', 'a 22']],
    ['a ssh b smtp', ['a 22', 'b 25']],
    ['ssh 22', ['ssh 22']],
    ['ssh ssh', ['ssh 22']],
    ['ssh:80', ['ssh 80']],
    ['a http 80', ['a 80', 'http 80']],
    ['a http 80,81', ['a 80,81', 'http 80,81']],
    ['a ssh http 80', ['a 22', 'http 80']],
    ['a ssh,http', ['a 22,80']],
    ['a 65534-', ['a 65534,65535']],
    ['bücher.example 80', ['bücher.example 80']],
    ['1-2:22', ['1-2 22']],
  ])('%s', (line, targets) => {
    expect(parse(line)).toEqual(targets)
  })

  it.each<[string[], string]>([
    [[], 'host missing'],
    [[''], "host name invalid: '' (empty, or empty between dots)"],
    [['', '22'], "host name invalid: '' (empty, or empty between dots)"],
    [['a', ''], "host name invalid: '' (empty, or empty between dots)"],
    [[':22'], "host missing in ':22'"],
    [['a:'], "port missing in 'a:'"],
    [['[::1]:'], "port missing in '[::1]:'"],
    [['a'], "port missing for 'a'"],
    [['10.0.0.1'], "port missing for '10.0.0.1'"],
    [['a', 'b:22'], "port missing for 'a'"],
    [['a', '22', 'b'], "port missing for 'b'"],
    [['a', 'b.c'], "port missing for 'a', 'b.c'"],
    [['localhost', 'sssh'], "port missing for 'localhost', 'sssh' ('sssh' is no known tcp service)"],
    [['a', 'b', 'c', 'd', 'e'], "port missing for 'a', 'b', 'c' and 2 more ('e' is no known tcp service)"],
    [['a', 'ssh', 'http'], "port missing for 'http'"],
    [['22'], "host missing before '22'"],
    [['22', 'localhost'], "host missing before '22'"],
    [['22,80', 'localhost'], "host missing before '22,80'"],
    [['a', '22', '80'], "host missing before '80' (write '22,80')"],
    [['a:22', '80'], "host missing before '80'"],
    [['a', 'ssh', '22', '80'], "host missing before '80' (write '22,80')"],
    [['a', '0'], "port out of range: '0' (1 to 65535)"],
    [['a', '99999'], "port out of range: '99999' (1 to 65535)"],
    [['a:99999'], "port out of range: '99999' (1 to 65535)"],
    [['a:22:80'], "neither host:port nor an IPv6 address: 'a:22:80'"],
    [['a:b'], "no tcp port or service: 'b'"],
    [['a', 'x,y'], "no tcp port or service: 'x'"],
    [['a b', '22'], "host name invalid: 'a b' (' ' is not allowed)"],
    [['a b:22'], "host name invalid: 'a b' (' ' is not allowed)"],
    [['127.1', '22'], "IPv4 address invalid: '127.1' (four numbers from 0 to 255)"],
    [['::1:22'], "port missing for '::1:22' (for a port write [::1]:22)"],
    [['2001:db8::1'], "port missing for '2001:db8::1'"],
    [
      ['fe80::1%eth0:22'],
      "an IPv6 address with a port needs brackets: 'fe80::1%eth0:22' (write [fe80::1%eth0]:22)",
    ],
    [
      ['1:2:3:4:5:6:7:8:22'],
      "an IPv6 address with a port needs brackets: '1:2:3:4:5:6:7:8:22' (write [1:2:3:4:5:6:7:8]:22)",
    ],
    [['[::1'], "brackets invalid: '[::1' (as in [::1]:22)"],
    [['[::1]22'], "brackets invalid: '[::1]22' (as in [::1]:22)"],
    [['[[::1]]:22'], "brackets invalid: '[[::1]]:22' (as in [::1]:22)"],
    [['[]:22'], "brackets invalid: '[]:22' (only an IPv6 address goes between them)"],
    [['[a]:22'], "brackets invalid: '[a]:22' (only an IPv6 address goes between them)"],
    [['[10.0.0.1]:22'], "brackets invalid: '[10.0.0.1]:22' (only an IPv6 address goes between them)"],
    [['https://example.com'], "this is a URL: 'https://example.com' (write example.com:443)"],
    [['HTTP://example.com/a?b#c'], "this is a URL: 'HTTP://example.com/a?b#c' (write example.com:80)"],
    [
      ['ssh://me:pw@example.com:2222/'],
      "this is a URL: 'ssh://me:pw@example.com:2222/' (write example.com:2222)",
    ],
    [['http://[::1]/'], "this is a URL: 'http://[::1]/' (write [::1]:80)"],
    [['nosuch://example.com'], "this is a URL: 'nosuch://example.com' (write host:port)"],
    [['http://'], "this is a URL: 'http://' (write host:port)"],
    [['http://a b/'], "this is a URL: 'http://a b/' (write host:port)"],
    [['http://a:0/'], "this is a URL: 'http://a:0/' (write host:port)"],
    [['a', 'b', '1-65535'], 'too many targets: 131070 pairs of host and port (at most 65535)'],
  ])('%j are refused', (words, message) => {
    expect(fault(words)).toEqual(new UsageError(message))
  })

  it(`may be ${MOST_TARGETS} pairs of host and port`, () => {
    expect(parseTargets(['a', '1-65535'], services)[0]?.ports).toHaveLength(MOST_TARGETS)
    const hosts = Array.from({ length: MOST_TARGETS }, (_, i) => `h${i}`)
    expect(parseTargets([...hosts, '22'], services)).toHaveLength(MOST_TARGETS)
    expect(fault([...hosts, 'x', '22'])).toBeInstanceOf(UsageError)
  })

  it('read back every endpoint as it is written', () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain()), fc.integer({ min: 1, max: 65_535 })), {
          minLength: 1,
        }),
        (ends) => {
          const words = ends.map(([address, port]) => formatEndpoint({ address, port }))
          expect(parseTargets(words, services)).toEqual(ends.map(([host, port]) => ({ host, ports: [port] })))
          const apart = ends.flatMap(([host, port]) => [host, String(port)])
          expect(parseTargets(apart, services)).toEqual(ends.map(([host, port]) => ({ host, ports: [port] })))
        },
      ),
    ))

  it('are hosts with at least one port each, or a usage error, whatever the words', () => {
    const word = fc.oneof(
      fc.constantFrom('a', 'ssh', '22', '80,443', '::1', '[::1]:22', 'b:22', 'http://x', '-', '1-'),
      fc.string({ unit: fc.constantFrom(...'01a:.[]%,-/@ é\u0000'), maxLength: 10 }),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        const result = fault(words)
        if (result instanceof Error) expect(result).toBeInstanceOf(UsageError)
        else
          for (const { host, ports } of result as ReturnType<typeof parseTargets>) {
            expect(host).not.toBe('')
            expect(ports.length).toBeGreaterThan(0)
          }
      }),
      { numRuns: 3000 },
    )
  })
})
