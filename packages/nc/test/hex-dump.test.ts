import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createHexDump } from '../src/session/hex-dump.ts'

function dump(...pieces: readonly (readonly ['sent' | 'received', Uint8Array])[]): string {
  let text = ''
  const hear = createHexDump((more) => {
    text += more
  })
  for (const [way, octets] of pieces) hear(way, octets)
  return text
}

it('counts each direction by itself and begins a line with each piece', () => {
  const text = dump(
    ['sent', Buffer.from('hello\n')],
    ['received', Buffer.from('0123456789abcdef\x1b[2J')],
    ['sent', Buffer.from('x')],
  )
  expect(text).toBe(
    [
      '> 00000000 68 65 6c 6c 6f 0a                               # hello.',
      '< 00000000 30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66 # 0123456789abcdef',
      '< 00000010 1b 5b 32 4a                                     # .[2J',
      '> 00000006 78                                              # x',
      '',
    ].join('\n'),
  )
})

const pieces = fc.array(fc.tuple(fc.constantFrom('sent', 'received'), fc.uint8Array({ maxLength: 3000 })), {
  maxLength: 6,
})

it('can be read back to the octets of both directions, and is plain ASCII', () => {
  fc.assert(
    fc.property(pieces, (all) => {
      const read = { '>': [] as number[], '<': [] as number[] }
      for (const line of dump(...all)
        .split('\n')
        .slice(0, -1)) {
        const [, mark, offset, hex] = /^([<>]) ([0-9a-f]{8,}) (.{48})# [ -~]{1,16}$/.exec(line) ?? []
        const octets = read[mark as '<' | '>']
        expect(Number.parseInt(offset ?? '', 16)).toBe(octets.length)
        octets.push(...Buffer.from((hex ?? '').replaceAll(' ', ''), 'hex'))
      }
      const whole = (way: string) => all.filter(([w]) => w === way).flatMap(([, octets]) => [...octets])
      expect(read).toEqual({ '>': whole('sent'), '<': whole('received') })
    }),
  )
})
