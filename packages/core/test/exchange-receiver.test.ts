import { describe, expect, it } from 'vitest'
import { icmp4Packet, tcpPacket, udpPacket, type World } from '../src/sim/sim.ts'

import { flagsOf } from '../src/wire/tcp-flags.ts'
import { aimAt, datagrams, HERE, pass, setUp, syns, THERE, world } from './exchange-kit.ts'

/** What one SYN to port 22 comes to after so many milliseconds. */
async function oneSyn(more: Partial<World>, ms = 10, timeoutMs = 1000) {
  const io = world(more)
  const probe = syns()
  const setup = await setUp(io, [probe], { timeoutMs })
  await setup.exchange.shoot([aimAt(probe)])
  await pass(setup, ms)
  return { ...setup, told: setup.log.told.get(0) }
}

describe('the receiver', () => {
  it('measures from the packet that left to the packet that came', async () => {
    const { told, log } = await oneSyn({})
    expect(told).toEqual(['sent', 'departed', 'first'])
    expect(log.verdicts.get(0)).toBe('open syn-ack')
    expect(log.rttNs.get(0)).toBe(0.2e6)
  })

  it('takes a repeated answer for what it is', async () => {
    const { told } = await oneSyn({ mischief: { [THERE]: { againMs: [1, 2] } } })
    expect(told).toEqual(['sent', 'departed', 'first', 'again', 'again'])
  })

  it('calls an answer late by its stamp, however late it is taken in', async () => {
    const { told } = await oneSyn({ mischief: { [THERE]: { lateMs: 20, againMs: [1] } } }, 30, 10)
    expect(told).toEqual(['sent', 'departed', 'silent', 'late', 'again'])
    expect((await oneSyn({ mischief: { [THERE]: { lateMs: 5 } } }, 30, 10)).told?.at(-1)).toBe('first')
  })

  it('tells silence once, then that the answer was late', async () => {
    const io = world({ mischief: { [THERE]: { lateMs: 20, againMs: [0.5] } } })
    const probe = syns()
    const setup = await setUp(io, [probe], { timeoutMs: 10 })
    await setup.exchange.shoot([aimAt(probe)])
    await pass(setup, 11)
    await pass(setup, 11)
    expect(setup.log.told.get(0)).toEqual(['sent', 'departed', 'silent', 'late', 'again'])
    expect(setup.exchange.flying).toBe(0)
  })

  it('compares no stamps of different eras, and keeps to its own clock', async () => {
    const { told, log } = await oneSyn({ link: { wallSteps: [{ atMs: 0.1, byMs: 5000 }] } })
    expect(told).toEqual(['sent', 'departed', 'first'])
    expect(log.rttNs.get(0)).toBe(0.2e6)
  })

  it('counts a departure that bridges show twice once', async () => {
    const { told } = await oneSyn({ mischief: { [THERE]: { departures: 2 } } })
    expect(told).toEqual(['sent', 'departed', 'first'])
  })

  it.each([
    ['a wrong acknowledgment number', { mischief: { [THERE]: { ackOff: 1 } } }],
    ['another host', { mischief: { [THERE]: { from: '10.0.0.3' } } }],
  ])('lays no answer with %s at a shot', async (_, more) => {
    const { told } = await oneSyn(more)
    expect(told).toEqual(['sent', 'departed'])
  })

  it('takes packets that nobody asked for as strangers', async () => {
    const ports = { sourcePort: 22, destinationPort: 40_000 }
    const way = { source: THERE, destination: HERE, ttl: 64 }
    const header = { kind: 'unknown', type: 3, code: 3, rest: 0 } as const
    const foreign = udpPacket({ source: HERE, destination: THERE, ttl: 64 }, ports, new Uint8Array(4))
    const noise = [
      { afterMs: 1, octets: tcpPacket(way, { ...ports, seq: 1, ack: 99, flags: flagsOf('SA') }) },
      { afterMs: 2, octets: tcpPacket(way, { ...ports, seq: 1, ack: 0, flags: flagsOf('R') }) },
      { afterMs: 3, octets: icmp4Packet(way, header, foreign) },
      { afterMs: 4, octets: icmp4Packet(way, header, Uint8Array.of(0x45, 0, 0)) },
    ]
    const { told, log } = await oneSyn({ noise, ports: { '10.0.0.2:22': { does: 'drop' } } })
    expect(told).toEqual(['sent', 'departed'])
    expect(log.strangers).toBe(noise.length)
  })

  it('gives no round trip to an answer that two shots may have had', async () => {
    const io = world({ datagrams: { '10.0.0.2:22': { does: 'echo', afterMs: 5 } } })
    const probe = datagrams()
    const setup = await setUp(io, [probe])
    await setup.exchange.shoot([aimAt(probe), aimAt(probe)])
    await pass(setup, 10)
    expect(setup.log.rttNs).toEqual(
      new Map([
        [0, undefined],
        [1, 5e6],
      ]),
    )
    expect([0, 1].map((i) => setup.log.verdicts.get(i))).toEqual(['open udp-response', 'open udp-response'])
  })

  it('makes no short round trip of an answer that is late', async () => {
    const mischief = { [THERE]: { probes: [1], lateMs: 10 } }
    const io = world({ datagrams: { '10.0.0.2:22': { does: 'echo', afterMs: 2 } }, mischief })
    const probe = datagrams()
    const setup = await setUp(io, [probe], { timeoutMs: 10 })
    for (let k = 0; k < 5; k++) {
      await setup.exchange.shoot([aimAt(probe)])
      await pass(setup, 10)
    }
    await pass(setup, 20)
    expect([...setup.log.rttNs.values()]).toEqual([2e6, undefined, 2e6, 2e6])
  })
})
