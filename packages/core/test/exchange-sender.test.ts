import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LocalFault } from '../src/model/errors.ts'
import type { SendFailure } from '../src/sim/sim.ts'
import { aimAt, pass, setUp, syns, world } from './exchange-kit.ts'
import { tcpOf } from './sim-packets-kit.ts'

const BACKENDS = ['kernel', 'raw-socket'] as const
const PORTS = [22, 23, 24, 25, 26, 27, 28, 29]

/** Failures of some of the packets, at most one each. */
const failures = fc.uniqueArray(
  fc.record({ packet: fc.nat(9), kind: fc.constantFrom('no-room' as const, 'fault' as const) }),
  { selector: ({ packet }) => packet, maxLength: 6 },
)

function scripted(list: readonly { readonly packet: number; readonly kind: 'no-room' | 'fault' }[]) {
  return list.map(
    ({ packet, kind }): SendFailure =>
      kind === 'fault'
        ? { packet, does: 'fault', code: 'EPERM' }
        : { packet, does: 'no-room', forMs: 1 + (packet % 3) },
  )
}

function portsSent(io: ReturnType<typeof world>): number[] {
  return io.wire.filter(({ direction }) => direction === 'out').map((packet) => tcpOf(packet).destinationPort)
}

describe('the sender', () => {
  it.each(BACKENDS)(
    'sends or refuses each aim once, in order, whatever the system does (%s)',
    async (backend) => {
      await fc.assert(
        fc.asyncProperty(failures, fc.integer({ min: 1, max: 8 }), async (list, atOnce) => {
          const io = world({ link: { failures: scripted(list), kernelAnswers: false } })
          const probe = syns()
          const setup = await setUp(io, [probe], { backend })
          const { exchange, log } = setup
          let waiting = PORTS.map((port) => aimAt(probe, port))
          for (let tries = 0; waiting.length > 0 && tries < 100; tries++) {
            const done = await exchange.shoot(waiting, atOnce)
            waiting = waiting.slice(done)
            if (done === 0) await pass(setup, 1)
          }
          expect(waiting).toEqual([])
          expect(exchange.shots).toBe(PORTS.length)
          const told = PORTS.map((_, i) =>
            log.told.get(i)?.filter((word) => word === 'sent' || word === 'refused'),
          )
          expect(told.every((words) => words?.length === 1)).toBe(true)
          expect(portsSent(io)).toEqual(PORTS.filter((_, i) => told[i]?.[0] === 'sent'))
          expect(log.faults.every(({ code }) => code === 'EPERM')).toBe(true)
        }),
        { numRuns: 60 },
      )
    },
  )

  it('gives the number of a packet that found no room to the next try', async () => {
    const io = world({ link: { failures: [{ packet: 1, does: 'no-room', forMs: 5 }] } })
    const probe = syns()
    const setup = await setUp(io, [probe])
    const aims = [22, 24, 25].map((port) => aimAt(probe, port))
    expect(setup.exchange.shoot(aims)).toBe(1)
    expect(setup.exchange.shots).toBe(1)
    expect(setup.exchange.shoot(aims.slice(1))).toBe(0)
    await pass(setup, 6)
    expect(setup.exchange.shoot(aims.slice(1))).toBe(2)
    expect([0, 1, 2].map((i) => setup.exchange.aimOf(i)?.port)).toEqual([22, 24, 25])
  })

  it('refuses what cannot be built, and only that', async () => {
    const probe = syns()
    const unbuildable = {
      ...probe,
      build: () => {
        throw new LocalFault('EHOSTUNREACH', 'no way there')
      },
    }
    const setup = await setUp(world(), [probe])
    const aims = [aimAt(probe, 22), aimAt(unbuildable, 23), aimAt(probe, 24)]
    expect(setup.exchange.shoot(aims)).toBe(2)
    expect(setup.exchange.shoot(aims.slice(2))).toBe(1)
    expect([0, 1, 2].map((i) => setup.log.told.get(i))).toEqual([['sent'], ['refused'], ['sent']])
    expect(setup.log.faults.map(({ message }) => message)).toEqual(['no way there'])
    expect(setup.exchange.stateOf(1)).toBe('refused')
    expect(setup.exchange.flying).toBe(2)
  })

  it('does not hide a mistake of its own as a refused packet', async () => {
    const probe = syns()
    const wrong = { ...probe, build: () => (0).toFixed(200).length }
    const setup = await setUp(world(), [probe])
    expect(() => setup.exchange.shoot([aimAt(wrong)])).toThrow(RangeError)
  })

  it('takes on no more than the ring holds as long as the oldest flies', async () => {
    const probe = syns()
    const setup = await setUp(world(), [probe], { capacity: 4, timeoutMs: 10 })
    const aims = Array.from({ length: 6 }, () => aimAt(probe, 24))
    expect(setup.exchange.shoot(aims)).toBe(4)
    expect(setup.exchange.shoot(aims)).toBe(0)
    await pass(setup, 11)
    expect(setup.exchange.shoot(aims)).toBe(4)
  })
})
