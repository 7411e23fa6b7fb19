import { LocalFault, parseTargetSpec, UsageError } from '@portkit/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPermutation } from '../src/spread/permutation.ts'
import { read, world } from './target-list-kit.ts'

const NONE = 'WARNING: No targets were specified, so 0 hosts scanned.'

describe('a list of targets', () => {
  it.each<[string, readonly string[]]>([
    ['10.0.0.1', ['10.0.0.1']],
    ['10.0.0.1 10.0.0.1', ['10.0.0.1', '10.0.0.1']],
    ['fd00::2 10.0.0.1 [fd00::1]', ['fd00::2', '10.0.0.1', 'fd00::1']],
    ['10.0.0.3/31 10.0.0.1', ['10.0.0.2', '10.0.0.3', '10.0.0.1']],
    ['10.0.0.254- 10.0.0.-1', ['10.0.0.254', '10.0.0.255', '10.0.0.0', '10.0.0.1']],
    ['10.0.0.3,1,1', ['10.0.0.1', '10.0.0.3']],
    ['10.0.0.1/032', ['10.0.0.1']],
    ['fd00::fffe/127', ['fd00::fffe', 'fd00::ffff']],
    ['::ffff:10.0.0.1 ::ffff:10.0.0.2/127', ['10.0.0.1', '10.0.0.2', '10.0.0.3']],
    ['fe80::1%eth0', ['fe80::1%eth0']],
    ['web.lan', ['web.lan=10.0.0.5']],
    ['web.lan/31', ['10.0.0.4', 'web.lan=10.0.0.5']],
    ['six.lan/127', ['fd00::8', 'six.lan=fd00::9']],
    ['255.255.255.255 0.0.0.0', ['255.255.255.255', '0.0.0.0']],
  ])('%s is these, in this order', async (targets, told) => {
    expect(await read(targets)).toMatchObject({ told, warnings: [] })
  })

  it('has the first address of a name, of IPv4 where it has one, and tells the others, or has all', async () => {
    const { list, told } = await read('dual.lan')
    expect(list.at(0)).toEqual({
      address: '10.0.0.7',
      family: 4,
      name: 'dual.lan',
      otherAddresses: ['10.0.0.8', 'fd00::7'],
    })
    expect(told).toHaveLength(1)
    const all = await read({ targets: ['dual.lan'], allAddresses: true })
    expect(all.told).toEqual(['dual.lan=10.0.0.7', 'dual.lan=fd00::7', 'dual.lan=10.0.0.8'])
    expect(all.list.at(0)?.otherAddresses).toEqual([])
    const sixFirst = world({ hosts: { 'dual.lan': ['fd00::7', '10.0.0.7'] } })
    expect((await read('dual.lan', sixFirst)).told).toEqual(['dual.lan=10.0.0.7'])
    expect((await read({ targets: ['dual.lan'], family: 6 })).told).toEqual(['dual.lan=fd00::7'])
  })

  it.each<[string, readonly string[], readonly string[]]>([
    ['no.such.host.invalid', [], ['Failed to resolve "no.such.host.invalid".', NONE]],
    ['no.lan no.lan 10.0.0.1', ['10.0.0.1'], ['Failed to resolve "no.lan".']],
    ['no.lan/24 10.0.0.1', ['10.0.0.1'], ['Failed to resolve "no.lan".']],
    ['10.77.0.2/33', ['10.77.0.2'], ['Illegal netmask in "10.77.0.2/33". Assuming /32 (one host)']],
    ['web.lan/64', ['web.lan=10.0.0.5'], ['Illegal netmask in "web.lan/64". Assuming /32 (one host)']],
    ['six.lan/64', ['six.lan=fd00::9'], ['Illegal netmask in "six.lan/64". Assuming /32 (one host)']],
    ['web.lan/100', ['web.lan=10.0.0.5'], ['Illegal netmask in "web.lan/100". Assuming /32 (one host)']],
    ['fd00::1/129', ['fd00::1'], ['Illegal netmask in "fd00::1/129". Assuming /128 (one host)']],
    ['10.0.0.1/x', [], ['Unable to split netmask from target expression: "10.0.0.1/x"', NONE]],
    ['10.0.0.1/', [], ['Unable to split netmask from target expression: "10.0.0.1/"', NONE]],
    ['10.0.0.1/8/8', [], ['Unable to split netmask from target expression: "10.0.0.1/8/8"', NONE]],
  ])('of %s warns as nmap does and goes on', async (targets, told, warnings) => {
    expect(await read(targets)).toMatchObject({ told, warnings })
  })

  it.each(['10.0.0.300', '10.0.0.2-1', '*.*', '', 'a_!b', 'fd00::/64', '[::1', '10.0.0.*/30'])(
    'tells why %j is no target',
    async (target) => {
      const { told, warnings } = await read({ targets: [target] })
      expect(told).toEqual([])
      expect(warnings).toHaveLength(2)
      expect(warnings[0]).toMatch(/^Failed to resolve "[^"]*"\. {2}\S/)
    },
  )

  it('is empty without targets, with a warning', async () => {
    const { list, warnings } = await read({})
    expect(warnings).toEqual([NONE])
    expect(list.size).toBe(0)
    expect(() => list.at(0)).toThrow(RangeError)
  })

  it('takes no memory for networks, and every address has its place', async () => {
    const { list } = await read('10.0.0.0/8 0.0.0.0/0 fd00::/96 *.*.*.1')
    expect(list.size).toBe(2 ** 24 + 2 ** 32 + 2 ** 32 + 2 ** 24)
    expect(list.at(2 ** 24 - 1)?.address).toBe('10.255.255.255')
    expect(list.at(2 ** 24)?.address).toBe('0.0.0.0')
    expect(list.at(2 ** 24 + 2 ** 32)?.address).toBe('fd00::')
    expect(list.at(list.size - 1)?.address).toBe('255.255.255.1')
    for (const place of [-1, list.size, 0.5, Number.NaN]) expect(() => list.at(place)).toThrow(RangeError)
  })

  it('is put in another order, with each place once, when that is wanted', async () => {
    const targets = ['10.0.0.0/28', 'fd00::/125']
    const shuffle = (size: number) => createPermutation(size, 42)
    const plain = await read({ targets }, world(), shuffle)
    const shuffled = await read({ targets, randomizeHosts: true }, world(), shuffle)
    expect(plain.told[0]).toBe('10.0.0.0')
    expect(shuffled.told).not.toEqual(plain.told)
    expect([...shuffled.told].sort()).toEqual([...plain.told].sort())
  })

  it('is left as far as it was when the run is interrupted', async () => {
    const io = world()
    io.interrupt()
    expect((await read('web.lan 10.0.0.1', io)).told).toEqual(['10.0.0.1'])
  })
})

describe('a file of targets', () => {
  const file = '10.0.0.1 10.0.0.2 # c 10.9.9.9\n#10.0.0.3\r\n10.0.0.4/31\tno.lan 10.0.0.5#x\nweb.lan'
  const told = ['10.0.0.1', '10.0.0.2', '10.0.0.4', '10.0.0.5', '10.0.0.5', 'web.lan=10.0.0.5']

  it('has words with white space between, and comments', async () => {
    const seen = await read({ inputFile: 'l' }, world({ files: { l: file } }))
    expect(seen).toMatchObject({ told, warnings: ['Failed to resolve "no.lan".'] })
  })

  it('may be standard input, and comes after the command line', async () => {
    const io = world({ stdin: [{ write: file.slice(0, 13) }, { write: file.slice(13) }] })
    const seen = await io.runUntilIdle(read({ inputFile: '-', targets: ['10.0.0.9'] }, io))
    expect(seen).toMatchObject({ told: ['10.0.0.9', ...told] })
  })

  it('keeps four octets for each plain address', async () => {
    const addresses = Array.from({ length: 100_000 }, (_, i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`)
    const { list } = await read({ inputFile: 'l' }, world({ files: { l: addresses.join('\n') } }))
    expect(list.size).toBe(100_000)
    expect(addresses.findIndex((address, place) => list.at(place)?.address !== address)).toBe(-1)
  })

  it.each([
    [{ inputFile: '/no' }, 'Failed to open input file /no for reading: No such file or directory (2)'],
    [{ excludeFile: '/no' }, 'Failed to open exclude file /no for reading: No such file or directory (2)'],
    [{ inputFile: '/shut' }, 'Failed to open input file /shut for reading: Permission denied (13)'],
  ])('that cannot be read is told as nmap does: %j', async (settings, message) => {
    const io = world({ unreadable: { '/shut': 'EACCES' } })
    await expect(read(settings, io)).rejects.toThrow(message)
    await expect(read(settings, io)).rejects.toBeInstanceOf(LocalFault)
  })

  it.each([
    ['a'.repeat(1024), 'One of the host specifications from your input file is too long (>= 1024 chars)'],
    ['#'.repeat(2 ** 24 + 1), 'The input file l is too large (more than 16777216 octets)'],
    ['a.lan '.repeat(2 ** 18 + 1), 'more than 262144 names and networks as targets'],
  ])('that is more than can be meant is refused', async (text, message) => {
    const io = world({ files: { l: text } })
    await expect(read({ inputFile: 'l' }, io)).rejects.toThrow(new UsageError(message))
  })
})

describe('the laws of target lists', () => {
  it('the host at a place is the one that a walk over all targets finds there', async () => {
    const octet = fc.integer({ min: 0, max: 255 })
    const address = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.'))
    const target = fc.oneof(
      address,
      fc.tuple(address, fc.integer({ min: 26, max: 32 })).map(([one, prefix]) => `${one}/${prefix}`),
      fc.tuple(fc.ipV6(), fc.integer({ min: 122, max: 128 })).map(([one, prefix]) => `${one}/${prefix}`),
      fc.tuple(octet, octet).map(([a, b]) => `10.${Math.min(a, b)},${Math.max(a, b)}.0.${a}`),
    )
    const targets = fc.array(target, { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(targets, async (targets) => {
        const wanted = targets.flatMap((text) => {
          const range = parseTargetSpec(text)
          return range.kind === 'addresses' ? [...range.addresses()].map((one) => one.address) : []
        })
        const { told } = await read({ targets })
        expect(told).toEqual(wanted.map((one) => one.replace(/^::ffff:(?=.*\.)/, '')))
      }),
      { numRuns: 100 },
    )
  })
})
