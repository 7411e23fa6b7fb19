import { expect, it } from 'vitest'
import { hexLines } from '../src/cli/hex-lines.ts'

it('has 16 octets on a line, with their offset and what of them can be read', () => {
  const octets = Uint8Array.from({ length: 18 }, (_, i) => 0x6f + i)
  expect(hexLines('<', 0xfffffff0, octets)).toBe(
    [
      '< fffffff0 6f 70 71 72 73 74 75 76 77 78 79 7a 7b 7c 7d 7e # opqrstuvwxyz{|}~',
      '< 100000000 7f 80                                           # ..',
      '',
    ].join('\n'),
  )
  expect(hexLines('>', 0, new Uint8Array())).toBe('')
})
