import { describe, expect, it } from 'vitest'
import { LocalFault } from '../src/model/errors.ts'
import { classify, type Observation } from '../src/model/observation.ts'
import type { Target } from '../src/model/target.ts'
import type { ProbeIo } from '../src/probes/probe.ts'
import {
  openSingleShots,
  type SingleShotOptions,
  type SingleShots,
} from '../src/run/exchange/single-shots.ts'
import { schedule } from '../src/run/schedule.ts'
import { type SimIo, simIo, type World } from '../src/sim/sim.ts'
import { flagsOf } from '../src/wire/tcp-flags.ts'
import { tcpOf } from './sim-packets-kit.ts'

const OPEN = { does: 'accept', afterMs: 0.2 } as const
const CLOSED = { does: 'refuse', afterMs: 0.3 } as const
const ADMIN = { does: 'icmp', type: 3, code: 13, from: '10.0.0.9', afterMs: 2 } as const
const PORTS = {
  '10.0.0.2:22': OPEN,
  '10.0.0.2:23': CLOSED,
  '10.0.0.2:24': { does: 'drop' },
  '10.0.0.2:25': ADMIN,
  '[fd00::2]:22': OPEN,
} as const
const ADDRESSES = ['10.0.0.1', 'fd00::1']
const OPTIONS: SingleShotOptions = { backend: 'auto', clock: 'auto', families: [4], timeoutMs: 1000 }

function world(more: Partial<World> = {}): SimIo {
  return simIo({ ports: PORTS, addresses: ADDRESSES, ...more })
}

function at(address: string, port: number): Target {
  return { host: address, address, family: address.includes(':') ? 6 : 4, port, transport: 'tcp' }
}

async function opened(io: SimIo, more: Partial<SingleShotOptions> = {}): Promise<SingleShots> {
  return openSingleShots(io, { ...OPTIONS, ...more })
}

function ask(io: SimIo, shots: SingleShots, target: Target, timeoutMs = 1000, signal?: AbortSignal) {
  return shots.observe(target, io as ProbeIo, timeoutMs, signal)
}

function said(o: Observation): string {
  const { state, reason } = classify(o, 'tcp-syn')
  const time = o.kind === 'silence' ? o.waitedNs : o.rttNs
  return `${o.kind} ${state} ${reason} ${(time ?? Number.NaN) / 1e6}`
}

/** The segments that left, and what the tool put into them. */
function sentBy({ wire }: SimIo) {
  return wire.filter(({ direction }) => direction === 'out').map(tcpOf)
}

/** The ports that SYNs left from, in order. */
function synPorts(io: SimIo): readonly number[] {
  return sentBy(io).flatMap(({ flags, sourcePort }) => (flags === flagsOf('S') ? [sourcePort] : []))
}

describe.each(['kernel', 'raw-socket'] as const)('single shots by %s', (backend) => {
  const setUp = async (more: Partial<World> = {}, options: Partial<SingleShotOptions> = {}) => {
    const io = world(more)
    return { io, shots: await opened(io, { backend, ...options }) }
  }

  it.each([
    ['10.0.0.2', 22, 'segment open syn-ack 0.2'],
    ['10.0.0.2', 23, 'segment closed reset 0.3'],
    ['10.0.0.2', 24, 'silence filtered no-response 1000'],
    ['10.0.0.2', 25, 'icmp-error filtered admin-prohibited 2'],
    ['fd00::2', 22, 'segment open syn-ack 0.2'],
  ])('find out about %s port %i: %s', async (address, port, expected) => {
    const { io, shots } = await setUp()
    const observation = await ask(io, shots, at(address, port))
    expect(said(observation)).toBe(expected)
    shots.close()
    await io.runUntilIdle(new Promise(() => {}))
    expect(io.packets.channels()).toBe(0)
  })

  it('send one SYN each and keep many targets of both families apart at once', async () => {
    const { io, shots } = await setUp()
    const targets = Array.from({ length: 40 }, (_, i) =>
      i % 4 === 3 ? at('fd00::2', 22) : at('10.0.0.2', 22 + (i % 4)),
    )
    const found = await Promise.all(targets.map((target) => ask(io, shots, target)))
    const expected = ['open syn-ack', 'closed reset', 'filtered no-response', 'open syn-ack']
    for (const [i, o] of found.entries()) expect(said(o)).toContain(expected[i % 4])
    const syns = sentBy(io).filter(({ flags }) => flags === flagsOf('S'))
    expect(syns).toHaveLength(40)
    expect(new Set(syns.map(({ seq }) => seq)).size).toBe(40)
    shots.close()
  })

  it('wait no longer than is said for this one, and hear no answer that comes after it', async () => {
    const { io, shots } = await setUp({ ports: { '10.0.0.2:22': { does: 'accept', afterMs: 80 } } })
    const short = await ask(io, shots, at('10.0.0.2', 22), 30)
    expect(said(short)).toBe('silence filtered no-response 30')
    const long = await ask(io, shots, at('10.0.0.2', 22), 1000)
    expect(said(long)).toBe('segment open syn-ack 80')
    shots.close()
  })

  it('give up at once with the reason of the signal', async () => {
    const { io, shots } = await setUp()
    const control = new AbortController()
    const silent = ask(io, shots, at('10.0.0.2', 24), 1000, control.signal)
    const open = ask(io, shots, at('10.0.0.2', 22))
    void io.clock.sleep(0.1).then(() => control.abort('enough'))
    await expect(silent).rejects.toBe('enough')
    expect(io.clock.nowNs()).toBeLessThan(1e6)
    expect(said(await open)).toBe('segment open syn-ack 0.2')
    await expect(ask(io, shots, at('10.0.0.2', 22), 1000, control.signal)).rejects.toBe('enough')
    shots.close()
    await io.runUntilIdle(new Promise(() => {}))
    expect(io.clock.sleepers()).toBe(0)
  })

  it('tell a local fault from what the network does', async () => {
    const { io, shots } = await setUp({ routes: { '10.0.0.3': 'ENETUNREACH' } })
    await expect(ask(io, shots, at('10.0.0.3', 22))).rejects.toMatchObject({ code: 'ENETUNREACH' })
    expect(said(await ask(io, shots, at('10.0.0.2', 22)))).toBe('segment open syn-ack 0.2')
    shots.close()
  })

  it('try again while the system has no room, and say so when it stays that way', async () => {
    const failures = [
      { packet: 0, does: 'no-room', forMs: 4 },
      { packet: 1, does: 'no-room', forMs: 400 },
    ] as const
    const { io, shots } = await setUp({ link: { failures } })
    expect(said(await ask(io, shots, at('10.0.0.2', 22)))).toBe('segment open syn-ack 0.2')
    await expect(ask(io, shots, at('10.0.0.2', 22))).rejects.toMatchObject({ code: 'ENOBUFS' })
    await io.clock.sleep(500)
    expect(said(await ask(io, shots, at('10.0.0.2', 22)))).toBe('segment open syn-ack 0.2')
    shots.close()
  })

  it('reject with the fault that the system met when it sent', async () => {
    const failures = [{ packet: 0, does: 'fault', code: 'EPERM' }] as const
    const { io, shots } = await setUp({ link: { failures } })
    await expect(ask(io, shots, at('10.0.0.2', 22))).rejects.toMatchObject({ code: 'EPERM' })
    expect(said(await ask(io, shots, at('10.0.0.2', 22)))).toBe('segment open syn-ack 0.2')
    shots.close()
  })

  it('tell whoever waits when they are closed', async () => {
    const { io, shots } = await setUp()
    const silent = ask(io, shots, at('10.0.0.2', 24))
    void io.clock.sleep(5).then(shots.close)
    await expect(silent).rejects.toBeInstanceOf(LocalFault)
    await expect(ask(io, shots, at('fd00::2', 22))).rejects.toBeInstanceOf(LocalFault)
    expect(io.packets.channels()).toBe(0)
  })

  it('listen only while somebody waits', async () => {
    const { io, shots } = await setUp()
    await ask(io, shots, at('10.0.0.2', 22))
    await io.runUntilIdle(new Promise(() => {}))
    expect(io.clock.sleepers()).toBe(0)
    shots.close()
  })

  it.each([
    ['tcp-syn', 'closed reset'],
    ['tcp-ack', 'unfiltered reset'],
  ] as const)('are judged by a schedule as their method says: %s', async (method, expected) => {
    const { io, shots } = await setUp()
    const plan = { lanes: [{ target: at('10.0.0.2', 23) }], count: 2, interval: 100, timeoutMs: 1000 }
    const words: string[] = []
    for await (const event of schedule({ ...shots, method }, plan, io as ProbeIo)) {
      if (event.kind === 'result') words.push(Object.values(event.result.verdict).join(' '))
    }
    expect(words).toEqual([expected, expected])
    shots.close()
  })

  it('follow the network: the way is asked for each time, and an own address that changes is used', async () => {
    const io = world()
    let source = '10.0.0.1'
    const route: SimIo['packets']['route'] = async (...args) => ({
      ...(await io.packets.route(...args)),
      source,
    })
    const shots = await openSingleShots({ ...io, packets: { ...io.packets, route } }, { ...OPTIONS, backend })
    await ask(io, shots, at('10.0.0.2', 22))
    source = '10.0.0.7'
    await ask(io, shots, at('10.0.0.2', 23), 20)
    const sources = io.wire.filter(({ direction }) => direction === 'out').map(({ octets }) => octets[15])
    expect(new Set(sources)).toEqual(new Set([1, 7]))
    shots.close()
  })
})

describe('a channel for single shots', () => {
  it.each([
    ['0.0.0.0', 4, '127.0.0.1'],
    ['::', 6, '::1'],
    ['::ffff:10.0.0.2', 6, '10.0.0.2'],
  ] as const)('sends to %s what connect(2) would send to %s %s', async (address, family, from) => {
    const io = world({ ports: { ...PORTS, '127.0.0.1:22': OPEN, '[::1]:22': OPEN } })
    const shots = await opened(io)
    expect(await ask(io, shots, { ...at(address, 22), family })).toMatchObject({ kind: 'segment', from })
    shots.close()
  })

  it.each(['224.0.0.1', '239.1.2.3', '255.255.255.255', 'ff02::1', 'ff02::1%eth0'])(
    'sends nothing to %s, which is no single host',
    async (address) => {
      const io = world()
      const shots = await opened(io)
      await expect(ask(io, shots, at(address, 22))).rejects.toMatchObject({ code: 'ENETUNREACH' })
      expect(io.wire).toEqual([])
      shots.close()
    },
  )

  it('uses the packet clock where it can be had', async () => {
    const io = world()
    for (const [clock, expected] of [
      ['auto', 'packet'],
      ['packet', 'packet'],
      ['process', 'process'],
    ] as const) {
      const shots = await opened(io, { clock })
      expect(await ask(io, shots, at('10.0.0.2', 22))).toMatchObject({ clock: expected, syns: 1 })
      shots.close()
    }
    expect(io.packets.channels()).toBe(0)
  })

  it.each([
    [{ packetAccess: false }, {}, 'EPERM'],
    [{ packetAccess: 'raw-socket' }, { clock: 'packet' }, 'ENOTSUP'],
    [{ packetAccess: 'raw-socket' }, { backend: 'kernel' }, 'ENOTSUP'],
    [{}, { interfaceName: 'eth7' }, 'ENODEV'],
  ] as const)('is refused in %j with %j by %s, and nothing stays open', async (more, options, code) => {
    const io = world(more)
    const request = { families: [4, 6] as const, ...options }
    await expect(opened(io, request)).rejects.toMatchObject({ name: 'LocalFault', code })
    expect(io.packets.channels()).toBe(0)
  })

  it('is opened for the other family when a target needs it', async () => {
    const io = world()
    const shots = await opened(io)
    expect(io.packets.channels()).toBe(1)
    const two = [ask(io, shots, at('fd00::2', 22)), ask(io, shots, at('fd00::2', 22))]
    expect((await Promise.all(two)).map(said)).toEqual(Array(2).fill('segment open syn-ack 0.2'))
    expect(io.packets.channels()).toBe(2)
    shots.close()
  })

  it('tells who waits that its interface went down, and another one is opened for who asks then', async () => {
    const io = world({ link: { downAtMs: 50 } })
    const shots = await opened(io)
    const waiting = [ask(io, shots, at('10.0.0.2', 24)), ask(io, shots, at('10.0.0.2', 24))]
    const fates = await Promise.allSettled(waiting)
    expect(fates).toMatchObject(Array(2).fill({ status: 'rejected', reason: { code: 'ENETDOWN' } }))
    expect(io.clock.nowNs() / 1e6).toBe(50)
    await expect(ask(io, shots, at('10.0.0.2', 22))).rejects.toMatchObject({ code: 'ENETDOWN' })
    expect(io.packets.channels()).toBe(1)
    shots.close()
  })

  it('sends what it is told: port, time to live, the look of the system', async () => {
    const io = world()
    const shots = await opened(io, { sourcePort: 4000, ttl: 9, tos: 0x10, likeSystem: true })
    await ask(io, shots, at('10.0.0.2', 22))
    const [packet] = io.wire
    const { sourcePort, window } = tcpOf(packet ?? { octets: new Uint8Array() })
    expect({ sourcePort, window, tos: packet?.octets[1], ttl: packet?.octets[8] }).toEqual({
      sourcePort: 4000,
      window: 64_240,
      tos: 0x10,
      ttl: 9,
    })
    shots.close()
  })

  it('leaves in turn from ports that the system gives to no connection, or from the one that was asked for', async () => {
    for (const seed of [1, 2, 3, 4]) {
      const io = world({ seed })
      const shots = await opened(io)
      for (let i = 0; i < 65; i++) await ask(io, shots, at('10.0.0.2', 22))
      const ports = synPorts(io)
      expect(new Set(ports).size).toBe(64)
      expect(ports[64]).toBe(ports[0])
      expect(Math.min(...ports)).toBeGreaterThanOrEqual(61_000)
      shots.close()
      const fixed = await opened(io, { sourcePort: 4000 })
      for (let i = 0; i < 2; i++) await ask(io, fixed, at('10.0.0.2', 23))
      expect(synPorts(io).slice(-2)).toEqual([4000, 4000])
      fixed.close()
    }
  })

  it('takes a stranger, a wrong acknowledgment and a repeated answer for none', async () => {
    const mischief = { '10.0.0.2:22': { ackOff: 1 }, '10.0.0.2:23': { againMs: [1, 2] } }
    const io = world({ mischief })
    const shots = await opened(io)
    const wrong = ask(io, shots, at('10.0.0.2', 22), 50)
    const again = ask(io, shots, at('10.0.0.2', 23), 50)
    expect([said(await wrong), said(await again)]).toEqual([
      'silence filtered no-response 50',
      'segment closed reset 0.3',
    ])
    shots.close()
  })
})
