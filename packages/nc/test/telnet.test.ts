import fc from 'fast-check'
import { expect, it } from 'vitest'
import { telnetAnswers } from '../src/session/telnet.ts'

const answers = (hex: string) =>
  [...telnetAnswers(Uint8Array.from(Buffer.from(hex, 'hex')))].map((answer) =>
    Buffer.from(answer).toString('hex'),
  )

it.each([
  ['every kind of request', 'fffd01fffb03fffe05fffc06', ['fffc01', 'fffe03', 'fffc05', 'fffe06']],
  ['nothing but a request among subnegotiation', 'fffd18fffa1801fff078', ['fffc18']],
  ['a request after a doubled IAC', '61ffff62fffd01', ['fffc01']],
  ['commands that are no requests by nothing', 'fff6fffffd01fff9fffdfffb01fffd', ['fffcff']],
  ['a cut request by nothing', 'fffd', []],
])('answers %s', (_, hex, expected) => {
  expect(answers(hex)).toEqual(expected)
})

it('gives at most one answer of three octets for three octets received', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(255, 251, 252, 253, 254, 1, 240)), (octets) => {
      const all = [...telnetAnswers(Uint8Array.from(octets))]
      expect(all.length * 3).toBeLessThanOrEqual(octets.length)
      for (const [iac, verb] of all)
        expect([iac, verb]).toBeOneOf([
          [255, 252],
          [255, 254],
        ])
    }),
  )
})
