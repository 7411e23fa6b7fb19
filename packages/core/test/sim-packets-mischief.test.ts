import { describe, expect, it } from 'vitest'
import type { Mischief } from '../src/sim/sim.ts'
import { tcpPacket, udpPacket } from '../src/sim/sim.ts'
import { decodeIpv4, ipv4Checksum } from '../src/wire/ipv4.ts'
import { LINK_TYPE } from '../src/wire/link.ts'
import { addressOctets } from '../src/wire/octets.ts'
import { quotedOf } from '../src/wire/quoted-packet.ts'
import { verifyTransport } from '../src/wire/seal.ts'
import { flagsOf } from '../src/wire/tcp-flags.ts'
import { sightOf } from './packet-kit.ts'
import {
  exchange,
  HERE,
  openChannel,
  seenBy,
  segment,
  sending,
  THERE,
  tcpOf,
  world,
} from './sim-packets-kit.ts'

const DEPARTURES = { departures: true } as const
const bad = (mischief: Mischief, name = '10.0.0.2:22') => ({ mischief: { [name]: mischief } })

describe('what goes wrong with answers', () => {
  it.each([
    ['come twice', { againMs: [5] }, ['in 0.2 SA', 'in 5.2 SA']],
    ['come late', { lateMs: 2000 }, ['in 2000.2 SA']],
    ['come for chosen probes only', { probes: [1], lateMs: 1 }, ['in 0.2 SA', 'in 1.2 SA', 'in 0.2 SA']],
    ['are lost for listed probes', { lost: [0, 2] }, ['in 0.2 SA']],
    ['are lost for every second probe', { lost: { every: 2 } }, ['in 0.2 SA', 'in 0.2 SA']],
  ] as const)('%s', async (_, mischief, expected) => {
    const io = world(bad(mischief))
    const channel = await openChannel(io, DEPARTURES)
    const probes = 'againMs' in mischief || !('probes' in mischief || 'lost' in mischief) ? 1 : 3
    const seen: string[] = []
    for (let i = 0; i < probes; i++) {
      const sentNs = io.clock.nowNs()
      await channel.send([segment()])
      const sights = await seenBy(io, channel)
      const arrived = sights.filter(({ direction }) => direction === 'in')
      seen.push(...arrived.map(({ what, timeNs }) => `in ${(timeNs - sentNs) / 1e6} ${what.split(' ')[0]}`))
    }
    expect(seen).toEqual(expected)
  })

  it('come from another address, and with another acknowledgment number', async () => {
    const [answer] = await exchange(bad({ from: '10.0.0.9', ackOff: 5 }), [segment()])
    expect(answer).toMatchObject({ source: '10.0.0.9', what: 'SA 22>40000' })
    expect(tcpOf(answer ?? expect.fail('no answer')).ack).toBe(1006)
  })

  it('have a wrong checksum, which the kernel does not answer', async () => {
    const io = world(bad({ badSum: true }))
    const channel = await openChannel(io)
    await channel.send([segment()])
    const [answer] = await seenBy(io, channel)
    const ends = { source: addressOctets(THERE), destination: addressOctets(HERE) }
    expect(verifyTransport('tcp', answer?.octets ?? new Uint8Array(), 20, 24, ends)).toBe('bad')
    expect(io.wire.map(({ direction }) => direction)).toEqual(['out', 'in'])
  })

  it.each([
    ['are cut', 22, 'error'],
    ['are garbage', Uint8Array.of(0xff, 0, 0xff), 'error'],
    ['are whole', 1000, 'error about 40000>8'],
  ])('%s as quotes', async (_, quote, what) => {
    const ports = { '10.0.0.2:8': { does: 'icmp', afterMs: 1, type: 3, code: 13, from: THERE } } as const
    const [error] = await exchange({ ports, ...bad({ quote }, THERE) }, [segment({ port: 8 })])
    expect(error?.what).toBe(what)
    if (typeof quote === 'number') expect(error?.length).toBe(28 + Math.min(40, quote))
  })
})

describe('departures', () => {
  it('carry exact stamps of the same clock, and the reset of the kernel is kept out', async () => {
    const io = world()
    await io.clock.sleep(7)
    const channel = await openChannel(io, DEPARTURES)
    await channel.send([segment()])
    const sights = await seenBy(io, channel)
    expect(sights.map(({ direction, what, timeNs }) => [direction, what, timeNs])).toEqual([
      ['out', 'S 40000>22', 7e6],
      ['in', 'SA 22>40000', 7.2e6],
    ])
    const [, , reset] = io.wire
    expect(reset).toMatchObject({ direction: 'out', timeNs: 7.209e6 })
    expect(tcpOf(reset ?? expect.fail('no reset'))).toMatchObject({
      flags: flagsOf('R'),
      seq: 1001,
      window: 0,
    })
  })

  it('show the reset of the kernel to whoever does not keep it out', async () => {
    const interests = [{ protocol: 'tcp' }] as const
    const sights = await exchange({}, [segment()], { ...DEPARTURES, interests })
    expect(sights.map(({ what }) => what)).toEqual(['S 40000>22', 'SA 22>40000', 'R 40000>22'])
  })

  it.each([0, 2])('are seen %i times where the world says so', async (departures) => {
    const sights = await exchange(bad({ departures }), [segment()], DEPARTURES)
    expect(sights.filter(({ direction }) => direction === 'out')).toHaveLength(departures)
    expect(sights.filter(({ direction }) => direction === 'in')).toHaveLength(1)
  })

  it('by loopback are seen as they leave and as they come', async () => {
    const to = '127.0.0.1'
    const octets = tcpPacket(
      { source: to, destination: to },
      { sourcePort: 40_000, destinationPort: 111, flags: flagsOf('S') },
    )
    const sights = await exchange({}, [sending(octets)], DEPARTURES)
    expect(sights.map(({ direction, what }) => `${direction} ${what}`)).toEqual([
      'out S 40000>111',
      'in S 40000>111',
      'in RA 111>40000',
    ])
  })
})

it('a target repeats its SYN-ACK after 1, 3 and 7 seconds where the kernel resets nothing', async () => {
  const io = world({ link: { kernelAnswers: false } })
  const channel = await openChannel(io, DEPARTURES)
  await channel.send([segment()])
  const sights = await seenBy(io, channel)
  const answers = sights.filter(({ direction }) => direction === 'in')
  expect(answers.map(({ timeNs }) => timeNs / 1e6)).toEqual([0.2, 1000.2, 3000.2, 7000.2])
  expect(new Set(answers.map((answer) => tcpOf(answer).seq)).size).toBe(1)
})

it('the kernel tells who answers a datagram that no socket waits for it', async () => {
  const io = world({ datagrams: { '10.0.0.2:53': { does: 'echo' } } })
  const channel = await openChannel(io)
  const ports = { sourcePort: 40_000, destinationPort: 53 }
  await channel.send([sending(udpPacket({ source: HERE, destination: THERE }, ports))])
  await seenBy(io, channel)
  const refusal = io.wire[2] ?? expect.fail('no refusal')
  const raw = { linkType: LINK_TYPE.raw, from: 0, to: refusal.octets.length, length: 0, era: 0 }
  expect(sightOf({ ...raw, ...refusal, isHeaderRebuilt: false })).toMatchObject({
    source: HERE,
    what: 'error',
  })
})

it('packets come by themselves, of interest or not', async () => {
  const stranger = { source: '10.0.0.9', destination: HERE }
  const flood = (sourcePort: number) =>
    tcpPacket(stranger, { sourcePort, destinationPort: 40_000, flags: flagsOf('R') })
  const io = world({
    noise: [
      { afterMs: 10, octets: flood(1), times: 3, everyMs: 2 },
      { afterMs: 11, octets: flood(2) },
      { afterMs: 12, octets: Uint8Array.of(0x45) },
    ],
  })
  const interests = [{ protocol: 'tcp', remotePorts: [1, 1] }] as const
  const channel = await openChannel(io, { interests, ...DEPARTURES })
  const sights = await seenBy(io, channel)
  expect(sights.map(({ timeNs }) => timeNs / 1e6)).toEqual([10, 12, 14])
  expect(io.wire).toHaveLength(5)
})

describe('routers', () => {
  const hops = { [THERE]: [{ address: '10.1.0.1' }, {}, { address: '10.3.0.1', afterMs: 9 }] }

  it('tell that time is over, quoting the packet as they got it; a silent one does not', async () => {
    const probes = [1, 2, 3, 4].map((ttl) => segment({ ttl, seq: ttl }))
    const sights = await exchange({ hops }, probes)
    expect(sights.map(({ source, what }) => `${what} from ${source}`)).toEqual([
      'error about 40000>22 from 10.1.0.1',
      `SA 22>40000 from ${THERE}`,
      'error about 40000>22 from 10.3.0.1',
    ])
    const [near, target, far] = sights.map(({ octets }) => octets)
    const quotes = [near, far].map((octets = new Uint8Array()) =>
      quotedOf(octets, { from: 28, to: octets.length }),
    )
    expect(quotes).toMatchObject([
      { ttl: 1, transport: { seq: 1 } },
      { ttl: 1, transport: { seq: 3 } },
    ])
    expect(ipv4Checksum(far?.subarray(28) ?? new Uint8Array())).toBe('good')
    expect([near, target, far].map((octets = new Uint8Array()) => decodeIpv4(octets)?.ttl)).toEqual([
      64, 61, 62,
    ])
  })
})
