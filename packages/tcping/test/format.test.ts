import { createStats } from '@portkit/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  count,
  daysLeft,
  packetsLine,
  percent,
  place,
  probeMs,
  rttLines,
  span,
  statusLine,
} from '../src/format.ts'
import { stamp } from '../src/timestamp.ts'

it.each([
  [0, '0.000'],
  [1, '0.000'],
  [499, '0.000'],
  [262_000, '0.262'],
  [262_500, '0.263'],
  [1e6, '1.000'],
  [99_999_400, '99.999'],
  [99_999_600, '100.0'],
  [100e6, '100.0'],
  [1234.56e6, '1234.6'],
])('a probe of %i ns took %s ms', (ns, text) => expect(probeMs(ns)).toBe(text))

it.each([
  [0, '0.0 s'],
  [49, '0.0 s'],
  [2000, '2.0 s'],
  [59_949, '59.9 s'],
  [59_950, '1 m 0 s'],
  [60_000, '1 m 0 s'],
  [119_499, '1 m 59 s'],
  [119_500, '2 m 0 s'],
  [723_000, '12 m 3 s'],
  [3_599_499, '59 m 59 s'],
  [3_599_500, '1 h 0 m'],
  [18_720_000, '5 h 12 m'],
  [86_399_499, '23 h 59 m'],
  [86_399_500, '1 d 0 h'],
  [273_600_000, '3 d 4 h'],
  [31_536_000_000, '365 d 0 h'],
])('%i ms are %s', (ms, text) => expect(span(ms)).toBe(text))

it('a span never says 60 s, 60 m or 24 h', () =>
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e12, noNaN: true }), (ms) => {
      expect(span(ms)).not.toMatch(/\b60(\.0)? [sm]|\b24 h|NaN|Infinity/)
    }),
  ))

it.each([
  [0, '0%'],
  [100, '100%'],
  [20, '20%'],
  [100 / 3, '33.3333%'],
  [200 / 3, '66.6667%'],
  [0.01, '0.01%'],
  [12.5, '12.5%'],
])('%f per cent are %s, as ping has them', (value, text) => expect(percent(value)).toBe(text))

it.each([
  [0, '0 days'],
  [1, '1 day'],
  [2, '2 days'],
])('%i: %s', (number, text) => expect(count(number, 'day')).toBe(text))

it.each([
  [86_400_000, 0, 1],
  [86_399_999, 0, 0],
  [-1, 0, -1],
])('a certificate until %i has at %i %i days left', (to, now, days) => expect(daysLeft(to, now)).toBe(days))

it.each([
  [undefined, ''],
  ['iso', '2026-01-01T00:00:01.500Z '],
  ['unix', '[1767225601.500000] '],
  ['relative', '+1.500 s '],
] as const)('a line stamped %s starts with %j', (style, text) =>
  expect(stamp(style, 1_767_225_601_500, 1500)).toBe(text),
)

describe('a place', () => {
  const v6 = { host: 'db.lan', address: 'fd00::2', family: 6, port: 22, transport: 'tcp' } as const

  it('is the address; among several targets the name stands before it', () => {
    expect(place(v6, false)).toBe('[fd00::2]:22')
    expect(place(v6, true)).toBe('db.lan (fd00::2):22')
    expect(place({ ...v6, host: 'fd00::2' }, true)).toBe('[fd00::2]:22')
  })

  it('escapes the name', () => {
    expect(place({ ...v6, host: 'a\u001bb' }, true)).toBe('a\\x1bb (fd00::2):22')
  })
})

it('says nothing of what it does not know', () => {
  const nothing = createStats().snapshot()
  expect(packetsLine(nothing, 0)).toBe('0 packets transmitted, 0 received, time 0ms\n')
  expect(rttLines(nothing)).toBe('')
  expect(statusLine(nothing)).toBe('0/0 packets\n')
})
