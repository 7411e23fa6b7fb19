import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Figures, type RoundTrips, statistics } from '../src/words/statistics.ts'

const NOTHING: Figures = {
  host: '10.77.0.2',
  sent: 0,
  received: 0,
  outOfSequence: 0,
  again: 0,
  late: 0,
  dropped: 0,
  refused: 0,
  rtt: undefined,
}
const text = (more: Partial<Figures>): string => statistics({ ...NOTHING, ...more }).text
const trips = (
  samples: number,
  [minNs, avgNs, maxNs, mdevNs]: [number, number, number, number],
): RoundTrips => ({
  samples,
  minNs,
  avgNs,
  maxNs,
  mdevNs,
})

describe('statistics', () => {
  it('are hping3 for a run with one answer, on standard error', () => {
    const rtt = trips(1, [300_000, 300_000, 300_000, 0])
    expect(statistics({ ...NOTHING, host: 'target.lab', sent: 1, received: 1, rtt })).toEqual({
      to: 'err',
      text:
        '\n--- target.lab hping statistic ---\n' +
        '1 packets transmitted, 1 packets received, 0% packet loss\n' +
        'round-trip min/avg/max = 0.300/0.300/0.300 ms\n',
    })
  })

  it('are exactly those of hping3 for a run without any answer', () => {
    expect(text({ sent: 3 })).toBe(
      '\n--- 10.77.0.2 hping statistic ---\n' +
        '3 packets transmitted, 0 packets received, 100% packet loss\n' +
        'round-trip min/avg/max = 0.0/0.0/0.0 ms\n',
    )
  })

  it('tell the deviation of several round trips, and all that was not counted', () => {
    const rtt = trips(3, [41_000, 48_000, 60_400, 8_200])
    const more = { sent: 4, received: 3, outOfSequence: 2, again: 2, late: 1, dropped: 1, refused: 5, rtt }
    expect(text(more)).toBe(
      '\n--- 10.77.0.2 hping statistic ---\n' +
        '4 packets transmitted, 3 packets received, 25% packet loss\n' +
        '2 out of sequence packets received\n' +
        'round-trip min/avg/max = 0.041/0.048/0.060 ms\n' +
        'round-trip mdev = 0.008 ms\n' +
        '2 duplicate answers\n' +
        '1 answer too late\n' +
        '1 packet lost in the receive buffer\n' +
        '5 packets not sent\n',
    )
  })

  it.each([
    [0, 0, 0],
    [4, 1, 75],
    [3, 2, 34],
    [1000, 999, 1],
    [1_000_000, 999_999, 1],
    [1, 4, 0],
  ])('round the loss up to whole percent: %i sent, %i received', (sent, received, percent) => {
    expect(text({ sent, received })).toContain(` ${percent}% packet loss\n`)
  })

  it('say 0% only when nothing was lost, and hold no control characters', () => {
    const counts = fc.nat(100_000).chain((sent) => fc.tuple(fc.constant(sent), fc.nat(sent)))
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), counts, (host, [sent, received]) => {
        const told = text({ host, sent, received })
        const loss = Number(/(\S+)% packet loss/.exec(told.replace(/^\n.*\n/, ''))?.[1])
        expect(loss === 0).toBe(sent === received)
        expect(loss >= 0 && loss <= 100).toBe(true)
        expect(told.replace(/\n/g, '')).not.toMatch(/\p{Cc}/u)
      }),
    )
  })
})
