import { socks5 } from '../src/protocols/tunnels/socks5.ts'
import { type Answer, detectorTests, recorded } from './detector-kit.ts'

const context = { asked: 'socks5' }
const answers = [
  ['danted', 'no authentication'],
  ['tor-socks', 'user name and password'],
] as const

detectorTests(socks5, [
  ...answers.map(
    ([name, method]): Answer => ({
      title: `by what ${name} chose`,
      octets: recorded(name).find(({ probe }) => probe === 'socks5')?.octets ?? '',
      context,
      service: { protocol: 'socks5', details: { 'chosen method': method } },
    }),
  ),
  {
    title: 'by its refusal',
    octets: '\x05\xff',
    context,
    service: { protocol: 'socks5', details: { 'chosen method': 'no acceptable method' } },
  },
  { title: 'not where something else was asked', octets: '\x05\0', service: undefined },
  { title: 'not by a method that was not offered', octets: '\x05\x01', context, service: undefined },
  { title: 'not by a third octet', octets: '\x05\0\x0d', context, service: undefined },
  { title: 'not by one octet', octets: '\x05', context, service: undefined },
])
