import type { Sighting } from '@portkit/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createAnswerText, type Manner } from '../src/words/answer-text.ts'
import { bannerLine, usingLine } from '../src/words/banner.ts'
import { debugStranger } from '../src/words/debug-text.ts'
import { errorText, nameText } from '../src/words/error-text.ts'
import { notResponding, scanHeader, scanRow } from '../src/words/scan-text.ts'
import { verdictLines } from '../src/words/verdicts.ts'
import { hex, looked } from './words-kit.ts'
import { icmpErrorFrom } from './words-retell.ts'

/** Whole packets of all kinds, to be cut and spoilt. */
const SEEDS: readonly Uint8Array[] = [
  hex('4500002c00004000400626300a4d00020a4d0001001608ea205d4ec833fc4e536012faf08e140000020405b4'),
  hex(`4f0000600000400040060000 0a4d0002 0a4d0001 072710010203040a4d00020a4d0002 ${'00'.repeat(25)}
    00160a0dc6dde6132d93b6b99012fe88d91c0000020405b40101080ac0e00e9f7f3a88a1`),
  hex('450000218ccc400040119963 0a4d0002 0a4d0001 000706a2000ddbdd5858585858'),
  hex('4500002800000000400100000a4d00020a4d00010e000000000000000340980203409802 03409803'),
  hex('4500001c5b62000040010ae30a4d00020a4d00010000fabe05410000'),
  icmpErrorFrom('10.77.0.2', 3, 13),
  hex(`6000000000141140 ${'fd'.repeat(32)} 0007040000140000 ${'1b'.repeat(12)}`),
  hex(`6000000000083a40 ${'fd'.repeat(32)} 8100000000010002`),
]

const manner: fc.Arbitrary<Manner> = fc.record({
  verbose: fc.boolean(),
  beep: fc.boolean(),
  sequenceNumbers: fc.boolean(),
  dumpHex: fc.boolean(),
  dumpText: fc.boolean(),
  tcp: fc.record({ timestamp: fc.boolean() }),
  ip: fc.record({ recordRoute: fc.boolean() }),
})

/** A packet with some octets changed, captured as far as `to`, with more octets in front of it and behind it. */
const spoilt = fc
  .record({
    seed: fc.constantFrom(...SEEDS),
    changes: fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 6 }),
    cut: fc.option(fc.nat(120), { nil: undefined }),
    before: fc.nat(20),
    isHeaderRebuilt: fc.boolean(),
  })
  .map(({ seed, changes, cut = seed.length, before, isHeaderRebuilt }) => {
    const octets = new Uint8Array(before + seed.length + 5).fill(0x1b)
    octets.set(seed, before)
    for (const [at, value] of changes) if (at < seed.length) octets[before + at] = value
    const to = before + Math.min(cut, seed.length)
    return { octets, more: { from: before, to, length: seed.length, isHeaderRebuilt } }
  })

const BEL = '\u{7}'
const WIPE = `${'\b'.repeat(15)}${' '.repeat(15)}${'\b'.repeat(15)}`

/** What a terminal acts upon, but for line ends and tabs. */
const CONTROL = /[^\P{Cc}\n\t]/u

function textsOf(found: Sighting, asked: Manner, numbers: readonly [number, number]): string {
  const { answer, behindError } = createAnswerText(asked)
  const row = scanRow({ port: 1, service: undefined }, found).text
  const stranger = debugStranger(found, 40).text
  switch (found.kind) {
    case 'tcp':
    case 'udp':
    case 'icmp': {
      const shown = { sighting: found, seq: numbers[0], rttNs: numbers[1], isAgain: false, nowMs: numbers[1] }
      const text = answer(shown) + answer({ ...shown, isAgain: true })
      expect(text.split(BEL)).toHaveLength(asked.beep ? 3 : 1)
      return row + stranger + text.replaceAll(BEL, '')
    }
    case 'icmp-error':
      return row + stranger + errorText(found) + behindError(found)
    case 'arp':
    case 'neighbour':
      return row + stranger + behindError(found)
  }
}

it('tells any packet without an exception and without control characters', () => {
  const numbers = fc.tuple(fc.nat(), fc.double({ noNaN: true, min: -1e12, max: 1e15 }))
  let told = 0
  fc.assert(
    fc.property(spoilt, manner, numbers, ({ octets, more }, asked, figures) => {
      const found = looked(octets, more)
      if (found === undefined) return
      told += 1
      const text = textsOf(found, asked, figures)
      expect(text).not.toMatch(CONTROL)
      expect(text).not.toMatch(/NaN|undefined|Infinity/)
    }),
    { numRuns: 2000 },
  )
  expect(told).toBeGreaterThan(200)
})

it('lets no name, whoever gave it, act upon the terminal', () => {
  const name = fc.string({ unit: 'binary', maxLength: 40 })
  fc.assert(
    fc.property(name, name, (one, other) => {
      const banner = { host: one, address: other, family: 4, mode: 'tcp', flags: 2, dataLength: 0 } as const
      const open = { state: 'open', reason: 'syn-ack' } as const
      const texts = [
        bannerLine({ ...banner, interfaceName: other }).text,
        usingLine({ interfaceName: one, address: other, mtu: 1500 }).text,
        nameText(one).slice(WIPE.length),
        scanHeader({ host: one, address: other, ports: one, count: 1 }).text,
        notResponding([{ port: 1, service: one }]).text,
        verdictLines(one, [{ protocol: 'icmp', port: 0, verdict: open, from: other, sent: 1, received: 1 }])
          .text,
      ]
      expect(nameText(one).startsWith(WIPE)).toBe(true)
      for (const text of texts) expect(text).not.toMatch(CONTROL)
      expect(texts.map((text) => text.split('\n').length - 1)).toEqual([1, 1, 0, 5, 1, 1])
    }),
  )
})
