import { expect, it } from 'vitest'
import { x11 } from '../src/protocols/screens/x11.ts'
import { detectorTests, recorded } from './detector-kit.ts'

const welcome = recorded('X11-Xvnc').find(({ probe }) => probe === 'x11')?.octets ?? new Uint8Array()
const reason = 'No protocol specified\n'
const refused = `\0\x16\x0b\0\0\0\x06\0${reason}\0\0`

function welcomeOf(vendor: string): Uint8Array {
  const octets = welcome.slice(0, 40 + vendor.length)
  octets[24] = vendor.length
  octets.set(
    Uint8Array.from(vendor, (c) => c.charCodeAt(0)),
    40,
  )
  return octets
}

detectorTests(x11, [
  {
    title: 'by its welcome (Xvnc)',
    octets: welcome,
    service: {
      protocol: 'x11',
      product: 'The X.Org Foundation',
      version: '1.21.1.6',
      info: 'open to everyone',
      details: { release: 12_101_006 },
    },
  },
  {
    title: 'by another vendor, whose release is not taken apart',
    octets: welcomeOf('Xi Graphics'),
    service: {
      protocol: 'x11',
      product: 'Xi Graphics',
      info: 'open to everyone',
      details: { release: 12_101_006 },
    },
  },
  {
    title: 'by its refusal',
    octets: refused,
    service: { protocol: 'x11', info: 'access refused', details: { refusal: 'No protocol specified' } },
  },
  { title: 'not by half a refusal', octets: refused.slice(0, 20), service: undefined },
  { title: 'not by another version', octets: refused.replace('\x0b', '\x0a'), service: undefined },
  { title: 'not by lengths that do not fit', octets: refused.replace('\x16', '\x30'), service: undefined },
])

it('is looked for at all displays', () => {
  expect(x11.ports.tcp).toHaveLength(64)
  expect(x11.ports.tcp?.at(-1)).toBe(6063)
})
