import { expect, it } from 'vitest'
import { minecraft } from '../src/protocols/talk/minecraft.ts'
import { detectorTests, octetsOf, probeOf } from './detector-kit.ts'

const varInt = (value: number): string =>
  value < 0x80
    ? String.fromCharCode(value)
    : String.fromCharCode((value & 0x7f) | 0x80, ...octetsOf(varInt(value >>> 7)))

function response(json: string): string {
  const packet = `\0${varInt(json.length)}${json}`
  return varInt(packet.length) + packet
}

const status = (name: string, more = {}): string =>
  response(JSON.stringify({ version: { name, protocol: 765 }, players: { max: 20, online: 3 }, ...more }))

const numbers = { protocol: 765, players: 3, 'most players': 20 }
const utf16 = (text: string): string => Array.from(text, (c) => `\0${c}`).join('')
const kick = (text: string): string => `\xff\0${String.fromCharCode(text.length)}${utf16(text)}`

detectorTests(minecraft, [
  {
    title: 'by its status',
    octets: status('1.20.4', { description: 'A Minecraft Server' }),
    service: {
      protocol: 'minecraft',
      product: 'Minecraft',
      version: '1.20.4',
      details: { ...numbers, description: 'A Minecraft Server' },
    },
  },
  {
    title: 'by that of another server, which does not tell its own version',
    octets: status('Paper 1.20.4', { description: { text: 'Hi' }, favicon: 'x'.repeat(9000) }),
    service: {
      protocol: 'minecraft',
      product: 'Minecraft',
      info: 'Paper 1.20.4',
      details: { ...numbers, description: 'Hi' },
    },
  },
  {
    title: 'by the kick of an old server',
    octets: kick('\xa71\x00127\x001.4.7\0Hello\x002\x0010'),
    service: {
      protocol: 'minecraft',
      product: 'Minecraft',
      version: '1.4.7',
      details: { players: 2, 'most players': 10, description: 'Hello' },
    },
  },
  { title: 'not by half a status', octets: status('1.20.4').slice(0, 40), service: undefined },
  { title: 'not by lengths that do not fit', octets: `\x7f\0\x10{"version":{}}`, service: undefined },
  { title: 'not by JSON without a version', octets: response('{"players":{}}'), service: undefined },
  { title: 'not by what is no JSON', octets: response('{version: 1}'), service: undefined },
  { title: 'not by a command of Telnet', octets: '\xff\xfd\x18\xff\xfd\x20', service: undefined },
])

it('asks for the status of the host as it was typed', () => {
  const shake = '\x0f\0\xff\xff\xff\xff\x0f\x06db.lan\x63\xdd\x01'
  expect(probeOf(minecraft, { port: 25_565 })).toEqual(
    octetsOf(`${String.fromCharCode(shake.length - 1)}${shake.slice(1)}\x01\0`),
  )
})
