import { isIPv4, isIPv6 } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatIpv6,
  isLinkLocal,
  parseAddress,
  parseHost,
  parseIpv4,
  parseIpv6,
  unmapped,
} from '../src/model/addresses.ts'
import { UsageError } from '../src/model/errors.ts'

const groups = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), {
  minLength: 8,
  maxLength: 8,
})
/** Strings that are nearly addresses: a valid one with a few characters changed, or soup of its alphabet. */
const soup = fc.string({ unit: fc.constantFrom(...'0123456789abfF:.'), maxLength: 24 })
const nearly = fc
  .tuple(
    fc.oneof(fc.ipV4(), fc.ipV6()),
    fc.nat(40),
    fc.nat(2),
    fc.string({ unit: fc.constantFrom(...':.019af'), maxLength: 3 }),
  )
  .map(([text, at, cut, extra]) => text.slice(0, at) + extra + text.slice(at + cut))
const like = fc.oneof(soup, nearly, fc.ipV4(), fc.ipV6(), fc.ipV4Extended(), fc.string())

describe('an address literal', () => {
  it('is IPv4 exactly when Node says so', () =>
    fc.assert(
      fc.property(like, (text) => void expect(parseIpv4(text) !== undefined).toBe(isIPv4(text))),
      { numRuns: 2000 },
    ))

  it('is IPv6 exactly when Node says so', () =>
    fc.assert(
      fc.property(like, (text) => void expect(parseIpv6(text) !== undefined).toBe(isIPv6(text))),
      { numRuns: 2000 },
    ))

  it('keeps its value through text and back', () =>
    fc.assert(fc.property(groups, (value) => void expect(parseIpv6(formatIpv6(value))).toEqual(value))))

  it('is written as a URL writes it, but for the dotted quad of an IPv4-mapped one', () =>
    fc.assert(
      fc.property(groups, (value) => {
        fc.pre(!formatIpv6(value).includes('.'))
        expect(formatIpv6(value)).toBe(new URL(`http://[${formatIpv6(value)}]`).hostname.slice(1, -1))
      }),
    ))

  it('has one canonical text whatever its spelling', () =>
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const address = parseAddress(text)?.address ?? 'none'
        expect(parseAddress(address)?.address).toBe(address)
        expect(parseIpv6(address)).toEqual(parseIpv6(text))
        expect(parseAddress(text.toUpperCase())?.address).toBe(address)
      }),
    ))

  // RFC 5952 sections 4 and 5.
  it.each([
    ['2001:0db8::0001', '2001:db8::1'],
    ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:DB8::A', '2001:db8::a'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['1:0:0:0:0:0:0:0', '1::'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::FFFF:0a00:0001', '::ffff:10.0.0.1'],
    ['::ffff:10.0.0.1', '::ffff:10.0.0.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
    ['fe80:0::1%eth0', 'fe80::1%eth0'],
    ['fe80::1%3', 'fe80::1%3'],
    ['fe80::1%br_lan.7@x', 'fe80::1%br_lan.7@x'],
  ])('%s is written %s', (text, canonical) => {
    expect(parseAddress(text)).toEqual({ address: canonical, family: 6 })
  })

  it.each(['0.0.0.0', '10.0.0.1', '255.255.255.255'])('%s is IPv4', (text) => {
    expect(parseAddress(text)).toEqual({ address: text, family: 4 })
  })

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '010.0.0.1',
    '0x7f.0.0.1',
    '1.2.3.256',
    '1.2.3.4 ',
    '１.2.3.4',
    '10.0.0.1%eth0',
    ':',
    ':::',
    '1::2::3',
    '12345::',
    '::1%',
    '::1%a b',
    '::1%a/b',
    '::1%a%b',
    '::1%a\u001b',
    '[::1]',
    '1.2.3.4::',
    '::1.2.3.4:5',
    '::1.2.3',
    `::1%${'z'.repeat(65)}`,
  ])('%j is none', (text) => {
    expect(parseAddress(text)).toBeUndefined()
  })

  it('counts as IPv4 when it is an IPv4-mapped one', () => {
    expect(unmapped({ address: '::ffff:10.0.0.1', family: 6 })).toEqual({ address: '10.0.0.1', family: 4 })
    expect(unmapped({ address: '::ffff:0:10.0.0.1', family: 6 }).family).toBe(6)
    expect(unmapped({ address: '2001:db8::1', family: 6 })).toEqual({ address: '2001:db8::1', family: 6 })
    expect(unmapped({ address: '10.0.0.1', family: 4 })).toEqual({ address: '10.0.0.1', family: 4 })
  })

  it('is link-local in fe80::/10 and nowhere else', () => {
    const isLocal = (address: string): boolean => isLinkLocal({ address, family: 6 })
    expect(['fe80::1', 'fe80::1%eth0', 'febf::'].map(isLocal)).toEqual([true, true, true])
    expect(['fec0::', 'fe7f::', '::', '169.254.0.1'].map(isLocal)).toEqual([false, false, false, false])
  })
})

describe('a host', () => {
  it.each([
    ['localhost', 'localhost', undefined],
    ['DB.lan', 'DB.lan', undefined],
    ['example.com.', 'example.com.', undefined],
    ['_dmarc.my_host', '_dmarc.my_host', undefined],
    ['a--b', 'a--b', undefined],
    ['1and1', '1and1', undefined],
    ['4.3.2.1.in-addr.arpa', '4.3.2.1.in-addr.arpa', undefined],
    ['0xcafe.example', '0xcafe.example', undefined],
    ['bücher.example', 'xn--bcher-kva.example', undefined],
    ['日本。jp', 'xn--wgv71a.jp', undefined],
    ['printer.local%eth0', 'printer.local', 'eth0'],
    [`${'a'.repeat(63)}.b`, `${'a'.repeat(63)}.b`, undefined],
  ])('%s is a name', (text, name, zone) => {
    expect(parseHost(text)).toEqual({ kind: 'name', name, zone })
  })

  it('is an address when it is a literal', () => {
    expect(parseHost('10.0.0.1')).toEqual({ kind: 'address', address: { address: '10.0.0.1', family: 4 } })
    expect(parseHost('FE80::1%eth0')).toEqual({
      kind: 'address',
      address: { address: 'fe80::1%eth0', family: 6 },
    })
  })

  const tooLong = 'at most 253 characters, 63 between dots'
  const quad = 'four numbers from 0 to 255'
  it.each([
    ['', "host name invalid: '' (empty, or empty between dots)"],
    ['.', "host name invalid: '.' (empty, or empty between dots)"],
    ['a..b', "host name invalid: 'a..b' (empty, or empty between dots)"],
    ['.a', "host name invalid: '.a' (empty, or empty between dots)"],
    ['é..b', "host name invalid: 'é..b' (empty, or empty between dots)"],
    ['a b', "host name invalid: 'a b' (' ' is not allowed)"],
    ['a\u00a0b', "host name invalid: 'a\u00a0b' ('\u00a0' is not allowed)"],
    ['a\u0000', "host name invalid: 'a\u0000' ('\u0000' is not allowed)"],
    ['a\u009b', "host name invalid: 'a\u009b' ('\u009b' is not allowed)"],
    ['user@host', "host name invalid: 'user@host' ('@' is not allowed)"],
    ['host/path', "host name invalid: 'host/path' ('/' is not allowed)"],
    ['10.0.0.0/8', "host name invalid: '10.0.0.0/8' ('/' is not allowed)"],
    ['a℀b', "host name invalid: 'a℀b' (these characters do not make a name)"],
    ['a\u202eb', "host name invalid: 'a\u202eb' (these characters do not make a name)"],
    ['㈀', "host name invalid: '㈀' (these characters do not make a name)"],
    ['a\ud800b', "host name invalid: 'a\ud800b' (these characters do not make a name)"],
    ['a'.repeat(64), `host name invalid: '${'a'.repeat(59)}…' (${tooLong})`],
    ['é'.repeat(100_000), `host name invalid: '${'é'.repeat(59)}…' (${tooLong})`],
    ['a.'.repeat(127).concat('a'), `host name invalid: '${'a.'.repeat(29)}a…' (${tooLong})`],
    ['127.1', `IPv4 address invalid: '127.1' (${quad})`],
    ['010.0.0.1', `IPv4 address invalid: '010.0.0.1' (${quad})`],
    ['10.0.0.256', `IPv4 address invalid: '10.0.0.256' (${quad})`],
    ['1.2.3.4.', `IPv4 address invalid: '1.2.3.4.' (${quad})`],
    ['2130706433', `IPv4 address invalid: '2130706433' (${quad})`],
    ['0x7f000001', `IPv4 address invalid: '0x7f000001' (${quad})`],
    ['１２７.1', `IPv4 address invalid: '１２７.1' (${quad})`],
    ['1::2::3', "IPv6 address invalid: '1::2::3'"],
    ['10.0.0.1%eth0', "zone invalid: '10.0.0.1%eth0' (an IPv4 address has none)"],
    ['a%', "zone invalid: 'a%' (the name of an interface belongs after the %)"],
    ['fe80::1%a b', "zone invalid: 'fe80::1%a b' (the name of an interface belongs after the %)"],
  ])('%j is refused', (text, message) => {
    expect(() => parseHost(text)).toThrow(new UsageError(message))
  })

  it('with 253 characters is the longest, the dot at its end not counted', () => {
    const name = `${'a'.repeat(63)}.`.repeat(3) + 'a'.repeat(61)
    expect(parseHost(`${name}.`)).toEqual({ kind: 'name', name: `${name}.`, zone: undefined })
    expect(() => parseHost(`${name}a`)).toThrow(UsageError)
  })

  it('never gives the resolver anything but ASCII letters, digits, dots, dashes and underscores', () =>
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.domain(), like),
        (text) => {
          try {
            const host = parseHost(text)
            if (host.kind === 'name') expect(host.name).toMatch(/^[\w.-]{1,254}$/)
            else expect(parseAddress(host.address.address)).toEqual(host.address)
          } catch (error) {
            expect(error).toBeInstanceOf(UsageError)
          }
        },
      ),
      { numRuns: 2000 },
    ))

  it('with a valid domain is always a name', () =>
    fc.assert(
      fc.property(
        fc.domain(),
        (text) => void expect(parseHost(text)).toMatchObject({ kind: 'name', name: text }),
      ),
    ))
})
