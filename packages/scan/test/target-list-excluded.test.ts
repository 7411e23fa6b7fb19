import { UsageError } from '@portkit/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPermutation } from '../src/spread/permutation.ts'
import { read, world } from './target-list-kit.ts'

const NONE = 'WARNING: No targets were specified, so 0 hosts scanned.'

describe('excluded addresses', () => {
  it.each<[string, readonly string[], string]>([
    ['10.0.0.0/30', ['10.0.0.1'], '10.0.0.0 - 10.0.0.2 10.0.0.3'],
    ['10.0.0.0/30', ['10.0.0.1,10.0.0.2'], '10.0.0.0 - - 10.0.0.3'],
    ['10.0.0.0/30', ['10.0.0.1', '10.0.0.2'], '10.0.0.0 - - 10.0.0.3'],
    ['10.0.0.0/30', ['10.0.0.0', '3', '10.0.0.1'], '- - 10.0.0.2 -'],
    ['10.0.0.0/30', ['10.0.0.1-2'], '10.0.0.0 - - 10.0.0.3'],
    ['10.0.0.0/30', ['10.0.0.2/31'], '10.0.0.0 10.0.0.1 - -'],
    ['10.0.0.0/30', ['*.*.*.0,3'], '- 10.0.0.1 10.0.0.2 -'],
    ['10.0.0.4/30', ['web.lan'], '10.0.0.4 - 10.0.0.6 10.0.0.7'],
    ['10.0.0.4/30 fd00::7', ['dual.lan'], '10.0.0.4 10.0.0.5 10.0.0.6 - -'],
    ['web.lan 10.0.0.6', ['10.0.0.5'], '- 10.0.0.6'],
    ['fd00::/126', ['fd00::1', 'fd00::3/128'], 'fd00:: - fd00::2 -'],
    ['fd00::1 10.0.0.1', ['fd00::/32'], '- 10.0.0.1'],
    ['fd00::1 fe00::1 fd00:1::', ['[fd00::5]/64'], '- fe00::1 fd00:1::'],
    ['fd00::1 10.0.0.1', ['::/0'], '- 10.0.0.1'],
    ['::ffff:10.0.0.1 10.0.0.2', ['::ffff:10.0.0.0/126', 'fd00::1'], '- -'],
    ['fe80::1%a fe80::1%b fe80::2%a', ['fe80::1%a'], '- fe80::1%b fe80::2%a'],
    ['fe80::1%a fe80::1%b fe80::2%a', ['fe80::1'], '- - fe80::2%a'],
    ['255.255.255.254/31', ['255.255.255.255'], '255.255.255.254 -'],
  ])('of %s without %j these are left', async (targets, excluded, told) => {
    expect((await read({ targets: targets.split(' '), excluded })).told.join(' ')).toBe(told)
  })

  it('may stand in a file', async () => {
    const io = world({ files: { e: '10.0.0.1 #x\n10.0.0.2' } })
    const { told } = await read({ targets: ['10.0.0.0/30'], excludeFile: 'e' }, io)
    expect(told.join(' ')).toBe('10.0.0.0 - - 10.0.0.3')
  })

  it.each<[string, readonly string[], boolean]>([
    ['10.0.0.1', ['10.0.0.0/24'], true],
    ['10.0.0.0/8', ['10.0.0.0/9', '10.128.0.0/9'], true],
    ['10.0.0.0/8', ['10.0.0.0/9', '10.128.0.0/10'], false],
    ['fd00::/100 10.0.0.1', ['fd00::/96', '10.0.0.1'], true],
    ['10.0.*.1,3', ['10.0.0.0/16'], true],
    ['10.0.0.1,3', ['10.0.0.1', '10.0.0.3'], true],
    ['10.0.0.3 10.0.0.9 10.0.0.1', ['10.0.0.1', '10.0.0.3'], false],
  ])('of %s without %j: that nothing is left is told: %s', async (targets, excluded, isEmpty) => {
    const { warnings } = await read({ targets: targets.split(' '), excluded })
    expect(warnings).toEqual(isEmpty ? [NONE] : [])
  })

  it.each([
    ['x.invalid', 'Error resolving name "x.invalid": Name or service not known'],
    ['1.2.3.4/40', 'Illegal netmask in "1.2.3.4/40". Must be smaller than address bit length.'],
    ['web.lan/40', 'Illegal netmask in "web.lan/40". Must be smaller than address bit length.'],
    ['1.2.3.4/x', 'Unable to split netmask from target expression: "1.2.3.4/x"'],
  ])('%s ends the run, since hosts that were to be spared would be scanned', async (excluded, message) => {
    const settings = { targets: ['10.0.0.1'], excluded: [excluded] }
    await expect(read(settings)).rejects.toThrow(new UsageError(message))
  })

  it.each(['10.0.0.300', 'fd00::/129', '[fd00::', 'six.lan/64', 'web.lan/100', ''])(
    '%j is refused',
    async (excluded) => {
      const settings = { targets: ['10.0.0.1'], excluded: [excluded] }
      await expect(read(settings)).rejects.toThrow(UsageError)
    },
  )

  it('of many octet ranges with gaps and millions of addresses are refused', async () => {
    const excluded = Array.from({ length: 65 }, (_, i) => `*.*.*.${i},${i + 2}`)
    expect((await read({ targets: ['10.0.0.200'], excluded: excluded.slice(1) })).told).toEqual([
      '10.0.0.200',
    ])
    await expect(read({ targets: ['10.0.0.1'], excluded })).rejects.toThrow(/large ranges of octets/)
  })

  it('are left out wherever a permutation puts them', async () => {
    const shuffle = (size: number) => createPermutation(size, 1)
    const settings = { targets: ['10.0.0.0/24'], excluded: ['10.0.0.0/25'], randomizeHosts: true }
    const left = (await read(settings, world(), shuffle)).told.filter((one) => one !== '-')
    expect(left).toHaveLength(128)
    expect(left.every((one) => Number(one.split('.')[3]) >= 128)).toBe(true)
  })
})

describe('the laws of excluded addresses', () => {
  const last = fc.integer({ min: 0, max: 255 })
  const range = fc.tuple(last, last).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))

  it('of IPv4 leave what a naive filter leaves', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(range, { minLength: 1, maxLength: 6 }), async (ranges) => {
        const excluded = ranges.map(({ from, to }) => `10.0.0.${from}-${to}`)
        const { told } = await read({ targets: ['10.0.0.0/24'], excluded })
        for (const [i, one] of told.entries()) {
          const isExcluded = ranges.some(({ from, to }) => i >= from && i <= to)
          expect(one).toBe(isExcluded ? '-' : `10.0.0.${i}`)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('of IPv6 leave what a naive filter leaves', async () => {
    const network = fc.record({ start: last, prefix: fc.integer({ min: 88, max: 128 }) })
    await fc.assert(
      fc.asyncProperty(fc.array(network, { minLength: 1, maxLength: 6 }), async (networks) => {
        const excluded = networks.map(({ start, prefix }) => `fd00::${start.toString(16)}/${prefix}`)
        const { told } = await read({ targets: ['fd00::/120'], excluded })
        for (const [i, one] of told.entries()) {
          const isIn = networks.some(({ start, prefix }) => {
            const size = 2 ** (128 - prefix)
            return Math.floor(start / size) === Math.floor(i / size)
          })
          expect(one === '-').toBe(isIn)
        }
      }),
      { numRuns: 100 },
    )
  })
})
