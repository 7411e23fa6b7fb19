import fc from 'fast-check'
import { expect, it } from 'vitest'
import { endsLine, lines } from '../src/session/pacing.ts'

it('cuts octets into lines: together they are the octets, and each but the last one ends in LF', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(10, 13, 65)), (values) => {
      const cut = [...lines(Uint8Array.from(values))]
      expect(cut.flatMap((line) => [...line])).toEqual(values)
      for (const line of cut.slice(0, -1)) expect(endsLine(line)).toBe(true)
      for (const line of cut) expect(line.indexOf(10)).toBeOneOf([-1, line.length - 1])
    }),
  )
})
