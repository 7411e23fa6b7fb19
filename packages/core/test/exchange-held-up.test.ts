import { describe, expect, it } from 'vitest'
import type { PacketChannel } from '../src/io/packets.ts'
import { createExchange } from '../src/run/exchange/exchange.ts'
import { runVolley } from '../src/run/exchange/volley.ts'
import { icmp4Packet, udpPacket } from '../src/sim/sim.ts'
import {
  aimAt,
  datagrams,
  HERE,
  NEVER,
  openFor,
  pass,
  routeTo,
  setUp,
  syns,
  THERE,
  world,
} from './exchange-kit.ts'

const ANSWERS = 5000

describe('an exchange that was held up', () => {
  it('finds the answers of all its shots after a halt, however many wait', async () => {
    const probe = syns()
    const setup = await setUp(world(), [probe])
    for (let shots = 0; shots < ANSWERS; shots += 50)
      await setup.exchange.shoot(Array.from({ length: 50 }, () => aimAt(probe)))
    await pass(setup, 5000)
    while (setup.exchange.pump() > 0);
    const ends = [...setup.log.told.values()].map((words) => words.at(-1))
    expect(ends).toHaveLength(ANSWERS)
    expect(new Set(ends)).toEqual(new Set(['first']))
  })

  it('waits for room, but not for ever', async () => {
    const probe = syns()
    const forMs = 60_000
    const io = world({ link: { failures: [{ packet: 1, does: 'no-room', forMs }] } })
    const setup = await setUp(io, [probe])
    expect(await setup.exchange.shoot([aimAt(probe), aimAt(probe), aimAt(probe)])).toBe(1)
    const tries: (number | Promise<number>)[] = []
    for (let second = 0; second < 7; second++) {
      tries.push(await setup.exchange.shoot([aimAt(probe)]))
      await pass(setup, 1000)
    }
    expect(tries).toEqual([0, 0, 0, 0, 0, 1, 1])
    expect(setup.log.faults.map(({ code }) => code)).toEqual(['ENOBUFS', 'ENOBUFS'])
    expect([0, 1, 2].map((i) => setup.exchange.stateOf(i))).toEqual(['answered', 'refused', 'refused'])
    await pass(setup, forMs)
    expect(await setup.exchange.shoot([aimAt(probe)])).toBe(1)
    expect(setup.exchange.stateOf(3)).toBe('flying')
  })

  it('loses no time over packets that are refused', async () => {
    const probe = syns()
    const failures = Array.from(
      { length: 500 },
      (_, packet) => ({ packet, does: 'fault', code: 'EPERM' }) as const,
    )
    const { io, channel, exchange, log } = await setUp(world({ link: { failures } }), [probe])
    const aim = (k: number) => (k < 500 ? aimAt(probe) : undefined)
    const volley = { exchange, channel, clock: io.clock, aim, intervalNs: 0, wait: true, signal: NEVER }
    await io.runFor(runVolley(volley), 10)
    expect(log.faults).toHaveLength(500)
    expect(io.clock.nowNs()).toBeLessThan(50e6)
  })
})

describe('a shot that the system refused', () => {
  it('has no answer, though a local firewall sends an error about it', async () => {
    const ports = { sourcePort: 40_000, destinationPort: 22 }
    const ours = udpPacket({ source: HERE, destination: THERE, ttl: 64 }, ports, new Uint8Array())
    const way = { source: HERE, destination: HERE, ttl: 64 }
    const rejected = icmp4Packet(way, { kind: 'unknown', type: 3, code: 3, rest: 0 }, ours)
    const probe = datagrams()
    const io = world({
      link: { failures: [{ packet: 0, does: 'fault', code: 'EPERM' }] },
      noise: [{ afterMs: 1, octets: rejected }],
    })
    const setup = await setUp(io, [probe])
    await setup.exchange.shoot([aimAt(probe)])
    await pass(setup, 10)
    expect(setup.log.told.get(0)).toEqual(['refused'])
    expect(setup.log.strangers).toBe(1)
  })
})

describe('the interface that a packet leaves by', () => {
  it.each([
    ['10.0.0.2', 0],
    ['10.0.0.1', 0],
    ['fd00::2', 0],
    ['fe8::2', 0],
    ['fe80::2', 2],
    ['febf::2', 2],
    ['ff02::1', 2],
    ['224.0.0.1', 2],
    ['239.1.2.3', 2],
    ['240.0.0.1', 0],
  ])('is named only where the address needs it: %s', async (destination, interfaceIndex) => {
    const io = world()
    const probe = syns()
    const channel = await openFor(io, [probe])
    const given: number[] = []
    const noting: PacketChannel = {
      backend: channel.backend,
      clock: channel.clock,
      wallOffsetNs: () => channel.wallOffsetNs(),
      drain: () => 0,
      ready: (signal) => channel.ready(signal),
      dropped: () => 0,
      fault: () => undefined,
      close: () => channel.close(),
      send(packets, count = packets.length) {
        given.push(...packets.slice(0, count).map((packet) => packet.interfaceIndex))
        return { sent: count, fault: undefined }
      },
    }
    const options = { clock: io.clock, probes: [probe], timeoutNs: 1e9, listener: {} }
    const route = routeTo(destination, destination.includes(':') ? 'fe80::1' : HERE)
    await createExchange({ ...options, channel: noting }).shoot([{ probe, route, port: 22, ttl: 64 }])
    expect(given).toEqual([interfaceIndex])
  })
})
