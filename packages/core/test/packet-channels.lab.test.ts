import { describeLab, PORTS } from '@portkit/lab/vitest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nodeClock } from '../src/io/node/node-clock.ts'
import type { PacketBackend } from '../src/io/packets.ts'
import { createPackets } from '../src/io/packets-io.ts'
import { loadRawSocket } from '../src/io/raw-socket/raw-socket-package.ts'
import { udpRoute } from '../src/io/raw-socket/route.ts'
import { enter } from './namespace-kit.ts'
import { type ChannelTraits, type ChannelWorld, describePacketChannel } from './packet-channel-contract.ts'
import { gather, synTo, tcpInterest } from './packet-kit.ts'

const TRAITS = {
  kernel: { departures: true, rebuilt: [], arp: true },
  'raw-socket': { departures: false, rebuilt: [6], arp: false },
} as const satisfies Record<PacketBackend, ChannelTraits>

describeLab('packet channels', {}, (lab) => {
  const packets = createPackets(nodeClock)
  const pairs = [
    { local: lab.probe.address4, remote: lab.target.address4 },
    { local: lab.probe.address6, remote: lab.target.address6 },
  ] as const
  let leave: () => void
  beforeAll(() => {
    leave = enter(lab.namespace('probe'))
  })
  afterAll(() => leave?.())

  const world = (backend: PacketBackend): ChannelWorld => ({
    clock: nodeClock,
    open: (request) => packets.open({ ...request, backend }),
    pairs,
    ports: {
      open: PORTS.open.port,
      closed: PORTS.closed.port,
      stealth: PORTS.stealth.port,
      rejecting: PORTS.portUnreachable.port,
    },
  })
  describePacketChannel('system calls', world('kernel'), TRAITS.kernel)

  const describeWay = (backend: PacketBackend): void => {
    it.each(['127.0.0.1', '::1'])('hears an answer of this machine itself, %s', async (own) => {
      const request = { interests: [tcpInterest(40_000, 40_999)], snapLength: 1500, departures: false }
      const channel = await packets.open({ ...request, backend, families: [own.includes(':') ? 6 : 4] })
      await channel.send([synTo({ local: own, remote: own }, 40_000, PORTS.closed.port)])
      const sights = await gather(channel, (some) => some.length > 0)
      channel.close()
      expect(sights).toMatchObject([{ what: `RA ${PORTS.closed.port}>40000`, source: own, destination: own }])
    })

    it('hears on the interface that it was given only', async () => {
      const request = { interests: [tcpInterest(40_000, 40_999)], snapLength: 1500, departures: false }
      const open = (interfaceName: string) =>
        packets.open({ ...request, backend, families: [4], interfaceName })
      const [on, off] = [await open('lab0'), await open('lo')]
      await on.send([synTo(pairs[0], 40_000, PORTS.closed.port)])
      await gather(on, (some) => some.length > 0)
      expect(off.drain(() => {})).toBe(0)
      on.close()
      off.close()
    })
  }
  describe('system calls', () => describeWay('kernel'))

  const loaded = loadRawSocket()
  const why = loaded.kind === 'missing' ? ` (skipped: ${loaded.why})` : ''
  describe.skipIf(why !== '')(`the package raw-socket${why}`, () => {
    describePacketChannel('raw-socket', world('raw-socket'), TRAITS['raw-socket'])
    describeWay('raw-socket')

    it('tells which of several own IPv6 addresses an answer was for', async () => {
      const other = 'fd78::5'
      await lab.exec('ip', ['address', 'add', `${other}/64`, 'dev', 'lab0', 'nodad'])
      const request = { families: [6], interests: [tcpInterest(40_000, 40_999)], snapLength: 1500 } as const
      const channel = await packets.open({ ...request, backend: 'raw-socket', departures: false })
      const sources = [lab.probe.address6, other, lab.probe.address6, other]
      const remote = lab.target.address6
      await channel.send(sources.map((local, i) => synTo({ local, remote }, 40_000 + i, PORTS.closed.port)))
      const sights = await gather(channel, (some) => some.length >= 4)
      channel.close()
      await lab.exec('ip', ['address', 'del', `${other}/64`, 'dev', 'lab0'])
      expect(sights.map(({ destination }) => destination)).toEqual(sources)
    })
  })

  it.each(pairs)('tells the way to $remote without system calls of its own', async ({ local, remote }) => {
    const family = local.includes(':') ? 6 : 4
    const route = await udpRoute({ address: remote, family }, {})
    expect(route).toMatchObject({ family, source: local, destination: remote, interfaceName: 'lab0' })
    expect(route.interfaceIndex).toBeGreaterThan(0)
    expect(route.hardwareAddress).toHaveLength(6)
    const kernels = await packets.route({ address: remote, family }, {})
    // The table of interfaces is that of the namespace in which /sys was mounted.
    expect({ ...route, mtu: kernels.mtu }).toEqual(kernels)
  })

  it('tells the way on a link by its zone or its interface', async () => {
    const wanted = { source: 'fe80::1', destination: 'fe80::2', interfaceName: 'lab0' }
    expect(await udpRoute({ address: 'fe80::2%lab0', family: 6 }, {})).toMatchObject(wanted)
    expect(await udpRoute({ address: 'fe80::2', family: 6 }, { interfaceName: 'lab0' })).toMatchObject(wanted)
  })

  it.each([
    ['there is none', '192.0.2.1', {}, 'ENETUNREACH'],
    ['the source is not ours', lab.target.address4, { sourceAddress: '192.0.2.7' }, 'EADDRNOTAVAIL'],
    ['there is no such interface', lab.target.address4, { interfaceName: 'nosuch0' }, 'ENODEV'],
  ])('says why there is no way when %s', async (_, address, way, code) => {
    const asked = udpRoute({ address, family: 4 }, way)
    await expect(asked).rejects.toMatchObject({ name: 'LocalFault', code })
  })
})
