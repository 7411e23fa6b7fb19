import { describe, expect, it } from 'vitest'
import type { OutgoingPacket, PacketChannel, PacketRequest } from '../src/io/packets.ts'
import type { Observation } from '../src/model/observation.ts'
import type { Target } from '../src/model/target.ts'
import type { Probe, ProbeIo } from '../src/probes/probe.ts'
import { openPacketClock, type PacketClockOptions } from '../src/run/exchange/packet-clock.ts'
import { type SimIo, tcpPacket, type World } from '../src/sim/sim.ts'
import { flagsOf } from '../src/wire/tcp-flags.ts'
import { HERE, openChannel, segment, sending, world as simWorld, THERE } from './sim-packets-kit.ts'

const OPTIONS: PacketClockOptions = { backend: 'auto', families: [4], ports: [22, 23] }
const TARGET: Target = { host: 'db', address: THERE, family: 4, port: 22, transport: 'tcp' }
const PORTS = {
  '10.0.0.2:22': { does: 'accept', afterMs: 0.2 },
  '10.0.0.2:23': { does: 'refuse', afterMs: 0.3 },
  '10.0.0.2:25': { does: 'icmp', type: 3, code: 13, from: '10.0.0.9', afterMs: 2 },
} as const

const TIMED = { rttNs: 9e6, clock: 'process', elapsedNs: 9e6, syns: undefined } as const
const LOCAL = { address: HERE, port: 40_000 }
const HANDSHAKE: Observation = { kind: 'handshake', reset: false, local: LOCAL, ...TIMED }
const REFUSED: Observation = { kind: 'refused', by: 'rst', ...TIMED }
const ERROR: Observation = { kind: 'icmp-error', family: 4, type: 3, code: 13, from: undefined, ...TIMED }

function world(more: Partial<World> = {}): SimIo {
  return simWorld({ ports: PORTS, ...more })
}

function segmentFrom(sourcePort: number): OutgoingPacket {
  const header = { sourcePort, destinationPort: 23, seq: 1000, flags: flagsOf('S') }
  return sending(tcpPacket({ source: HERE, destination: THERE }, header))
}

/** A connection as the system would make it: these SYNs, one after the other, and what the socket says in the end. */
function connects(
  channel: PacketChannel,
  says: Observation,
  syns: Parameters<typeof segment>[0][],
  gapMs = 5,
) {
  const probe: Probe = {
    name: 'tcp-connect',
    async observe(target, { clock }) {
      for (const syn of syns) {
        await channel.send([segment({ port: target.port, ...syn })])
        await clock.sleep(gapMs)
      }
      return says
    },
  }
  return probe
}

async function observe(
  says: Observation,
  syns: Parameters<typeof segment>[0][],
  {
    more = {},
    options = {},
    gapMs = 5,
    target = TARGET,
  }: Partial<{
    more: Partial<World>
    options: Partial<PacketClockOptions>
    gapMs: number
    target: Target
  }> = {},
) {
  const io = world(more)
  const own = await openChannel(io)
  const clock = await openPacketClock(io, { ...OPTIONS, ...options })
  const probe = clock.of(connects(own, says, syns, gapMs))
  const observation = await probe.observe(target, io as ProbeIo, 1000)
  clock.close()
  own.close()
  expect(io.packets.channels()).toBe(0)
  return observation
}

describe('the packet clock of connections', () => {
  it.each([
    ['a handshake', 22, HANDSHAKE, 0.2e6],
    ['a refusal', 23, REFUSED, 0.3e6],
    ['an ICMP error', 25, ERROR, 2e6],
  ])('times %s on port %i from SYN to answer', async (_, port, says, rttNs) => {
    const options = { ports: [port] }
    const o = await observe(says, [{}], { options, target: { ...TARGET, port } })
    expect(o).toEqual({ ...says, rttNs, clock: 'packet', syns: 1 })
  })

  it('takes the socket at its word where nothing was seen', async () => {
    expect(await observe(HANDSHAKE, [])).toBe(HANDSHAKE)
    const silence: Observation = { kind: 'silence', waitedNs: 1e9, syns: 1 }
    expect(await observe(silence, [{}])).toBe(silence)
    const unreachable: Observation = { kind: 'unreachable', code: 'ENETUNREACH', ...TIMED }
    expect(await observe(unreachable, [{}])).toBe(unreachable)
  })

  it('takes no other port for the connection of a handshake', async () => {
    const elsewhere = { ...HANDSHAKE, local: { ...LOCAL, port: 40_001 } }
    expect(await observe(elsewhere, [{}])).toBe(elsewhere)
  })

  it('gives no round trip for a SYN that was sent again, and counts them', async () => {
    const o = await observe(HANDSHAKE, [{}, {}], { gapMs: 1000 })
    expect(o).toEqual({ ...HANDSHAKE, rttNs: undefined, syns: 2 })
  })

  it('has the better word than a socket that counted fewer', async () => {
    const o = await observe({ ...HANDSHAKE, syns: 3 }, [{}, {}], { gapMs: 1000 })
    expect(o).toMatchObject({ rttNs: undefined, syns: 3 })
  })

  it('does not guess which of two refusals it was', async () => {
    const target = { ...TARGET, port: 23 }
    // The second one is another program's.
    const io = world()
    const own = await openChannel(io)
    const clock = await openPacketClock(io, OPTIONS)
    const probe: Probe = {
      name: 'two',
      async observe() {
        await own.send([segmentFrom(40_001), segmentFrom(40_002)])
        await io.clock.sleep(5)
        return REFUSED
      },
    }
    expect(await clock.of(probe).observe(target, io as ProbeIo, 1000)).toBe(REFUSED)
    clock.close()
    own.close()
  })

  it('tells refusals apart that came at the same time, by when their SYNs left', async () => {
    const io = world({ ports: { '10.0.0.2:23': [60, 40].map((afterMs) => ({ does: 'refuse', afterMs })) } })
    const own = await openChannel(io)
    const clock = await openPacketClock(io, OPTIONS)
    const once = (localPort: number, waitMs: number): Probe =>
      clock.of({
        name: 'once',
        async observe() {
          await own.send([segmentFrom(localPort)])
          await io.clock.sleep(waitMs)
          return REFUSED
        },
      })
    const target = { ...TARGET, port: 23 }
    const first = once(40_001, 70).observe(target, io as ProbeIo, 1000)
    await io.clock.sleep(20)
    const second = once(40_002, 50).observe(target, io as ProbeIo, 1000)
    const times = (await Promise.all([first, second])).map((o) => o.kind === 'refused' && o.rttNs)
    expect(times).toEqual([60e6, 40e6])
    clock.close()
    own.close()
  })

  it('tells overlapping refusals apart by their order', async () => {
    const io = world({ ports: { '10.0.0.2:23': { does: 'refuse', afterMs: 60 } } })
    const own = await openChannel(io)
    const clock = await openPacketClock(io, OPTIONS)
    const once = (localPort: number): Probe =>
      clock.of({
        name: 'once',
        async observe() {
          await own.send([segmentFrom(localPort)])
          await io.clock.sleep(61)
          return REFUSED
        },
      })
    const target = { ...TARGET, port: 23 }
    const first = once(40_001).observe(target, io as ProbeIo, 1000)
    await io.clock.sleep(20)
    const second = once(40_002).observe(target, io as ProbeIo, 1000)
    const both = await Promise.all([first, second])
    expect(both).toEqual(Array(2).fill({ ...REFUSED, rttNs: 60e6, clock: 'packet', syns: 1 }))
    clock.close()
    own.close()
  })

  it('has no round trip across a step of the wall clock, and leaves the probe its own', async () => {
    const link = { wallSteps: [{ atMs: 0.1, byMs: 5000 }] }
    expect(await observe(HANDSHAKE, [{}], { more: { link } })).toEqual(HANDSHAKE)
  })

  it('is told by the fixed source port which refusal was its own', async () => {
    const options = { sourcePort: 40_001 }
    const target = { ...TARGET, port: 23 }
    expect(await observe(REFUSED, [{ port: 23 }], { options, target })).toBe(REFUSED)
    const own = { sourcePort: 40_000 }
    const o = await observe(REFUSED, [{ port: 23 }], { options: own, target })
    expect(o).toMatchObject({ rttNs: 0.3e6, clock: 'packet' })
  })

  it('looks at many ports by one range', async () => {
    const io = world()
    const asked: PacketRequest[] = []
    const packets = {
      ...io.packets,
      open: (request: PacketRequest) => {
        asked.push(request)
        return io.packets.open(request)
      },
    }
    const ports = Array.from({ length: 100 }, (_, i) => 1000 + 2 * i)
    const clock = await openPacketClock({ ...io, packets }, { ...OPTIONS, ports })
    expect(asked[0]?.interests.map(({ remotePorts }) => remotePorts)).toEqual(Array(2).fill([1000, 1198]))
    clock.close()
  })

  it.each([
    [{ packetAccess: false }, {}, 'EPERM'],
    [{ packetAccess: 'raw-socket' }, {}, 'ENOTSUP'],
    [{}, { interfaceName: 'eth7' }, 'ENODEV'],
  ] as const)('is refused in %j with %j by %s, and nothing stays open', async (more, options, code) => {
    const io = world(more)
    await expect(openPacketClock(io, { ...OPTIONS, ...options })).rejects.toMatchObject({ code })
    expect(io.packets.channels()).toBe(0)
  })

  it('passes on what the probe rejects with', async () => {
    const io = world()
    const clock = await openPacketClock(io, OPTIONS)
    const failing: Probe = { name: 'failing', observe: () => Promise.reject(new Error('no')) }
    await expect(clock.of(failing).observe(TARGET, io as ProbeIo, 1000)).rejects.toThrow('no')
    clock.close()
  })
})
