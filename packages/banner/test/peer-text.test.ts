import { expect, it } from 'vitest'
import { peerText } from '../src/model/peer-text.ts'

it.each([
  ['text in UTF-8', [0xc3, 0xa9, 0x21], 'é!'],
  ['octets that are not UTF-8', [0x41, 0xe9, 0xff], 'A\xe9\xff'],
  ['a character that is cut', [0x41, 0xc3], 'A\xc3'],
  ['a byte order mark', [0xef, 0xbb, 0xbf, 0x41], '\ufeffA'],
  ['nothing', [], ''],
])('reads %s without losing anything', (_, octets, text) => {
  expect(peerText(Uint8Array.from(octets))).toBe(text)
})
