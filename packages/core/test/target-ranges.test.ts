import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../src/model/errors.ts'
import { type AddressRange, parseTargetSpec, rangeAround } from '../src/model/target-ranges.ts'

function range(text: string): AddressRange {
  const target = parseTargetSpec(text)
  if (target.kind !== 'addresses') throw new Error(`is a name: ${text}`)
  return target
}

function addresses(text: string): readonly string[] {
  return [...range(text).addresses()].map(({ address }) => address)
}

const octet = fc.integer({ min: 0, max: 255 })
const ipv4 = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.'))

describe('a target', () => {
  it.each([
    ['10.0.0.1', ['10.0.0.1']],
    ['::1', ['::1']],
    ['[fd00::0:1]', ['fd00::1']],
    ['fe80::1%eth0', ['fe80::1%eth0']],
    ['10.77.0.0/30', ['10.77.0.0', '10.77.0.1', '10.77.0.2', '10.77.0.3']],
    ['10.77.0.3/31', ['10.77.0.2', '10.77.0.3']],
    ['10.77.0.2/32', ['10.77.0.2']],
    ['fd00::fffe/126', ['fd00::fffc', 'fd00::fffd', 'fd00::fffe', 'fd00::ffff']],
    ['[fd00::1]/127', ['fd00::', 'fd00::1']],
    ['fe80::3%eth0/127', ['fe80::2%eth0', 'fe80::3%eth0']],
    ['10.77.0.2-3', ['10.77.0.2', '10.77.0.3']],
    ['10.0.0.9,1,3-4', ['10.0.0.1', '10.0.0.3', '10.0.0.4', '10.0.0.9']],
    ['10.1,2.0.1,2', ['10.1.0.1', '10.1.0.2', '10.2.0.1', '10.2.0.2']],
    ['10.0.-1.254-', ['10.0.0.254', '10.0.0.255', '10.0.1.254', '10.0.1.255']],
  ])('%s is these addresses', (text, wanted) => {
    expect(addresses(text)).toEqual(wanted)
  })

  it('is counted, not made: the largest ones give their first address at once', () => {
    for (const text of ['0.0.0.0/0', '*.*.*.*', 'fd00::/96']) {
      expect(range(text).count).toBe(2 ** 32)
      expect(range(text).addresses().next().done).toBe(false)
    }
    expect(range('10.0.*.1-24').count).toBe(256 * 24)
  })

  it.each([
    ['a.lan', undefined, 1],
    ['a.lan/24', 24, 256],
    ['a.lan/32', 32, 1],
    ['a.lan/120', 120, 256],
    ['1-2.example.com', undefined, 1],
    ['10-20', undefined, 1],
  ])('%s has to be looked up', (text, prefix, count) => {
    expect(parseTargetSpec(text)).toMatchObject({
      kind: 'name',
      text,
      prefix,
      count,
      host: text.split('/')[0],
    })
  })

  it('around the address of a name is the network in which it is', () => {
    const name = parseTargetSpec('a.lan/30')
    if (name.kind !== 'name') throw new Error('no name')
    const around = rangeAround({ address: '10.0.0.5', family: 4 }, name)
    expect([...around.addresses()].map(({ address }) => address)).toEqual([
      '10.0.0.4',
      '10.0.0.5',
      '10.0.0.6',
      '10.0.0.7',
    ])
    expect(() => rangeAround({ address: 'fd00::1', family: 6 }, name)).toThrow(/network too large/)
  })

  it.each([
    ['', 'host name invalid'],
    ['10.0.0.256', "octet invalid: '256'"],
    ['10.0.0.01', "octet invalid: '01'"],
    ['10.0.0.3-1', 'backwards'],
    ['10.0.0.', "range of an octet invalid: ''"],
    ['10.0.0.1--2', "range of an octet invalid: '1--2'"],
    ['10.0.0.1,', "range of an octet invalid: ''"],
    ['10.0.0.1,10.0.0.2', 'four octets'],
    ['10.*', 'four octets'],
    ['10.0.0.0/33', 'IPv4 has 32 bits'],
    ['10.0.0.0/', 'prefix invalid'],
    ['10.0.0.0/-1', 'prefix invalid'],
    ['10.0.0.0/8/8', 'prefix invalid'],
    ['10.0.0.0/129', 'prefix invalid'],
    ['10.0.0.1-2/24', 'not both'],
    ['fd00::/95', 'network too large'],
    ['a.lan/64', 'network too large'],
    ['[::1', 'IPv6 address invalid'],
    ['[10.0.0.1]', 'IPv6 address invalid'],
    ['fd00::1-5', 'IPv6 address invalid'],
    ['*.example.com', 'host name invalid'],
    ['127.1', 'IPv4 address invalid'],
  ])('%j is refused: %s', (text, words) => {
    expect(() => parseTargetSpec(text)).toThrow(UsageError)
    expect(() => parseTargetSpec(text)).toThrow(words)
  })
})

describe('the laws of targets', () => {
  it('a network has its address, the right number of them, and is ascending by one', () => {
    fc.assert(
      fc.property(ipv4, fc.integer({ min: 22, max: 32 }), (address, prefix) => {
        const all = addresses(`${address}/${prefix}`)
        expect(all).toContain(address)
        expect(all).toHaveLength(2 ** (32 - prefix))
        expect(range(`${address}/${prefix}`).count).toBe(all.length)
        const values = all.map((one) => one.split('.').reduce((sum, part) => sum * 256 + Number(part), 0))
        for (const [i, value] of values.entries()) expect(value).toBe((values[0] ?? 0) + i)
      }),
      { numRuns: 50 },
    )
  })

  it('an IPv6 network has its address and the right number of different ones', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.integer({ min: 120, max: 128 }), (text, prefix) => {
        const all = addresses(`${text}/${prefix}`)
        expect(all).toContain(addresses(text)[0])
        expect(new Set(all).size).toBe(2 ** (128 - prefix))
      }),
      { numRuns: 50 },
    )
  })

  it('ranges of octets give every combination once, the last octet fastest', () => {
    const values = fc.uniqueArray(octet, { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(fc.tuple(values, values, values, values), (parts) => {
        const text = parts.map((part) => part.join(',')).join('.')
        const all = addresses(text)
        const [a, b, c, d] = parts.map((part) => [...part].sort((x, y) => x - y))
        const wanted = a?.flatMap((i) =>
          b?.flatMap((j) => c?.flatMap((k) => d?.map((l) => `${i}.${j}.${k}.${l}`) ?? []) ?? []),
        )
        expect(all).toEqual(wanted)
        expect(range(text).count).toBe(all.length)
      }),
      { numRuns: 50 },
    )
  })

  it('the address at a place is the one that is made in that place, and there are no others', () => {
    const texts = fc.oneof(
      fc.tuple(ipv4, fc.integer({ min: 24, max: 32 })).map(([address, prefix]) => `${address}/${prefix}`),
      fc
        .tuple(fc.ipV6(), fc.integer({ min: 120, max: 128 }))
        .map(([address, prefix]) => `${address}/${prefix}`),
      fc.constantFrom('10.0-2.*.1,3', '1-3,9.0.255.250-'),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const { count, at, addresses: made } = range(text)
        let place = 0
        for (const address of made()) expect(at(place++)).toEqual(address)
        for (const outside of [-1, count, 0.5, Number.NaN]) expect(() => at(outside)).toThrow(RangeError)
      }),
      { numRuns: 50 },
    )
    expect(range('0.0.0.0/0').at(2 ** 32 - 1)).toEqual({ address: '255.255.255.255', family: 4 })
    expect(range('*.*.*.*').at(2 ** 31)).toEqual({ address: '128.0.0.0', family: 4 })
    expect(range('fd00::/96').at(2 ** 32 - 1)).toEqual({ address: 'fd00::ffff:ffff', family: 6 })
  })

  it('any text is a target or a UsageError, and gives its first address without making the rest', () => {
    const piece = fc.oneof(fc.string(), fc.stringMatching(/^[\d*,.\-/:[\]%a-f]{0,24}$/))
    fc.assert(
      fc.property(piece, (text) => {
        try {
          const target = parseTargetSpec(text)
          expect(target.count).toBeGreaterThanOrEqual(1)
          expect(target.count).toBeLessThanOrEqual(2 ** 32)
          if (target.kind === 'addresses') expect(target.addresses().next().done).toBe(false)
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
