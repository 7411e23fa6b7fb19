import { expect, it } from 'vitest'
import type { Libc } from '../src/io/kernel/libc.ts'
import { giveBackArena, takeArena } from '../src/io/kernel/packet-arena.ts'
import type { PacketCalls } from '../src/io/kernel/packet-calls.ts'
import { PacketClock } from '../src/io/kernel/packet-clock.ts'
import { PacketReceiver } from '../src/io/kernel/packet-receiver.ts'
import { createSocketOptions } from '../src/io/kernel/socket-options.ts'

interface Waiting {
  /** Seconds of the stamp; none for a packet without. */
  readonly stamp?: number
  readonly index?: number
  readonly type?: number
  readonly length?: number
}

/** A packet socket with a queue, and clocks that go as told. */
function machine(queue: Waiting[]) {
  const state = { nowNs: 1e9, seconds: 1000, errno: 'EAGAIN', drops: 0 }
  const libc = {
    allocate: (octets: number) => ({ at: 4096n, view: new DataView(new ArrayBuffer(octets)) }),
    errno: () => state.errno,
    close: () => 0,
  } as unknown as Libc
  const arena = takeArena(libc, 64, 256)
  giveBackArena(arena)
  const { view } = arena
  const put = (slot: number, { stamp, index = 2, type = 0, length = 40 }: Waiting): void => {
    const name = arena.name.base + slot * arena.name.stride
    const control = arena.control.base + slot * arena.control.stride
    expect(view.getUint32(slot * 64 + 40, true)).toBe(64)
    view.setUint16(name + 2, 0x0800)
    view.setUint32(name + 4, index, true)
    view.setUint8(name + 10, type)
    view.setUint32(slot * 64 + 40, stamp === undefined ? 0 : 32, true)
    view.setInt32(control + 12, 35, true)
    view.setBigUint64(control + 16, BigInt(stamp ?? 0), true)
    view.setUint32(slot * 64 + 56, length, true)
  }
  const calls = {
    recvmmsg: (_fd: number, _at: bigint, most: number) => {
      const some = queue.splice(0, most)
      for (const [slot, waiting] of some.entries()) put(slot, waiting)
      return some.length === 0 ? -1 : some.length
    },
  } as unknown as PacketCalls
  const options = { ...createSocketOptions(libc), get: () => drops() }
  const drops = () => {
    const statistics = new DataView(new ArrayBuffer(8))
    statistics.setUint32(4, state.drops, true)
    state.drops = 0
    return statistics
  }
  const nowNs = () => state.nowNs
  const clock = new PacketClock(nowNs, () => ({ seconds: state.seconds, nanoseconds: 0 }))
  const receiver = new PacketReceiver({ libc, calls, options, clock, nowNs }, 9, 100)
  const drain = (most = 4096) => {
    const seen: { era: number; timeNs: number; direction: string; octets: number; length: number }[] = []
    const count = receiver.drain(({ era, timeNs, direction, from, to, length }) => {
      seen.push({ era, timeNs, direction, octets: to - from, length })
    }, most)
    expect(count).toBe(seen.length)
    return seen
  }
  return { state, receiver, drain }
}

it('puts stamps on the process clock and tells the ways apart', () => {
  const { drain } = machine([
    { stamp: 1001, type: 4 },
    { stamp: 1003, length: 500 },
  ])
  expect(drain()).toEqual([
    { era: 0, timeNs: 2e9, direction: 'out', octets: 40, length: 40 },
    { era: 0, timeNs: 4e9, direction: 'in', octets: 100, length: 500 },
  ])
})

it('gives each packet an era of its own while nobody knows by which wall time it was stamped', () => {
  const queue: Waiting[] = [{ stamp: 1000 }]
  const { state, drain } = machine(queue)
  expect(drain().map(({ era }) => era)).toEqual([0])
  queue.push(...Array.from({ length: 70 }, (_, i) => ({ stamp: 1000 + i })))
  state.seconds = 5000
  const mixed = drain(66).concat(drain())
  expect(mixed).toHaveLength(70)
  expect(new Set(mixed.map(({ era }) => era)).size).toBe(70)
  expect(mixed.every(({ era, timeNs }) => era > 0 && timeNs === state.nowNs)).toBe(true)
  queue.push({ stamp: 5001 }, { stamp: 5002 })
  const [first, second] = drain()
  expect(first?.era).toBeGreaterThan(Math.max(...mixed.map(({ era }) => era)))
  expect(second?.era).toBe(first?.era)
  expect(second?.timeNs).toBe(3e9)
})

it('compares a packet without a stamp with no other', () => {
  const { drain } = machine([{ stamp: 1000 }, {}, { stamp: 1001 }])
  const eras = drain().map(({ era }) => era)
  expect(eras[1]).not.toBe(eras[0])
  expect(eras[1]).not.toBe(eras[2])
})

it('takes one packet on two interfaces for one, and equal packets on one interface for two', () => {
  const { drain } = machine([{ stamp: 7, index: 2 }, { stamp: 7, index: 3 }, { stamp: 8 }, { stamp: 8 }])
  expect(drain()).toHaveLength(3)
})

it('hands over no more than was asked for', () => {
  const { drain } = machine(Array.from({ length: 200 }, (_, i) => ({ stamp: i })))
  expect([drain(0).length, drain(70).length, drain(1).length, drain().length]).toEqual([0, 70, 1, 129])
})

it('stops at a fault for good', () => {
  const queue: Waiting[] = []
  const { drain, receiver, state } = machine(queue)
  drain()
  expect(receiver.fault).toBeUndefined()
  state.errno = 'ENETDOWN'
  drain()
  expect(receiver.fault).toMatchObject({ name: 'LocalFault', code: 'ENETDOWN' })
  queue.push({ stamp: 1 })
  expect(drain()).toEqual([])
})

it('adds up what the system lost, also once it is closed', () => {
  const { receiver, state } = machine([])
  state.drops = 3
  expect(receiver.dropped()).toBe(3)
  state.drops = 0xffffffff
  receiver.close()
  expect(receiver.dropped()).toBe(3 + 0xffffffff)
})

it('hands over nothing more once it was closed in the middle', () => {
  const { receiver } = machine([{ stamp: 1 }, { stamp: 2 }])
  let seen = 0
  receiver.drain(() => {
    seen++
    receiver.close()
  }, 9)
  expect(seen).toBe(1)
})
