import { STILL_RUNNING, type World } from '@portkit/core/sim'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FITS, schemaErrors } from '../../core/test/result-schema.ts'
import {
  besides,
  CLOSED,
  countsOf,
  OPEN,
  outgoing,
  recordsOf,
  run,
  STEALTH,
  verdictsOf,
  world,
} from './sim-kit.ts'

const THERE = '10.0.0.2'

const behaviour = fc.oneof(
  fc.constantFrom(OPEN, CLOSED, STEALTH),
  fc.record({
    does: fc.constant('icmp' as const),
    type: fc.constantFrom(3, 11, 12),
    code: fc.integer({ min: 0, max: 15 }),
    from: fc.constantFrom(THERE, '10.0.0.254'),
    afterMs: fc.double({ min: 0.01, max: 40, noNaN: true }),
  }),
)

const mischief = fc.record(
  {
    probes: fc.array(fc.nat(15), { minLength: 1 }),
    lost: fc.uniqueArray(fc.nat(15)),
    lateMs: fc.double({ min: 0, max: 300, noNaN: true }),
    againMs: fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { maxLength: 3 }),
    badSum: fc.boolean(),
    ackOff: fc.constantFrom(0, 1, -1),
    departures: fc.constantFrom(0, 1, 2),
    quote: fc.integer({ min: 0, max: 40 }),
  },
  { requiredKeys: [] },
)

const failure = fc.oneof(
  fc.record({
    packet: fc.nat(12),
    does: fc.constant('no-room' as const),
    forMs: fc.integer({ min: 1, max: 40 }),
  }),
  fc.record({
    packet: fc.nat(12),
    does: fc.constant('fault' as const),
    code: fc.constantFrom('EPERM', 'ENETUNREACH', 'EINVAL'),
  }),
)

/** Whatever a network and a machine may do to a run. */
const WORLDS: fc.Arbitrary<World> = fc
  .record({
    ports: fc.array(behaviour, { minLength: 4, maxLength: 4 }),
    mischief,
    failures: fc.array(failure, { maxLength: 4 }),
    downAtMs: fc.option(fc.double({ min: 0, max: 400, noNaN: true }), { nil: undefined, freq: 5 }),
    seed: fc.integer({ min: 1, max: 1000 }),
    packetAccess: fc.constantFrom('kernel' as const, 'raw-socket' as const),
  })
  .map(({ ports, mischief: what, failures, downAtMs, seed, packetAccess }) =>
    world({
      ports: Object.fromEntries(ports.map((does, i) => [`${THERE}:${22 + i}`, does])),
      mischief: { [THERE]: what },
      link: { failures, ...(downAtMs === undefined ? {} : { downAtMs }) },
      seed,
      packetAccess,
    }),
  )

const MODE = fc.constantFrom(
  '-S -p 22',
  '-S -p ++22',
  '-S -p +22',
  '-A -p ++22',
  '-2 -p ++52',
  '-1',
  '-T -S -p 22',
)
const INTERVAL = fc.constantFrom('u100', '1ms', '3ms', '50ms')
const COUNT = fc.integer({ min: 1, max: 12 })
const INTERRUPT = fc.option(fc.double({ min: 0, max: 400, noNaN: true }), { nil: undefined })
const STROKES = fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { maxLength: 4 })

/** Sums of `n of m answered` over all lines, a line about several ports counted for each of them. */
function sumsOf(rows: readonly string[]): readonly [number, number] {
  let [received, sent] = [0, 0]
  for (const row of rows) {
    const [, from, to = from] = /ports? (\d+)(?:-(\d+))?:/.exec(row) ?? []
    const [, got, of] = / (\d+) of (\d+) answered$/.exec(row) ?? []
    const ports = from === undefined ? 1 : Number(to) - Number(from) + 1
    received += ports * Number(got)
    sent += ports * Number(of)
  }
  return [received, sent]
}

describe('whatever happens', () => {
  it('the counts add up, and are what was on the wire', async () => {
    await fc.assert(
      fc.asyncProperty(
        WORLDS,
        MODE,
        INTERVAL,
        COUNT,
        INTERRUPT,
        STROKES,
        async (there, mode, interval, count, interruptMs, suspendMs) => {
          const ran = await run(`${mode} -c ${count} -i ${interval} -n --timeout 100ms ${THERE}`, there, {
            interruptMs,
            suspendMs,
          })
          const { status, stdout, stderr, io, tookMs } = ran
          expect(status).not.toBe(STILL_RUNNING)
          expect(io.packets.channels()).toBe(0)
          expect(stdout + stderr).not.toMatch(/NaN|Infinity|undefined|internal error/)
          const { sent, received, loss } = countsOf(stderr)
          const refused = besides(stderr, /packets? not sent/)
          expect(received).toBeLessThanOrEqual(sent)
          expect(sent + refused).toBeLessThanOrEqual(count)
          expect(outgoing(io)).toHaveLength(sent)
          expect(loss).toBeGreaterThanOrEqual(0)
          expect(loss).toBeLessThanOrEqual(100)
          const isDown = stderr.includes('interface is down')
          if (interruptMs === undefined && !isDown) expect(sent + refused).toBe(count)
          if (interruptMs !== undefined)
            expect(tookMs).toBeLessThanOrEqual(Math.max(interruptMs, 12 * 50 + 200) + 1e-6)
          // Ports of which nothing is known yet have no verdict.
          const [got, of] = sumsOf(verdictsOf(ran))
          expect(of).toBeLessThanOrEqual(sent)
          expect(got).toBe(received)
          if (interruptMs === undefined && !isDown) expect(of).toBe(sent)
          const faulty = isDown || (sent === 0 && refused > 0)
          expect(status).toBe(faulty ? 2 : received > 0 ? 0 : 1)
        },
      ),
      { numRuns: 150, endOnFailure: true },
    )
  }, 60_000)

  it('the records add up, and are of the schema', async () => {
    await fc.assert(
      fc.asyncProperty(
        WORLDS,
        MODE,
        INTERVAL,
        COUNT,
        INTERRUPT,
        async (there, mode, interval, count, interruptMs) => {
          const command = `${mode} -c ${count} -i ${interval} --json --timeout 100ms ${THERE}`
          const { stdout, stderr, status } = await run(command, there, { interruptMs })
          for (const record of recordsOf(stdout))
            expect(schemaErrors(record), JSON.stringify(record)).toBe(FITS)
          const [total] = recordsOf(stdout, 'total')
          const verdicts = recordsOf(stdout, 'verdict')
          const sum = (field: string): number => verdicts.reduce((all, one) => all + Number(one[field]), 0)
          expect([sum('sent'), sum('received')]).toEqual([total?.sent, total?.received])
          expect(Number(total?.received) + Number(total?.lost)).toBe(total?.sent)
          const probes = recordsOf(stdout, 'probe').length
          expect(probes).toBeLessThanOrEqual(Number(total?.sent))
          expect(probes).toBeGreaterThanOrEqual(Number(total?.received))
          expect(recordsOf(stdout, 'error').length).toBeGreaterThanOrEqual(Number(total?.refused))
          const faulty =
            stderr.includes('interface is down') || (total?.sent === 0 && Number(total.refused) > 0)
          expect(status).toBe(faulty ? 2 : Number(total?.received) > 0 ? 0 : 1)
        },
      ),
      { numRuns: 150, endOnFailure: true },
    )
  }, 60_000)

  it('a scan tells each port once, and never one that it did not ask', async () => {
    await fc.assert(
      fc.asyncProperty(
        WORLDS,
        fc.constantFrom('-S', '-A', '-2'),
        INTERRUPT,
        async (there, mode, interruptMs) => {
          const command = `--scan 20-30 ${mode} --json --timeout 100ms ${THERE}`
          const { stdout, io, status } = await run(command, there, { interruptMs })
          expect(status).not.toBe(STILL_RUNNING)
          expect(io.packets.channels()).toBe(0)
          const verdicts = recordsOf(stdout, 'verdict')
          const ports = verdicts.map(({ port }) => Number(port))
          expect(new Set(ports).size).toBe(ports.length)
          for (const port of ports) expect(port >= 20 && port <= 30).toBe(true)
          const [total] = recordsOf(stdout, 'total')
          expect(outgoing(io)).toHaveLength(Number(total?.sent))
          const sum = (field: string): number => verdicts.reduce((all, one) => all + Number(one[field]), 0)
          expect([sum('sent'), sum('received')]).toEqual([total?.sent, total?.received])
          for (const { sent, received } of verdicts)
            expect(Number(received)).toBeLessThanOrEqual(Number(sent))
        },
      ),
      { numRuns: 60, endOnFailure: true },
    )
  }, 60_000)
})
