import { type ConnectRequest, createConnectPool, LocalFault, type Net, type PoolRequest } from '@portkit/core'
import { type Behaviour, type SimIo, simIo } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { openConnectGun } from '../src/guns/connect-gun.ts'
import type { Gun, GunHost, Hit } from '../src/guns/gun.ts'

const HOSTS: readonly GunHost[] = [
  { address: '10.0.0.2', family: 4 },
  { address: 'fe80::2%eth0', family: 6 },
]
const PORTS = Uint16Array.of(22, 80, 111, 137)
const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  '10.0.0.2:22': { does: 'accept', afterMs: 2 },
  '10.0.0.2:80': { does: 'icmp', afterMs: 1, type: 3, code: 13, from: '10.0.0.254' },
  '10.0.0.2:137': { does: 'drop' },
  '[fe80::2%eth0]:22': { does: 'icmp', afterMs: 1, type: 1, code: 4, from: 'fe80::2' },
  '[fe80::2%eth0]:80': { does: 'unreachable', code: 'EHOSTUNREACH', afterMs: 1 },
}

function gunIn(
  io: SimIo,
  more: { readonly mostAtOnce?: number; readonly net?: Pick<Net, 'connect' | 'pool'> } = {},
) {
  const group = { hosts: HOSTS, ports: PORTS }
  return openConnectGun({ net: io.net, clock: io.clock, group, request: {}, mostAtOnce: 1000, ...more })
}

const world = (ports: Readonly<Record<string, Behaviour>> = BEHAVIOURS): SimIo => simIo({ ports })
const never = new AbortController().signal
const nothing = (): never => expect.fail('nothing was to be told')

/** Collects until so many answers came; hits are copied, since they are valid during the call only. */
async function hear(gun: Gun, count: number): Promise<Hit[]> {
  const hits: Hit[] = []
  while (hits.length < count) {
    await gun.ready(1000, never)
    gun.collect((hit) => void hits.push({ ...hit }))
  }
  return hits
}

/** A net whose connections fail later, as those of node:net do, so many times. */
function failingLater(io: SimIo, code: string, times: number): Pick<Net, 'connect'> {
  let left = times
  return {
    connect(request: ConnectRequest) {
      if (left-- <= 0) return io.net.connect(request)
      const answer = io.clock.sleep(0.1).then(() => {
        throw new LocalFault(code, `failed: ${code}`)
      })
      return { answer, abandon: () => ({ syns: undefined }) }
    },
  }
}

describe('a gun of connections', () => {
  it('tells each answer with its place, pass, verdict and time', async () => {
    const gun = gunIn(world())
    for (const [host, port, pass] of [
      [0, 0, 0],
      [0, 1, 3],
      [0, 2, 15],
      [1, 0, 0],
      [1, 1, 1],
    ] as const) {
      expect(gun.fire(host, port, pass)).toBeUndefined()
    }
    expect([gun.flush(), gun.room()]).toEqual([0, 995])
    const hits = await hear(gun, 5)
    const told = Object.fromEntries(hits.map((hit) => [`${hit.host} ${hit.port} ${hit.pass}`, hit]))
    expect(told).toMatchObject({
      '0 0 0': { verdict: { state: 'open', reason: 'syn-ack' }, from: undefined, rttNs: 2e6 },
      '0 1 3': { verdict: { state: 'filtered', reason: 'admin-prohibited' }, from: '10.0.0.254' },
      '0 2 15': { verdict: { state: 'closed' }, from: undefined, rttNs: expect.any(Number) },
      '1 0 0': { verdict: { state: 'filtered', reason: 'port-unreach' }, from: undefined },
      '1 1 1': { verdict: { state: 'filtered', reason: 'host-unreach' }, rttNs: undefined },
    })
    expect([gun.room(), gun.dropped(), gun.fault()]).toEqual([1000, 0, undefined])
    gun.close()
    gun.close()
  })

  it('gives up what has waited long enough, and says how many', async () => {
    const io = world()
    const gun = gunIn(io)
    gun.fire(0, 3, 0)
    await io.clock.sleep(100)
    gun.fire(0, 3, 1)
    expect(gun.expire(101e6, nothing)).toBe(0)
    expect(gun.expire(100e6, nothing)).toBe(1)
    expect(gun.room()).toBe(999)
    expect(gun.expire(0, nothing)).toBe(1)
    gun.close()
    expect(io.net.open()).toBe(0)
  })

  it('counts it as given up when the system does so first', async () => {
    const io = world({ '10.0.0.2:137': { does: 'drop', givesUpAfterMs: 50 } })
    const gun = gunIn(io)
    gun.fire(0, 3, 0)
    await gun.ready(1000, never)
    expect(gun.collect(nothing)).toBe(0)
    expect([gun.room(), gun.expire(1e12, nothing)]).toEqual([1000, 1])
  })

  it('has no more under way than it may', async () => {
    const gun = gunIn(world(), { mostAtOnce: 2 })
    expect([0, 1, 2].map((port) => gun.fire(0, port, 0))).toEqual([undefined, undefined, 'full'])
    expect(gun.room()).toBe(0)
    await hear(gun, 2)
    expect([gun.room(), gun.fire(0, 2, 0)]).toEqual([2, undefined])
  })

  it('takes fewer from then on when files run out, and never fewer than one', () => {
    const gun = gunIn(
      world({ ...BEHAVIOURS, '10.0.0.2:111': { does: 'fault', code: 'EMFILE', message: 'full' } }),
    )
    for (let i = 0; i < 20; i++) gun.fire(0, 3, 0)
    expect(gun.fire(0, 2, 0)).toBe('full')
    expect(gun.room()).toBe(0)
    gun.expire(0, () => {})
    expect(gun.room()).toBe(18)
    expect(gun.fire(0, 3, 0)).toBeUndefined()
    expect(gun.fire(0, 2, 0)).toBe('full')
    gun.expire(0, () => {})
    expect([gun.room(), gun.fault()]).toEqual([1, undefined])
  })

  it('hands back what did not leave, as it turned out later', async () => {
    const io = world()
    const gun = gunIn(io, { net: failingLater(io, 'EMFILE', 2) })
    for (const port of [0, 1, 2]) expect(gun.fire(0, port, port)).toBeUndefined()
    const [hit] = await hear(gun, 1)
    expect(hit).toMatchObject({ port: 2, verdict: { state: 'closed' } })
    const back: string[] = []
    expect(gun.takeBack((...probe) => void back.push(probe.join(' ')))).toBe(2)
    expect(back).toEqual(['0 0 0', '0 1 1'])
    expect([gun.takeBack(nothing), gun.expire(0, nothing), gun.room()]).toEqual([0, 0, 1])
    expect(gun.fire(0, 0, 0)).toBeUndefined()
    expect(await hear(gun, 1)).toMatchObject([{ port: 0, verdict: { state: 'open' } }])
  })

  it('rests when not even one goes, and fails for good after some seconds of that', async () => {
    const io = world({ '10.0.0.2:22': { does: 'fault', code: 'EMFILE', message: 'too many open files' } })
    const gun = gunIn(io)
    expect(gun.fire(0, 0, 0)).toBe('full')
    expect([gun.room(), gun.fire(0, 0, 0), io.net.attempts.length]).toEqual([0, 'full', 1])
    for (let i = 0; i < 400; i++) {
      await gun.ready(10, never)
      expect(gun.fire(0, 0, 0)).toBe('full')
    }
    await io.clock.sleep(2000)
    expect(gun.fire(0, 0, 0)).toMatchObject({ code: 'EMFILE' })
    expect(gun.fault()).toMatchObject({ code: 'EMFILE' })
  })

  it('does not fail when files were short for a while only', async () => {
    const short = { does: 'fault', code: 'ENFILE', message: 'too many open files' } as const
    const io = simIo({ ports: { '10.0.0.2:22': [short, short, { does: 'refuse', afterMs: 1 }, short] } })
    const gun = gunIn(io)
    expect(gun.fire(0, 0, 0)).toBe('full')
    await io.clock.sleep(4000)
    expect(gun.fire(0, 0, 0)).toBe('full')
    await io.clock.sleep(500)
    expect(gun.fire(0, 0, 0)).toBeUndefined()
    await hear(gun, 1)
    await io.clock.sleep(4000)
    expect([gun.fire(0, 0, 0), gun.fault()]).toEqual(['full', undefined])
  })

  it.each([
    ['no address to leave by', 'EADDRNOTAVAIL'],
    ['a firewall here', 'EPERM'],
  ])('says at once that a probe cannot be sent: %s', async (_, code) => {
    const gun = gunIn(world({ ...BEHAVIOURS, '10.0.0.2:22': { does: 'fault', code, message: 'no' } }))
    expect(gun.fire(0, 0, 0)).toMatchObject({ code })
    expect([gun.room(), gun.fault(), gun.fire(0, 2, 0)]).toEqual([1000, undefined, undefined])
    expect(await hear(gun, 1)).toMatchObject([{ port: 2 }])
  })

  it('says of a probe that cannot be sent when it turns out later', async () => {
    const io = world()
    const gun = gunIn(io, { net: failingLater(io, 'EPERM', 1) })
    gun.fire(0, 2, 7)
    await gun.ready(1000, never)
    expect(gun.collect(nothing)).toBe(0)
    const told: unknown[] = []
    expect(gun.flush((host, port, pass, { code }) => void told.push([host, port, pass, code]))).toBe(0)
    expect(told).toEqual([[0, 2, 7, 'EPERM']])
    expect([gun.flush(nothing), gun.takeBack(nothing), gun.room()]).toEqual([0, 0, 1000])
  })

  it('says of a probe that could not be sent when there is no way any more to a host that had answered', async () => {
    const ports = {
      '10.0.0.2:22': { does: 'unreachable', code: 'ENETUNREACH', afterMs: 1 },
      '10.0.0.2:80': { does: 'refuse', afterMs: 1 },
      '10.0.0.2:111': { does: 'unreachable', code: 'ENETUNREACH', afterMs: 1 },
    } as const
    const io = world(ports)
    const pool = (request: PoolRequest) => createConnectPool({ connect: io.net.connect }, io.clock, request)
    const gun = gunIn(io, { net: { connect: io.net.connect, pool } })
    gun.fire(0, 0, 0)
    expect(await hear(gun, 1)).toMatchObject([{ verdict: { state: 'filtered', reason: 'net-unreach' } }])
    gun.fire(0, 1, 0)
    await hear(gun, 1)
    gun.fire(0, 2, 0)
    await gun.ready(1000, never)
    expect(gun.collect(nothing)).toBe(0)
    const told: unknown[] = []
    await gun.flush(
      (host, port, pass, { code, message }) => void told.push([host, port, pass, code, message]),
    )
    expect(told).toEqual([
      [0, 2, 0, 'ENETUNREACH', 'connect to 10.0.0.2: network is unreachable: this machine has no way there'],
    ])
  })

  it('takes source ports that ran out on the way for something that passes', async () => {
    const ports = { '10.0.0.2:22': { does: 'refuse', afterMs: 1 }, '10.0.0.2:80': { does: 'drop' } } as const
    const spent = { does: 'fault', code: 'EADDRNOTAVAIL', message: 'none left' } as const
    const gun = gunIn(world({ ...ports, '10.0.0.2:111': spent }))
    gun.fire(0, 0, 0)
    await hear(gun, 1)
    gun.fire(0, 1, 0)
    expect([gun.fire(0, 2, 0), gun.fault()]).toEqual(['full', undefined])
  })

  it('knows that EACCES after a while is how IPv6 says admin-prohibited without the kernel’s own words', async () => {
    const io = world()
    const gun = gunIn(io, { net: failingLater(io, 'EACCES', 1) })
    gun.fire(0, 2, 0)
    const verdict = { state: 'filtered', reason: 'admin-prohibited' }
    expect(await hear(gun, 1)).toMatchObject([{ port: 2, verdict, from: undefined, rttNs: undefined }])
  })

  it('refuses places that are not in the group', () => {
    const gun = gunIn(world())
    expect(() => gun.fire(2, 0, 0)).toThrow(RangeError)
    expect(() => gun.fire(0, 4, 0)).toThrow(RangeError)
    expect(gun.room()).toBe(1000)
  })

  it('keeps thousands of probes apart', async () => {
    const io = world()
    const gun = openConnectGun({
      ...{ net: io.net, clock: io.clock, request: {}, mostAtOnce: 10_000 },
      group: { hosts: HOSTS, ports: Uint16Array.from({ length: 2000 }, (_, i) => i + 1000) },
    })
    for (let i = 0; i < 4000; i++) expect(gun.fire(i % 2, i >> 1, i % 16)).toBeUndefined()
    const hits = await hear(gun, 4000)
    expect(new Set(hits.map(({ host, port, pass }) => [host, port, pass].join())).size).toBe(4000)
    expect(hits.filter(({ host, port, pass }) => pass !== (port * 2 + host) % 16)).toEqual([])
  })
})
