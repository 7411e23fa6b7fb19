import { describe, expect, it } from 'vitest'
import type { Libc } from '../src/io/kernel/libc.ts'
import { giveBackArena, takeArena } from '../src/io/kernel/packet-arena.ts'
import type { PacketCalls } from '../src/io/kernel/packet-calls.ts'
import { PacketSender } from '../src/io/kernel/packet-sender.ts'
import { createSocketOptions } from '../src/io/kernel/socket-options.ts'
import type { OutgoingPacket } from '../src/io/packets.ts'

/** A system that answers each sendmmsg as the list says: how many packets it takes, or why it takes none. */
function machine(answers: readonly (number | string)[]) {
  const state = { errno: '', open: new Set<number>(), asked: [] as number[], allocated: 0 }
  let next = 3
  const libc = {
    socket: () => {
      state.open.add(++next)
      return next
    },
    close: (fd: number) => (state.open.delete(fd) ? 0 : -1),
    setsockopt: () => 0,
    errno: () => state.errno,
    allocate: (octets: number) => {
      state.allocated++
      return { at: 4096n, view: new DataView(new ArrayBuffer(octets)) }
    },
  } as unknown as Libc
  const left = [...answers]
  const calls = {
    sendmmsg: (_fd: number, _at: bigint, count: number) => {
      state.asked.push(count)
      const answer = left.shift() ?? count
      if (typeof answer === 'number') return Math.min(answer, count)
      state.errno = answer
      return -1
    },
  } as unknown as PacketCalls
  return {
    state,
    libc,
    sender: new PacketSender({ libc, calls, options: createSocketOptions(libc) }, undefined),
  }
}

const packet = (version: 4 | 6, length = 40): OutgoingPacket => ({
  octets: new Uint8Array(length).fill(version << 4, 0, 1),
  length,
  interfaceIndex: 0,
})
const four = packet(4)
const many = Array<OutgoingPacket>(100).fill(four)

describe('sending packets', () => {
  it.each([
    ['goes on where the system stopped', [10, 20], 100, undefined, [64, 64, 64, 6]],
    [
      'sends again what was answered with the error of an earlier packet',
      ['ECONNREFUSED'],
      100,
      undefined,
      [64, 64, 36],
    ],
    ['names the packet that fails twice', [5, 'EPERM', 'EPERM'], 5, 'EPERM', [64, 64, 64]],
    ['leaves the rest for later when there is no room', [64, 'EAGAIN'], 64, undefined, [64, 36]],
    ['leaves the rest for later when the queue is full', ['ENOBUFS'], 0, undefined, [64]],
  ] as const)('%s', (_, answers, sent, code, asked) => {
    const { sender, state } = machine(answers)
    const outcome = sender.send(many, many.length)
    expect({ sent: outcome.sent, code: outcome.fault?.code }).toEqual({ sent, code })
    expect(state.asked).toEqual(asked)
  })

  it('splits at each change of family, and sends long packets alone', () => {
    const { sender, state } = machine([])
    const mixed = [four, four, packet(6), four, packet(4, 9000), four]
    expect(sender.send(mixed, mixed.length)).toEqual({ sent: 6, fault: undefined })
    expect(state.asked).toEqual([2, 1, 1, 1, 1])
  })

  it.each([
    ['nothing', { ...four, length: 0 }],
    ['less than a header', { ...four, length: 19 }],
    ['more than there is', { ...four, length: 41 }],
    ['no number', { ...four, length: Number.NaN }],
    ['another protocol', { ...four, octets: new Uint8Array(40).fill(0x50) }],
    ['too much', packet(4, 65_536)],
  ])('refuses a packet of %s and asks the system nothing', (_, bad) => {
    const { sender, state } = machine([])
    expect(sender.send([four, bad, four], 3)).toMatchObject({ sent: 1, fault: { code: 'EINVAL' } })
    expect(state.asked).toEqual([1])
  })

  it('closes all that it opened', () => {
    const { sender, state } = machine([])
    sender.send([four, packet(6)], 2)
    expect(state.open.size).toBe(2)
    sender.close()
    expect(state.open.size).toBe(0)
  })
})

it('uses the memory of closed channels again', () => {
  const { libc, state } = machine([])
  const first = takeArena(libc, 7, 99)
  const allocated = state.allocated
  giveBackArena(first)
  expect(takeArena(libc, 7, 99)).toBe(first)
  expect(state.allocated).toBe(allocated)
  expect(takeArena(libc, 7, 99)).not.toBe(first)
})
