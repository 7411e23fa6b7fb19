import { displayWidth } from '@portkit/core'
import { virtualClock } from '@portkit/core/sim'
import { expect, it } from 'vitest'
import { createProgress, octetCount, progressLine } from '../src/session/progress.ts'

const terminal = (isTty: boolean, columns = 80) => ({ isTty, columns: () => columns })

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.00 kB'],
  [9994, '9.99 kB'],
  [9996, '10.0 kB'],
  [99_960, '100 kB'],
  [999_499, '999 kB'],
  [999_600, '1.00 MB'],
  [56_300_000, '56.3 MB'],
  [3.2e18, '3200 PB'],
])('shows %d octets as %s', (octets, shown) => {
  expect(octetCount(octets)).toBe(shown)
})

it('shows both ways, the rate of both together and the time', () => {
  const line = progressLine({ sent: 1_500_000, received: 500_000, elapsedMs: 3_723_000 })
  expect(line).toBe('sent 1.50 MB, received 500 kB, 537 B/s, 1:02:03')
  expect(progressLine({ sent: 0, received: 0, elapsedMs: 0 })).toBe('sent 0 B, received 0 B, 0 B/s, 0:00')
})

it('writes one line over and over on a terminal, with the rate of the last second', async () => {
  const clock = virtualClock()
  const written: string[] = []
  const progress = createProgress(clock, terminal(true), (text) => void written.push(text))
  progress.begin()
  progress.watch('sent', new Uint8Array(1000))
  await clock.sleep(1500)
  progress.watch('received', new Uint8Array(50))
  await clock.sleep(1000)
  progress.end()
  progress.end()
  await clock.sleep(5000)
  expect(written).toEqual([
    '\rsent 1.00 kB, received 0 B, 1.00 kB/s, 0:01\u{1b}[K',
    '\rsent 1.00 kB, received 50 B, 50 B/s, 0:02\u{1b}[K',
    '\rsent 1.00 kB, received 50 B, 420 B/s, 0:02\u{1b}[K\n',
  ])
})

it('writes only the last line where stderr is no terminal', async () => {
  const clock = virtualClock()
  const written: string[] = []
  const progress = createProgress(clock, terminal(false), (text) => void written.push(text))
  progress.begin()
  progress.watch('sent', new Uint8Array(7))
  await clock.sleep(3000)
  expect(written).toEqual([])
  progress.end()
  expect(written).toEqual(['sent 7 B, received 0 B, 2 B/s, 0:03\n'])
})

it('never fills a line of the terminal', async () => {
  const clock = virtualClock()
  const written: string[] = []
  const progress = createProgress(clock, terminal(true, 20), (text) => void written.push(text))
  progress.begin()
  progress.end()
  const line = written.join('').slice('\r'.length, -'\u{1b}[K\n'.length)
  expect(displayWidth(line)).toBe(19)
})

it('leaves the time before the first connection out, and says nothing where there was none', async () => {
  const clock = virtualClock()
  const written: string[] = []
  const write = (text: string): void => void written.push(text)
  const [served, idle] = [
    createProgress(clock, terminal(false), write),
    createProgress(clock, terminal(true), write),
  ]
  await clock.sleep(60_000)
  served.begin()
  served.watch('received', new Uint8Array(500))
  await clock.sleep(1000)
  served.begin()
  served.end()
  idle.end()
  expect(written).toEqual(['sent 0 B, received 500 B, 500 B/s, 0:01\n'])
})
