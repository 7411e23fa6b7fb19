import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HERE, OPEN, openChannel, seenBy, segment, sending, THERE, world } from './sim-packets-kit.ts'

const DEPARTURES = { departures: true } as const

describe('this machine', () => {
  it.each([
    ['has no route', { routes: { [THERE]: 'ENETUNREACH' } }, 'ENETUNREACH'],
    ['forbids it', { routes: { [THERE]: 'EACCES' } }, 'EACCES'],
    ['has a firewall', { link: { failures: [{ packet: 0, does: 'fault', code: 'EPERM' }] } }, 'EPERM'],
    ['has lost its link', { link: { downAtMs: 0 } }, 'ENETDOWN'],
    [
      'fails at a port',
      { ports: { '10.0.0.2:22': { does: 'fault', code: 'ENOMEM', message: 'none' } } },
      'ENOMEM',
    ],
  ] as const)('cannot send when it %s', async (_, more, code) => {
    const io = world(more)
    const channel = await openChannel(io)
    expect(await channel.send([segment()])).toMatchObject({ sent: 0, fault: { code } })
    expect(io.wire).toEqual([])
  })

  it('leaves out the one packet that cannot be sent', async () => {
    const io = world({ link: { failures: [{ packet: 1, does: 'fault', code: 'EPERM' }] } })
    const channel = await openChannel(io)
    const probes = [segment(), segment(), segment()]
    expect(await channel.send(probes)).toMatchObject({ sent: 1, fault: { code: 'EPERM' } })
    expect(await channel.send(probes.slice(2))).toEqual({ sent: 1, fault: undefined })
  })

  it('has no room for some time', async () => {
    const io = world({ link: { failures: [{ packet: 1, does: 'no-room', forMs: 2 }] } })
    const channel = await openChannel(io)
    expect(await channel.send([segment(), segment()])).toEqual({ sent: 1, fault: undefined })
    await io.clock.sleep(1)
    expect(await channel.send([segment()])).toEqual({ sent: 0, fault: undefined })
    await io.clock.sleep(1)
    expect(await channel.send([segment()])).toEqual({ sent: 1, fault: undefined })
  })

  it('loses its link while a channel waits: the wait ends, the fault stays, nothing comes any more', async () => {
    const io = world({ link: { downAtMs: 5 }, mischief: { [THERE]: { lateMs: 10 } } })
    const channel = await openChannel(io)
    await channel.send([segment()])
    expect(channel.fault()).toBeUndefined()
    await channel.ready(new AbortController().signal)
    expect(io.clock.nowNs()).toBe(5e6)
    expect(channel.fault()).toMatchObject({ code: 'ENETDOWN' })
    expect(await seenBy(io, channel)).toEqual([])
  })

  it('drops what does not fit into the buffer, and counts it', async () => {
    const io = world({ link: { buffer: 3 } })
    const channel = await openChannel(io)
    await channel.send(Array.from({ length: 5 }, () => segment()))
    expect(await seenBy(io, channel)).toHaveLength(3)
    expect(channel.dropped()).toBe(2)
  })

  it('tells that the wall clock was set by another era', async () => {
    const io = world({ link: { wallSteps: [{ atMs: 0.1, byMs: 3_600_000 }] } })
    const channel = await openChannel(io, DEPARTURES)
    const before = channel.wallOffsetNs()
    await channel.send([segment()])
    expect((await seenBy(io, channel)).map(({ era }) => era)).toEqual([0, 1])
    expect(channel.wallOffsetNs() - before).toBe(3_600_000_000_000n)
  })

  it.each([
    [{ packetAccess: false }, 'auto', 'EPERM'],
    [{ root: false }, 'kernel', 'EPERM'],
    [{ packetAccess: 'raw-socket' }, 'kernel', 'ENOTSUP'],
    [{ packetAccess: 'raw-socket' }, 'auto', undefined],
    [{ packetAccess: 'kernel', root: false }, 'auto', undefined],
  ] as const)('with %j and the backend %s has the obstacle %s', async (more, backend, code) => {
    const { packets } = world(more)
    expect((await packets.obstacle(backend))?.code).toBe(code)
    const opening = packets.open({ backend, interests: [], families: [4], departures: true, snapLength: 64 })
    if (code !== undefined) return await expect(opening).rejects.toMatchObject({ name: 'LocalFault', code })
    const channel = await opening
    expect(channel.clock).toBe(channel.backend === 'kernel' ? 'packet' : 'process')
    channel.close()
    expect(packets.channels()).toBe(0)
  })

  it('shows a packet during the call only', async () => {
    const io = world()
    const channel = await openChannel(io)
    await channel.send([segment()])
    await io.runUntilIdle(new Promise(() => {}))
    let kept = new Uint8Array()
    channel.drain(({ octets }) => {
      kept = octets as Uint8Array<ArrayBuffer>
      expect(octets).toContain(0x45)
    })
    expect(new Set(kept)).toEqual(new Set([0xa5]))
  })

  it('has nothing against any octets that it is to send', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), fc.nat(2), async (octets, index) => {
        const io = world()
        const channel = await openChannel(io, DEPARTURES)
        const { sent, fault } = await channel.send([sending(octets, index)])
        expect(sent === 1).toBe(fault === undefined)
      }),
    ))

  it('survives any change of a packet that it is to send, and whatever comes back', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(39), fc.nat(255), async (at, octet) => {
        const io = world()
        const channel = await openChannel(io, DEPARTURES)
        const probe = segment()
        probe.octets[at] = octet
        await channel.send([probe])
        expect((await seenBy(io, channel)).length).toBeLessThanOrEqual(3)
      }),
      { numRuns: 50 },
    ))
})

describe('routes', () => {
  const way = {}
  it('tell source, interface and gateway', async () => {
    const { packets } = world({
      addresses: [HERE, '10.9.0.1', 'fd00::1', 'fe80::1'],
      hops: { '10.5.0.1': [{ address: '10.0.0.254' }] },
    })
    const eth0 = { interfaceName: 'eth0', interfaceIndex: 2 }
    expect(await packets.route({ address: '10.5.0.1', family: 4 }, way)).toEqual({
      ...eth0,
      family: 4,
      source: HERE,
      destination: '10.5.0.1',
      gateway: '10.0.0.254',
      hardwareAddress: Uint8Array.of(2, 0, 10, 0, 0, 1),
      mtu: 1500,
    })
    const other = await packets.route({ address: THERE, family: 4 }, { sourceAddress: '10.9.0.1' })
    expect(other).toMatchObject({ source: '10.9.0.1', gateway: undefined })
    const local = await packets.route({ address: 'fe80::2%eth0', family: 6 }, way)
    expect(local).toMatchObject({ ...eth0, source: 'fe80::1', destination: 'fe80::2' })
    const six = await packets.route({ address: 'fd00::2', family: 6 }, way)
    expect(six.source).toBe('fd00::1')
    const home = await packets.route({ address: '127.0.0.2', family: 4 }, way)
    expect(home).toMatchObject({ interfaceName: 'lo', source: '127.0.0.1', hardwareAddress: undefined })
  })

  it.each([
    ['to a forbidden address', THERE, way, 'EACCES'],
    ['without an address of that family', 'fd00::2', way, 'ENETUNREACH'],
    ['by an interface that is not there', '10.0.0.3', { interfaceName: 'eth9' }, 'ENODEV'],
    ['from an address of somebody else', '10.0.0.3', { sourceAddress: '10.0.0.77' }, 'EADDRNOTAVAIL'],
    ['by loopback to the world', '10.0.0.3', { interfaceName: 'lo' }, 'ENETUNREACH'],
  ] as const)('do not lead %s', async (_, address, more, code) => {
    const { packets } = world({ routes: { [THERE]: 'EACCES' } })
    const route = packets.route({ address, family: address.includes(':') ? 6 : 4 }, more)
    await expect(route).rejects.toMatchObject({ name: 'LocalFault', code })
  })

  it('tell less without system calls', async () => {
    const { packets } = world({ packetAccess: 'raw-socket' })
    const route = await packets.route({ address: THERE, family: 4 }, way)
    expect(route).toMatchObject({ source: HERE, interfaceName: undefined, interfaceIndex: 0 })
  })
})

it('random numbers are the same for the same seed, and others for another', () => {
  const drawn = (seed: number) => {
    const io = world({ seed })
    return Array.from({ length: 1000 }, () => io.random())
  }
  expect(drawn(1)).toEqual(drawn(1))
  expect(drawn(2)).not.toEqual(drawn(1))
  expect(new Set(drawn(3)).size).toBe(1000)
  for (const number of drawn(4)) expect(number).toBe(number >>> 0)
})

it('one world is as the other, to the octet', async () => {
  const wire = async () => {
    const io = world({ ports: { '10.0.0.2:22': OPEN } })
    const channel = await openChannel(io)
    await channel.send([segment(), segment({ port: 111 })])
    await seenBy(io, channel)
    return io.wire
  }
  expect(await wire()).toEqual(await wire())
})
