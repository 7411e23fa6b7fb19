import { expect, it } from 'vitest'
import type { Target } from '../src/model/target.ts'
import { tcpConnect } from '../src/probes/tcp-connect.ts'
import { type Plan, type RunEvent, schedule } from '../src/run/schedule.ts'
import { type SimIo, simIo, type World } from '../src/sim/sim.ts'

const target = (port = 22, address = '10.0.0.2'): Target => ({
  host: address,
  address,
  family: 4,
  port,
  transport: 'tcp',
})
const accept = (afterMs: number) => ({ does: 'accept', afterMs }) as const

async function run(world: World, plan: Partial<Plan>, act?: (io: SimIo, event: RunEvent) => void) {
  const io = simIo(world)
  const whole: Plan = { lanes: [{ target: target() }], interval: 1000, timeoutMs: 1000, ...plan }
  const events: RunEvent[] = []
  for await (const event of schedule(tcpConnect(), whole, io, io.interrupted)) {
    events.push(event)
    act?.(io, event)
  }
  return { io, events, starts: io.net.attempts.map(({ atNs }) => atNs / 1e6) }
}

it('starts probes on the beat, however long their answers take', async () => {
  const delays = [700, 0.1, 999, 3, 250].map(accept)
  const { starts, events } = await run({ ports: { '10.0.0.2:22': delays } }, { count: 5 })
  expect(starts).toEqual([0, 1000, 2000, 3000, 4000])
  expect(events.map((e) => e.seq)).toEqual([1, 2, 3, 4, 5])
})

it('gives every overlapping probe its own clock', async () => {
  const script = [accept(900), accept(10), accept(20)]
  const { events } = await run({ ports: { '10.0.0.2:22': script } }, { count: 3, interval: 100 })
  const seen = events.map((e) => [e.seq, e.kind === 'result' && e.result.observation])
  expect(seen).toMatchObject([
    [2, { kind: 'handshake', rttNs: 10e6 }],
    [3, { kind: 'handshake', rttNs: 20e6 }],
    [1, { kind: 'handshake', rttNs: 900e6 }],
  ])
})

it('ends with the last answer and does not wait out the interval', async () => {
  const { io } = await run({ ports: { '10.0.0.2:22': accept(3) } }, { count: 1 })
  expect(io.clock.nowNs()).toBe(3e6)
})

it('tells a silence before the answer to the probe that starts when it ends', async () => {
  const script = [accept(1), { does: 'drop' } as const, accept(0.1), { does: 'drop' } as const, accept(1)]
  const { events, starts } = await run({ ports: { '10.0.0.2:22': script } }, { count: 5, timeoutMs: 1001 })
  expect(events.map((e) => e.seq)).toEqual([1, 2, 3, 4, 5])
  expect(starts).toEqual([0, 1000, 2001, 3000, 4001])
})

it('drops probes under way when it is interrupted, and frees them', async () => {
  const script = [accept(1), { does: 'drop' } as const]
  const { io, events } = await run({ ports: { '10.0.0.2:22': script } }, { interval: 100 }, (io) =>
    io.interrupt(),
  )
  expect(events).toHaveLength(1)
  expect(io.net.open()).toBe(0)
})

it('frees the probes under way when its reader leaves', async () => {
  const io = simIo({ ports: { '10.0.0.2:22': (n) => (n === 0 ? accept(150) : { does: 'drop' }) } })
  const plan: Plan = { lanes: [{ target: target() }], interval: 100, timeoutMs: 1000 }
  for await (const event of schedule(tcpConnect(), plan, io)) {
    expect(event.seq).toBe(1)
    break
  }
  expect(io.net.open()).toBe(0)
})

it('stops at the deadline and leaves out a silence that it cut short', async () => {
  const { events, io } = await run({ ports: { '10.0.0.2:22': { does: 'drop' } } }, { deadlineMs: 2500 })
  expect(events.map((e) => e.seq)).toEqual([1, 2])
  expect(io.clock.nowNs()).toBe(2500e6)
})

it('counts the only probe of a run even when the deadline is shorter than its time-out', async () => {
  const { events } = await run({ ports: { '10.0.0.2:22': { does: 'drop' } } }, { deadlineMs: 300 })
  expect(events).toMatchObject([{ result: { observation: { kind: 'silence', waitedNs: 300e6 } } }])
})

it('counts a probe whose time-out ends with the deadline', async () => {
  const { events } = await run({ ports: { '10.0.0.2:22': { does: 'drop' } } }, { deadlineMs: 3000 })
  expect(events.map((e) => e.seq)).toEqual([1, 2, 3])
})

it('spreads many targets over the interval', async () => {
  const lanes = Array.from({ length: 200 }, (_, i) => ({ target: target(1000 + i) }))
  const { starts } = await run({ ports: {} }, { lanes, count: 2 })
  expect(starts.slice(0, 3)).toEqual([0, 5, 10])
  expect(starts[200]).toBe(1000)
})

it('never has more probes under way than allowed', async () => {
  const io = simIo({ ports: { '10.0.0.2:22': { does: 'drop' } } })
  const plan: Plan = {
    lanes: [{ target: target() }],
    interval: 1,
    timeoutMs: 1000,
    count: 50,
    maxInFlight: 7,
  }
  let most = 0
  const connect = io.net.connect.bind(io.net)
  const net = {
    ...io.net,
    connect: (request: Parameters<typeof connect>[0]) => {
      const attempt = connect(request)
      most = Math.max(most, io.net.open())
      return attempt
    },
  }
  let results = 0
  for await (const _ of schedule(tcpConnect(), plan, { clock: io.clock, net })) results++
  expect(most).toBe(7)
  expect(results).toBe(50)
})

it('tells a local fault and goes on', async () => {
  const fault = { does: 'fault', code: 'EMFILE', message: 'too many open files' } as const
  const { events } = await run({ ports: { '10.0.0.2:22': [accept(1), fault, accept(1)] } }, { count: 3 })
  expect(events.map((e) => e.kind)).toEqual(['result', 'fault', 'result'])
})

it('passes an unexpected error on to its reader', async () => {
  const io = simIo({ ports: {} })
  const broken = { name: 'broken', observe: () => Promise.reject(new TypeError('a bug')) }
  const plan: Plan = { lanes: [{ target: target() }], interval: 10, timeoutMs: 10, count: 3 }
  const reading = (async () => {
    for await (const _ of schedule(broken, plan, io)) expect(_).toBeUndefined()
  })()
  await expect(reading).rejects.toThrow('a bug')
})

it('leaves out the beats that were slept through, and keeps to the rest', async () => {
  const io = simIo({ ports: { '10.0.0.2:22': accept(1) } })
  let awayNs = 0
  // The whole machine sleeps for 10.3 s after the second probe.
  const clock = { ...io.clock, nowNs: () => io.clock.nowNs() + awayNs }
  const plan: Plan = { lanes: [{ target: target() }], interval: 1000, timeoutMs: 1000, count: 4 }
  const starts: number[] = []
  for await (const event of schedule(tcpConnect(), plan, { clock, net: io.net })) {
    starts.push(event.startedNs / 1e6)
    if (event.seq === 2) awayNs = 10_300e6
  }
  expect(starts).toEqual([0, 1000, 12300, 13000])
})

it('floods as fast as answers come, and goes on without them after ten milliseconds', async () => {
  const script = [accept(1), accept(2), { does: 'drop' } as const, accept(1)]
  const { starts } = await run(
    { ports: { '10.0.0.2:22': script } },
    { count: 5, interval: 'flood', timeoutMs: 50 },
  )
  expect(starts).toEqual([0, 1, 3, 13, 14])
})

it('holds still while nobody reads', async () => {
  const io = simIo({ ports: { '10.0.0.2:22': accept(0.1) } })
  const plan: Plan = { lanes: [{ target: target() }], interval: 1, timeoutMs: 10 }
  const events = schedule(tcpConnect(), plan, io)
  await events.next()
  await io.clock.sleep(60_000)
  expect(io.net.attempts.length).toBeLessThan(1100)
  await events.return(undefined)
})
