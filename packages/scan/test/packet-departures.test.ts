import { expect, it } from 'vitest'
import { createPacketDepartures } from '../src/guns/packet-departures.ts'

it('times an answer, and knows a second one as such', () => {
  const departures = createPacketDepartures()
  departures.note(16, 100)
  expect(departures.answered(16, 130)).toBe(30)
  expect(departures.answered(16, 140)).toBe('again')
})

it('takes as many answers as probes of the same number are under way', () => {
  const departures = createPacketDepartures()
  for (const atNs of [0, 10, 20]) departures.note(28, atNs)
  // Which of them an answer belongs to is not known (Karn).
  expect(departures.answered(28, 50)).toBeUndefined()
  expect(departures.answered(28, 60)).toBeUndefined()
  expect(departures.answered(28, 70)).toBeUndefined()
  expect(departures.answered(28, 80)).toBe('again')
  departures.note(28, 100)
  expect(departures.answered(28, 105)).toBe(5)
})
