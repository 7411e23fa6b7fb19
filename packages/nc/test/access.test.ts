import { UsageError } from '@portkit/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAccess } from '../src/listen/access.ts'

describe('who may call', () => {
  it.each([
    ['anybody where nothing is said', [], [], '192.0.2.1', true],
    ['an allowed address', ['192.0.2.1'], [], '192.0.2.1', true],
    ['nobody else then', ['192.0.2.1'], [], '192.0.2.2', false],
    ['not the other family then', ['0.0.0.0/0'], [], '2001:db8::1', false],
    ['all but the denied', [], ['192.0.2.0/24'], '192.0.3.0', true],
    ['not the denied', [], ['192.0.2.0/24'], '192.0.2.255', false],
    ['not the denied among the allowed', ['192.0.2.0/24'], ['192.0.2.7'], '192.0.2.7', false],
    ['the allowed around the denied', ['192.0.2.0/24'], ['192.0.2.7'], '192.0.2.8', true],
    ['a prefix whose last bits are set', ['192.0.2.77/24'], [], '192.0.2.1', true],
    ['an odd prefix, inside', ['10.0.0.0/9'], [], '10.127.255.255', true],
    ['an odd prefix, outside', ['10.0.0.0/9'], [], '10.128.0.0', false],
    ['an IPv6 prefix, inside', ['2001:db8::/33'], [], '2001:db8:7fff::1', true],
    ['an IPv6 prefix, outside', ['2001:db8::/33'], [], '2001:db8:8000::1', false],
    ['an address with a zone', ['fe80::/10'], [], 'fe80::1%eth0', true],
    ['an IPv4 client of an IPv6 listener', ['192.0.2.0/24'], [], '::ffff:192.0.2.9', true],
    ['not a denied one either', [], ['192.0.2.9'], '::ffff:c000:209', false],
    ['an entry that is mapped itself', ['::ffff:192.0.2.0/120'], [], '192.0.2.9', true],
    ['an entry with fewer bits than the mapping', ['::ffff:0:0/95'], [], '::fffe:1:1', true],
    ['not IPv4 by the IPv6 prefix of everything', ['::/0'], [], '192.0.2.9', false],
    ['nobody by an address that is none', [], ['192.0.2.9'], 'unix', false],
  ] as const)('%s', (_, allow, deny, address, may) => {
    expect(createAccess(allow, deny)(address)).toBe(may)
  })

  it.each([
    '',
    'name.lab',
    '192.0.2',
    '192.0.2.1/33',
    '192.0.2.1/',
    '192.0.2.1/-1',
    '192.0.2.1/8/8',
    '192.0.2.1/0x8',
    '::/129',
    'fe80::1%eth0',
    '[::1]',
    ' 192.0.2.1',
    '010.0.0.1',
  ])('cannot be said by %j', (entry) => {
    expect(() => createAccess([entry], [])).toThrow(UsageError)
    expect(() => createAccess([], [entry])).toThrow(/^--deny: '.*' is no address or prefix/)
  })

  it('is whoever shares the bits of a prefix', () => {
    const octet = fc.integer({ min: 0, max: 255 })
    const quad = fc.tuple(octet, octet, octet, octet)
    const bits = (parts: readonly number[]): string =>
      parts.map((part) => part.toString(2).padStart(8, '0')).join('')
    fc.assert(
      fc.property(quad, quad, fc.integer({ min: 0, max: 32 }), (net, caller, length) => {
        const shares = bits(net).slice(0, length) === bits(caller).slice(0, length)
        expect(createAccess([`${net.join('.')}/${length}`], [])(caller.join('.'))).toBe(shares)
        expect(createAccess([], [`${net.join('.')}/${length}`])(`::ffff:${caller.join('.')}`)).toBe(!shares)
      }),
    )
  })
})
