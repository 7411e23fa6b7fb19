import { echo } from '../src/protocols/small/echo.ts'
import { detectorTests, octetsOf } from './detector-kit.ts'

const sent = octetsOf('GET / HTTP/1.0\r\n\r\n')

detectorTests(echo, [
  { title: 'by what was sent', octets: sent, context: { sent }, service: { protocol: 'echo' } },
  {
    title: 'and what follows is not looked at',
    octets: 'abc',
    context: { sent: octetsOf('ab') },
    service: { protocol: 'echo' },
  },
  { title: 'never where nothing was sent', octets: 'SSH-2.0-x\r\n', service: undefined },
  {
    title: 'not by empty lines, which prompts give back as well',
    octets: '\r\n\r\n> ',
    context: { sent: octetsOf('\r\n\r\n') },
    service: undefined,
  },
  { title: 'not by a part of it', octets: 'GET /', context: { sent }, service: undefined },
])
