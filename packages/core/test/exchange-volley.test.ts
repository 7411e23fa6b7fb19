import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Aim } from '../src/run/exchange/ledger.ts'
import { runVolley, type Volley } from '../src/run/exchange/volley.ts'
import { type SendFailure, type SimIo, STILL_RUNNING, type World } from '../src/sim/sim.ts'
import { aimAt, NEVER, OPEN, type Setup, setUp, syns, THERE, world } from './exchange-kit.ts'
import { tcpOf } from './sim-packets-kit.ts'

const TIMEOUT_MS = 50
const PROBE = syns()

interface Flown extends Setup {
  /** Turns of the loop. */
  readonly turns: number
  /** What was asked for, in order. */
  readonly asked: readonly number[]
  readonly tookMs: number
}

type More = Partial<Volley> & {
  readonly backend?: 'kernel' | 'raw-socket'
  readonly timeoutMs?: number
  readonly capacity?: number
}

/** Shoots at ports one after the other until nothing can happen any more. */
async function fly(io: SimIo, ports: readonly number[], more: More = {}): Promise<Flown> {
  const { timeoutMs = TIMEOUT_MS } = more
  const setup = await setUp(io, [PROBE], { ...more, timeoutMs })
  const { exchange, channel } = setup
  const asked: number[] = []
  let turns = 0
  const aim = (k: number): Aim | undefined => {
    asked.push(k)
    const port = ports[k]
    return port === undefined ? undefined : aimAt(PROBE, port)
  }
  const turn = (): undefined => {
    turns += 1
  }
  const volley = { exchange, channel, clock: io.clock, aim, intervalNs: 1e6, wait: true, signal: NEVER, turn }
  let endNs = 0
  const running = runVolley({ ...volley, ...more }).then(() => {
    endNs = io.clock.nowNs()
  })
  expect(await io.runUntilIdle(running)).not.toBe(STILL_RUNNING)
  channel.close()
  expect(io.packets.channels()).toBe(0)
  return { ...setup, turns, asked, tookMs: endNs / 1e6 }
}

function portsSent(io: SimIo): number[] {
  const isSyn = ({ flags }: { readonly flags: number }): boolean => flags === 2
  return io.wire
    .filter(({ direction }) => direction === 'out')
    .map(tcpOf)
    .filter(isSyn)
    .map(({ destinationPort }) => destinationPort)
}

const failure = fc.oneof(
  fc.record({
    packet: fc.nat(30),
    does: fc.constant('no-room' as const),
    forMs: fc.integer({ min: 1, max: 40 }),
  }),
  fc.record({
    packet: fc.nat(30),
    does: fc.constant('fault' as const),
    code: fc.constantFrom('EPERM', 'EACCES'),
  }),
) satisfies fc.Arbitrary<SendFailure>

const behaviour = fc.oneof(
  fc.record({
    does: fc.constantFrom('accept' as const, 'refuse' as const),
    afterMs: fc.integer({ min: 0, max: 70 }),
  }),
  fc.constant({ does: 'drop' } as const),
)
const PORTS = [22, 23, 24, 25]
const network = fc
  .tuple(fc.array(behaviour, { minLength: 4, maxLength: 4 }), fc.array(failure, { maxLength: 5 }))
  .map(
    ([does, failures]): Partial<World> => ({
      ports: Object.fromEntries(PORTS.map((port, i) => [`10.0.0.2:${port}`, does[i] ?? OPEN])),
      link: { failures },
    }),
  )
const shots = fc.array(fc.constantFrom(...PORTS), { maxLength: 40 })
const intervalNs = fc.constantFrom(0, 1000, 333_333.3, 1e6, 7e6, 30e6)
const backend = fc.constantFrom('kernel' as const, 'raw-socket' as const)
const anyCount = fc.option(fc.nat(50), { nil: undefined })

describe('a volley', () => {
  it('sends each aim once and in order, and ends when all are settled, whatever the system and the network do', async () => {
    await fc.assert(
      fc.asyncProperty(
        network,
        shots,
        intervalNs,
        backend,
        anyCount,
        async (more, all, interval, by, count) => {
          const io = world(more)
          const { log, exchange, asked, turns } = await fly(io, all, {
            intervalNs: interval,
            backend: by,
            count,
          })
          const ports = all.slice(0, count)
          const questions = Math.min(all.length + 1, count ?? Number.POSITIVE_INFINITY)
          expect(asked).toEqual(Array.from({ length: questions }, (_, k) => k))
          const told = ports.map((_, i) => log.told.get(i) ?? [])
          const isSent = told.map((words) => words.includes('sent'))
          expect(portsSent(io)).toEqual(ports.filter((_, i) => isSent[i]))
          for (const words of told) {
            const ends = words.filter((word) => ['first', 'silent', 'refused'].includes(word))
            expect(ends).toHaveLength(1)
            expect(words.includes('sent')).toBe(!words.includes('refused'))
          }
          expect(exchange.flying).toBe(0)
          // One turn for each shot, each packet seen and each millisecond without room, and some at the ends of times.
          expect(turns).toBeLessThan(20 + 5 * ports.length + 5 * 40)
        },
      ),
      { numRuns: 100, endOnFailure: true },
    )
  })

  it('stops at once whenever it is aborted, and leaves nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(network, intervalNs, fc.nat(120), backend, async (more, interval, atMs, by) => {
        const io = world({ ...more, link: { ...more.link, kernelAnswers: false } })
        const control = new AbortController()
        void io.clock.sleep(atMs).then(() => control.abort())
        const ports = Array.from({ length: 30 }, (_, i) => PORTS[i % 4] ?? 22)
        const { tookMs, log } = await fly(io, ports, {
          intervalNs: interval,
          signal: control.signal,
          backend: by,
        })
        expect(tookMs).toBeLessThanOrEqual(atMs + 1e-6)
        const sent = [...log.told.values()].filter((words) => words.includes('sent')).length
        expect(portsSent(io)).toHaveLength(sent)
        // Only the network's own packets are still on their way.
        expect(io.clock.sleepers()).toBeLessThanOrEqual(1 + 4 * sent)
      }),
      { numRuns: 100, endOnFailure: true },
    )
  })

  it.each([0, 1e6, 30e6])(
    'ends with the channel when the interface goes down, at an interval of %d ns',
    async (ns) => {
      const io = world({ link: { downAtMs: 20 } })
      const ports = Array.from({ length: 100 }, () => 24)
      const { tookMs, channel } = await fly(io, ports, { intervalNs: ns, timeoutMs: 10_000 })
      expect(channel.fault()?.code).toBe('ENETDOWN')
      expect(tookMs).toBeLessThan(20 + ns / 1e6 + 1)
    },
  )

  it('waits for no answer when it is not to', async () => {
    const { tookMs } = await fly(world(), [24, 24, 24], { wait: false })
    expect(tookMs).toBe(2)
  })

  it('takes as many turns as there is something to do, not as many as there is time', async () => {
    const { turns } = await fly(world(), [24, 22, 24], { intervalNs: 10e9, timeoutMs: 60_000 })
    expect(turns).toBeLessThan(20)
  })

  it('waits until the system has room, without turning on the spot', async () => {
    const io = world({ link: { failures: [{ packet: 0, does: 'no-room', forMs: 500 }] } })
    const { turns, log } = await fly(io, [22], { intervalNs: 0 })
    expect(log.told.get(0)).toEqual(['sent', 'departed', 'first'])
    expect(turns).toBeLessThan(520)
  })

  it('goes on with more shots than its ring holds', async () => {
    const ports = Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? 22 : 24))
    const { log, exchange } = await fly(world(), ports, { intervalNs: 0, capacity: 8, timeoutMs: 10 })
    expect(exchange.shots).toBe(50)
    const last = [...log.told.values()].map((words) => words.at(-1))
    expect(last).toEqual(ports.map((port) => (port === 22 ? 'first' : 'silent')))
  })

  it('leaves out what is not wanted any more, also among what it has just asked for', async () => {
    const io = world()
    let isOver = false
    const ports = Array.from({ length: 20 }, () => 22)
    const { asked } = await fly(io, ports, {
      isWanted: () => !isOver,
      turn: () => {
        isOver ||= portsSent(io).length === 3
        return undefined
      },
    })
    expect(portsSent(io)).toHaveLength(3)
    expect(asked).toHaveLength(21)
  })

  it('does not send more at once than a call of the system takes, yet all that is due', async () => {
    const io = world({ mischief: { [THERE]: { lost: { every: 1 } } } })
    const ports = Array.from({ length: 200 }, () => 22)
    await fly(io, ports, { intervalNs: 0 })
    expect(io.wire.filter(({ timeNs }) => timeNs === 0)).toHaveLength(200)
  })

  it('asks for an aim when it is due only, where it knows how many there are', async () => {
    const io = world()
    const askedAtMs: [number, number][] = []
    const aim = (k: number): Aim => {
      askedAtMs.push([portsSent(io).length, io.clock.nowNs() / 1e6])
      return aimAt(PROBE, 22 + k)
    }
    await fly(io, [], { aim, count: 4, intervalNs: 7e6 })
    expect(askedAtMs).toEqual([0, 1, 2, 3].map((k) => [k, 7 * k]))
    expect(portsSent(io)).toEqual([22, 23, 24, 25])
  })

  it('may shoot where the last answer leads it', async () => {
    const io = world({ ports: { '10.0.0.2:24': { does: 'drop' } } })
    const answers = (): number => io.wire.filter(({ direction }) => direction === 'in').length
    const aim = (): Aim => aimAt(PROBE, 22 + answers())
    await fly(io, [], { aim, count: 6, intervalNs: 10e6 })
    expect(portsSent(io)).toEqual([22, 23, 24, 24, 24, 24])
  })

  it('ends where there is no aim any more, though it was to shoot for ever', async () => {
    const io = world()
    const { asked, tookMs } = await fly(io, [22, 22, 24], {
      count: Number.POSITIVE_INFINITY,
      intervalNs: 10e6,
    })
    expect([asked, portsSent(io)]).toEqual([
      [0, 1, 2, 3],
      [22, 22, 24],
    ])
    expect(tookMs).toBe(20 + TIMEOUT_MS)
  })

  it('leaves out what is not wanted when it is due, where it knows how many there are', async () => {
    const io = world()
    const isWanted = ({ port }: Aim): boolean => port !== 23
    await fly(io, [22, 23, 24, 23, 22], { isWanted, count: 5 })
    expect(portsSent(io)).toEqual([22, 24, 22])
  })
})
