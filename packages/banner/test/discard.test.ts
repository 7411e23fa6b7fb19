import fc from 'fast-check'
import { expect, it } from 'vitest'
import { discard } from '../src/protocols/small/discard.ts'
import { contextOf, recorded } from './detector-kit.ts'

it('is never seen in anything that came', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.boolean(), (octets, ended) => {
      expect(discard.detect(octets, contextOf({ port: 9, ended }))).toBeUndefined()
    }),
  )
})

it('says what the silence of its port means', () => {
  expect(recorded('discard').every(({ octets }) => octets.length === 0)).toBe(true)
  expect(discard.silence).toBe('discard takes everything and never answers')
})
