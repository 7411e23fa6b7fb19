import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SeenPacket } from '../src/io/packets.ts'
import { createReplay, type Replay } from '../src/run/exchange/replay.ts'
import { runVolley } from '../src/run/exchange/volley.ts'
import { type Mischief, STILL_RUNNING, tcpPacket, type WirePacket, type World } from '../src/sim/sim.ts'
import { LINK_TYPE } from '../src/wire/link.ts'
import { flagsOf } from '../src/wire/tcp-flags.ts'
import { aimAt, createLog, HERE, type Log, NEVER, setUp, syns, world } from './exchange-kit.ts'

const TIMEOUT_MS = 50

/** What a capture file keeps of a packet. */
function recorded(
  { linkType, octets, timeNs, direction }: WirePacket,
  isDirectionKnown: boolean,
): SeenPacket {
  const place = { linkType, octets, from: 0, to: octets.length, length: octets.length, timeNs }
  return { ...place, era: 0, isHeaderRebuilt: false, direction: isDirectionKnown ? direction : 'unknown' }
}

function replayed(packets: readonly SeenPacket[]): {
  readonly log: Log
  readonly replay: Replay
  shots: number
} {
  const result = { shots: 0 }
  const log = createLog((index) => replay.aimOf(index))
  const listener = { ...log.listener, shot: () => void result.shots++ }
  const replay = createReplay({ timeoutNs: TIMEOUT_MS * 1e6, listener })
  for (const packet of packets) replay.see(packet)
  replay.end()
  return { ...result, log, replay }
}

const behaviour = fc.oneof(
  fc.record({
    does: fc.constantFrom('accept' as const, 'refuse' as const),
    afterMs: fc.double({ min: 0.01, max: 70, noNaN: true }),
  }),
  fc.record({
    does: fc.constant('icmp' as const),
    type: fc.constant(3),
    code: fc.constantFrom(1, 3, 9, 10, 13),
    from: fc.constantFrom('10.0.0.2', '10.0.0.254'),
    afterMs: fc.double({ min: 0.01, max: 40, noNaN: true }),
  }),
  fc.constant({ does: 'drop' } as const),
)
const PORTS = [22, 23, 24]
const ports = fc
  .tuple(behaviour, behaviour, behaviour)
  .map((does) => Object.fromEntries(PORTS.map((port, i) => [`10.0.0.2:${port}`, does[i]])) as World['ports'])
const mischief = fc.record(
  {
    probes: fc.array(fc.nat(9)),
    lateMs: fc.constantFrom(0.7, 30, 60),
    againMs: fc.array(fc.constantFrom(0.3, 5, 80), { maxLength: 2 }),
    ackOff: fc.constantFrom(0, 7),
    departures: fc.constantFrom(1, 1, 0),
  },
  { requiredKeys: [] },
) satisfies fc.Arbitrary<Mischief>

/** What became of each shot that was sent: its verdict, and its round trip where it was in time. */
function outcomes({ told, verdicts, rttNs }: Log): readonly string[] {
  return [...told]
    .filter(([, words]) => !words.includes('refused'))
    .sort(([a], [b]) => a - b)
    .map(([index, words]) => {
      const rtt = words.includes('first') ? rttNs.get(index) : undefined
      return `${verdicts.get(index)} ${rtt ?? ''} ${words.filter((word) => word === 'again').length}`
    })
}

describe('a run that was written to a file', () => {
  it.each([true, false])('reads as it was live (directions known: %s)', async (isDirectionKnown) => {
    await fc.assert(
      fc.asyncProperty(
        ports,
        mischief,
        fc.array(fc.constantFrom(...PORTS), { minLength: 1, maxLength: 12 }),
        fc.constantFrom(0.1, 3, 20),
        async (of, bad, order, intervalMs) => {
          const io = world({ ports: of, mischief: { '10.0.0.2': bad } })
          const probe = syns()
          const { exchange, channel, log } = await setUp(io, [probe], { timeoutMs: TIMEOUT_MS })
          const aim = (k: number) => {
            const port = order[k]
            return port === undefined ? undefined : aimAt(probe, port)
          }
          const volley = { exchange, channel, clock: io.clock, aim, intervalNs: intervalMs * 1e6, wait: true }
          let endNs = Number.NaN
          const running = runVolley({ ...volley, signal: NEVER }).then(() => {
            endNs = Math.round(io.clock.nowNs())
          })
          expect(await io.runUntilIdle(running)).not.toBe(STILL_RUNNING)
          // What came after the end of the run is in no file of it.
          const packets = io.wire
            .filter(({ timeNs }) => timeNs <= endNs)
            .map((packet) => recorded(packet, isDirectionKnown))
          channel.close()
          expect(outcomes(replayed(packets).log)).toEqual(outcomes(log))
        },
      ),
      { numRuns: 150, endOnFailure: true },
    )
  })

  it('pairs a hundred rounds from one port, not only the first ones', async () => {
    const io = world()
    const probe = syns()
    const { exchange, channel, log } = await setUp(io, [probe])
    const aim = (k: number) => (k < 100 ? aimAt(probe) : undefined)
    const volley = { exchange, channel, clock: io.clock, aim, intervalNs: 1e6, wait: true, signal: NEVER }
    await io.runUntilIdle(runVolley(volley))
    const { log: again } = replayed(io.wire.map((packet) => recorded(packet, true)))
    expect([...again.verdicts.values()]).toEqual(Array(100).fill('open syn-ack'))
    expect(again.rttNs).toEqual(log.rttNs)
  })
})

describe('a capture without an end', () => {
  it('is looked through with what is remembered of the newest probes only', () => {
    const { shots, replay, log } = replayed([])
    expect([shots, log.told.size]).toEqual([0, 0])
    expect(replay.aimOf(0)).toBeUndefined()
    const count = 200_000
    let first: number | undefined
    let silent = 0
    const listener = {
      shot: (index: number) => {
        first ??= index
      },
      silent: () => {
        silent += 1
      },
    }
    const endless = createReplay({ timeoutNs: 1e6, listener })
    for (let i = 0; i < count; i++) {
      const destination = `10.${1 + (i >>> 16)}.${(i >>> 8) & 0xff}.${i & 0xff}`
      const ends = { sourcePort: 40_000, destinationPort: 80, seq: i, ack: 0, flags: flagsOf('S') }
      const octets = tcpPacket({ source: HERE, destination, ttl: 64 }, ends)
      const packet = { linkType: LINK_TYPE.raw, octets, timeNs: i * 1e3, direction: 'out' } as const
      endless.see(recorded(packet, true))
    }
    endless.end()
    expect(silent).toBe(count)
    expect(first).toBe(0)
    expect(endless.aimOf(count - 1)?.route.destination).toBe('10.4.13.63')
    expect(endless.aimOf(count - 2 ** 17)).toBeDefined()
    expect(endless.aimOf(count - 2 ** 17 - 1)).toBeUndefined()
  }, 60_000)
})
