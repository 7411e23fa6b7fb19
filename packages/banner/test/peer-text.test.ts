import { describe, expect, it } from 'vitest'
import { peerText, told, toldOctets } from '../src/model/peer-text.ts'

it.each([
  ['text in UTF-8', [0xc3, 0xa9, 0x21], 'é!'],
  ['octets that are not UTF-8', [0x41, 0xe9, 0xff], 'A\xe9\xff'],
  ['a character that is cut', [0x41, 0xc3], 'A\xc3'],
  ['a byte order mark', [0xef, 0xbb, 0xbf, 0x41], '\ufeffA'],
  ['nothing', [], ''],
])('reads %s without losing anything', (_, octets, text) => {
  expect(peerText(Uint8Array.from(octets))).toBe(text)
})

describe('a long text of a peer', () => {
  it('is not cut within a character', () => {
    const octets = new TextEncoder().encode(`x${'ü'.repeat(3000)}`)
    for (const cut of [0, 1]) expect(toldOctets(octets.subarray(cut))).toBe(`${'xü'[cut]}${'ü'.repeat(198)}…`)
  })

  it('is read alike from octets and from their characters', () => {
    const text = 'Ger\xc3\xa4t'
    expect(told(text)).toBe('Gerät')
    expect(toldOctets(Uint8Array.from(text, (c) => c.charCodeAt(0)))).toBe('Gerät')
    expect(told('Ger\xe4t')).toBe('Ger\xe4t')
  })

  it.each([undefined, '', ' \r\n'])('is none where it is %j', (text) => {
    expect(told(text)).toBeUndefined()
  })
})
