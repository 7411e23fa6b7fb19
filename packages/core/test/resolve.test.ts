import { describe, expect, it } from 'vitest'
import { nodeClock } from '../src/io/node/node-clock.ts'
import { nodeResolver } from '../src/io/node/node-resolver.ts'
import { ResolveError, UsageError } from '../src/model/errors.ts'
import type { Family } from '../src/model/target.ts'
import { resolveHost, resolveTargets } from '../src/run/resolve.ts'

interface Names {
  readonly [name: string]: readonly string[]
}

/** A name server on a clock of its own: every lookup takes 5 ms and is written down. */
function world(names: Names) {
  const asked: string[] = []
  let nowNs = 1000
  let open = 0
  let mostOpen = 0
  return {
    asked,
    mostOpen: () => mostOpen,
    clock: { ...nodeClock, nowNs: () => nowNs },
    dns: {
      async lookup(host: string, family?: Family) {
        asked.push(family === undefined ? host : `${host} ${family}`)
        open += 1
        mostOpen = Math.max(mostOpen, open)
        await new Promise((resolve) => setImmediate(resolve))
        nowNs += 5e6
        open -= 1
        const addresses = names[host]
        if (addresses === undefined) throw new ResolveError(host, 'ENOTFOUND', 'Name or service not known')
        return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }) as const)
      },
    },
  }
}

const spec = (host: string, ...ports: number[]) => ({ host, ports })
const faultOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'none',
    (error: unknown) => error,
  )

describe('resolving', () => {
  it("knows all addresses of a name in the system's order and aims at the first", async () => {
    const io = world({ 'db.lan': ['2001:db8::1', '10.0.0.2', '10.0.0.3'] })
    expect(await resolveTargets([spec('db.lan', 22, 80)], io)).toEqual([
      {
        host: 'db.lan',
        addresses: [
          { address: '2001:db8::1', family: 6 },
          { address: '10.0.0.2', family: 4 },
          { address: '10.0.0.3', family: 4 },
        ],
        lookupNs: 5e6,
        targets: [
          { host: 'db.lan', address: '2001:db8::1', family: 6, port: 22, transport: 'tcp' },
          { host: 'db.lan', address: '2001:db8::1', family: 6, port: 80, transport: 'tcp' },
        ],
      },
    ])
  })

  it.each<[string, string, Family]>([
    ['10.0.0.2', '10.0.0.2', 4],
    ['2001:DB8:0::1', '2001:db8::1', 6],
    ['fe80::1%eth0', 'fe80::1%eth0', 6],
    ['::ffff:10.0.0.2', '10.0.0.2', 4],
  ])('never asks for the literal %s', async (host, address, family) => {
    const io = world({})
    const [resolved] = await resolveTargets([spec(host, 22)], io, { transport: 'udp' })
    expect(resolved).toEqual({
      host,
      addresses: [{ address, family }],
      lookupNs: undefined,
      targets: [{ host, address, family, port: 22, transport: 'udp' }],
    })
    expect(io.asked).toEqual([])
  })

  it('asks once for a host however often it is mentioned', async () => {
    const io = world({ a: ['10.0.0.1'], b: ['10.0.0.2'] })
    const resolved = await resolveTargets([spec('a', 22), spec('b', 80), spec('a', 443)], io)
    expect(io.asked).toEqual(['a', 'b'])
    expect(resolved.map(({ targets }) => targets.map(({ address, port }) => `${address} ${port}`))).toEqual([
      ['10.0.0.1 22'],
      ['10.0.0.2 80'],
      ['10.0.0.1 443'],
    ])
  })

  it('asks for the one family that is wanted and takes no other', async () => {
    const io = world({ a: ['10.0.0.1', '2001:db8::1', '::ffff:10.0.0.9'] })
    expect((await resolveHost('a', io, 6)).addresses).toEqual([{ address: '2001:db8::1', family: 6 }])
    expect((await resolveHost('a', io, 4)).addresses.map(({ address }) => address)).toEqual([
      '10.0.0.1',
      '10.0.0.9',
    ])
    expect(io.asked).toEqual(['a 6', 'a 4'])
  })

  it('keeps each address once, in its canonical form, and nothing that is no address', async () => {
    const io = world({ a: ['2001:DB8::0:1', '2001:db8::1', '10.0.0.1', '::ffff:10.0.0.1', 'evil\u001b', ''] })
    expect((await resolveHost('a', io)).addresses.map(({ address }) => address)).toEqual([
      '2001:db8::1',
      '10.0.0.1',
    ])
  })

  it('asks for a name beyond ASCII by its ASCII form and reports it as typed', async () => {
    const io = world({ 'xn--bcher-kva.example': ['10.0.0.1'] })
    expect((await resolveTargets([spec('bücher.example', 80)], io))[0]?.targets[0]).toMatchObject({
      host: 'bücher.example',
      address: '10.0.0.1',
    })
    expect(await faultOf(resolveHost('bücher.invalid', io))).toEqual(
      expect.objectContaining({
        name: 'ResolveError',
        host: 'bücher.invalid',
        message: 'Name or service not known',
      }),
    )
  })

  it('gives the zone of a name to its link-local addresses and leaves the others out', async () => {
    const io = world({ p: ['10.0.0.1', 'fe80::1', 'fe80::2%9', '2001:db8::1'] })
    expect((await resolveHost('p%eth0', io)).addresses.map(({ address }) => address)).toEqual([
      'fe80::1%eth0',
      'fe80::2%eth0',
    ])
    expect(io.asked).toEqual(['p'])
  })

  it.each([
    ['none', 'Name or service not known'],
    ['empty', 'No address associated with hostname'],
    ['plain%eth0', 'No link-local IPv6 address that the zone could belong to'],
  ])('fails for %s: %s', async (host, message) => {
    const io = world({ empty: [], plain: ['10.0.0.1'] })
    const fault = await faultOf(resolveTargets([spec(host, 22)], io))
    expect(fault).toBeInstanceOf(ResolveError)
    expect(fault).toMatchObject({ host, message })
  })

  it.each<[string, Family, string]>([
    ['::1', 4, "not an IPv4 address: '::1' (-4 was given)"],
    ['10.0.0.1', 6, "not an IPv6 address: '10.0.0.1' (-6 was given)"],
    ['::ffff:10.0.0.1', 6, "not an IPv6 address: '::ffff:10.0.0.1' (-6 was given)"],
  ])('refuses %s for family %i before anything is looked up', async (host, family, message) => {
    const io = world({ a: ['10.0.0.1'] })
    const fault = await faultOf(resolveTargets([spec('a', 22), spec(host, 22)], io, { family }))
    expect(fault).toEqual(new UsageError(message))
    expect(await faultOf(resolveHost(host, io, family))).toEqual(new UsageError(message))
    expect(io.asked).toEqual([])
  })

  it('looks up four names at once and not more', async () => {
    const hosts = Array.from({ length: 20 }, (_, i) => `h${i}`)
    const io = world(Object.fromEntries(hosts.map((host) => [host, ['10.0.0.1']])))
    await resolveTargets(
      hosts.map((host) => spec(host, 22)),
      io,
    )
    expect(io.mostOpen()).toBe(4)
    expect(io.asked).toEqual(hosts)
  })

  it('names the first of several unknown hosts and asks for no more after it', async () => {
    const hosts = Array.from({ length: 20 }, (_, i) => `h${i}`)
    const io = world({ h0: ['10.0.0.1'] })
    expect(
      await faultOf(
        resolveTargets(
          hosts.map((host) => spec(host, 22)),
          io,
        ),
      ),
    ).toMatchObject({ host: 'h1' })
    expect(io.asked.length).toBeLessThan(8)
  })

  it('passes on what is no failure of the name', async () => {
    const broken = new TypeError('broken')
    const io = { ...world({}), dns: { lookup: () => Promise.reject(broken) } }
    expect(await faultOf(resolveHost('a', io))).toBe(broken)
  })

  it('finds localhost on this machine, with the time that it took', async () => {
    const [found] = await resolveTargets([spec('localhost', 22)], { dns: nodeResolver, clock: nodeClock })
    expect(['127.0.0.1', '::1']).toContain(found?.targets[0]?.address)
    expect(found?.lookupNs).toBeGreaterThan(0)
  })
})
