import { createTally, type HostTally, type ShotAnswer, type Verdict } from '@portkit/core'
import { tcpPacket, udpPacket } from '@portkit/core/sim'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFigures } from '../src/run/figures.ts'
import { looked } from './words-kit.ts'

const BACK = { source: '10.77.0.2', destination: '10.77.0.1', ttl: 64 }
const VERDICT: Verdict = { state: 'open', reason: 'syn-ack' }

function hostTally(): HostTally {
  const [host] = createTally([{ name: undefined, address: '10.77.0.2', family: 4 }]).hosts
  if (host === undefined) throw new Error('no host')
  return host
}

const HOST = hostTally()

interface Came {
  readonly index: number
  readonly kind: ShotAnswer['kind']
  readonly rttNs: number | undefined
  /** undefined: a datagram. */
  readonly flags: number | undefined
}

function tell(figures: ReturnType<typeof createFigures>, { index, kind, rttNs, flags }: Came): void {
  const octets =
    flags === undefined
      ? udpPacket(BACK, { sourcePort: 22, destinationPort: 1024 }, new Uint8Array())
      : tcpPacket(BACK, { sourcePort: 22, destinationPort: 1024, seq: 0, ack: 1, flags })
  const sighting = looked(octets)
  if (sighting === undefined) throw new Error('no packet')
  const answer = { kind, sighting, timing: { rttNs } } as ShotAnswer
  figures.answered?.({ host: HOST, protocol: 'tcp', port: 22, round: index, index }, answer, VERDICT)
}

function figuresOf(came: readonly Came[]) {
  const figures = createFigures()
  for (const one of came) tell(figures, one)
  return { outOfSequence: figures.outOfSequence(), rtt: figures.rtt(), lastFlags: figures.lastFlags() }
}

const first = (index: number, more: Partial<Came> = {}): Came => ({
  index,
  kind: 'first',
  rttNs: 1000,
  flags: 0x12,
  ...more,
})

describe('what a run counts besides its tally', () => {
  it('is nothing at first', () => {
    expect(figuresOf([])).toEqual({ outOfSequence: 0, rtt: undefined, lastFlags: 0 })
  })

  it.each([
    [[0, 1, 2, 3], 0],
    [[1, 0, 2, 3], 1],
    [[3, 0, 1, 2], 3],
    [[0, 4, 2, 3, 5, 1], 3],
    [[5], 0],
  ])('counts of %j %i out of sequence: whatever comes behind a newer one', (order, count) => {
    expect(figuresOf(order.map((index) => first(index))).outOfSequence).toBe(count)
  })

  it('does not count what comes again, neither its order nor its time', () => {
    const { outOfSequence, rtt } = figuresOf([
      first(0),
      first(1),
      first(0, { kind: 'again', rttNs: 9e9 }),
      first(2),
    ])
    expect(outOfSequence).toBe(0)
    expect(rtt).toMatchObject({ samples: 3, maxNs: 1000 })
  })

  it('has no round trip where none is known', () => {
    const { rtt } = figuresOf([first(0, { rttNs: undefined }), first(1, { rttNs: 500 })])
    expect(rtt).toMatchObject({ samples: 1, minNs: 500, avgNs: 500, maxNs: 500 })
  })

  it.each([
    [[first(0), first(1, { flags: 0x14 })], 0x14],
    [[first(0), first(1, { flags: undefined })], 0x12],
    [[first(0), first(0, { kind: 'again', flags: 0x04 })], 0x04],
    [[first(0, { flags: 0xff })], 0xff],
    // The ninth flag has no room in an exit status.
    [[first(0, { flags: 0x112 })], 0x12],
    [[first(0, { flags: undefined })], 0],
  ])('keeps the flags of the last segment', (came, flags) => {
    expect(figuresOf(came).lastFlags).toBe(flags)
  })

  it('has exact least, average and largest round trips, of any sequence of answers', () => {
    const came = fc.record({
      index: fc.nat(50),
      kind: fc.constantFrom('first' as const, 'again' as const, 'late' as const),
      rttNs: fc.option(fc.integer({ min: 1, max: 10e9 }), { nil: undefined }),
      flags: fc.option(fc.nat(255), { nil: undefined }),
    })
    fc.assert(
      fc.property(fc.array(came, { maxLength: 60 }), (all) => {
        const { outOfSequence, rtt } = figuresOf(all)
        const counted = all.filter(({ kind }) => kind !== 'again')
        const times = counted.flatMap(({ rttNs }) => rttNs ?? [])
        expect(outOfSequence).toBeLessThanOrEqual(Math.max(0, counted.length - 1))
        if (times.length === 0) {
          expect(rtt).toBeUndefined()
          return
        }
        expect(rtt).toMatchObject({
          samples: times.length,
          minNs: Math.min(...times),
          maxNs: Math.max(...times),
        })
        expect(rtt?.avgNs).toBeCloseTo(times.reduce((sum, ns) => sum + ns, 0) / times.length, 3)
      }),
    )
  })
})
