import { expect, it } from 'vitest'
import { latin1 } from '../src/dialogue/readers.ts'
import { ssdp } from '../src/protocols/names/ssdp.ts'
import { http } from '../src/protocols/web/http.ts'
import { contextOf, detectorTests, octetsOf, probeOf } from './detector-kit.ts'

const udp = { transport: 'udp' } as const
const SERVER = 'Linux/3.10.33 UPnP/1.0 MiniUPnPd/1.9'
const answer = [
  'HTTP/1.1 200 OK',
  'CACHE-CONTROL: max-age=120',
  'ST: upnp:rootdevice',
  'USN: uuid:00bb5b90::upnp:rootdevice',
  'EXT:',
  `SERVER: ${SERVER}`,
  'LOCATION: http://192.0.2.1:5000/rootDesc.xml',
  '',
  '',
].join('\r\n')

detectorTests(ssdp, [
  {
    title: 'by what a router answers',
    octets: answer,
    context: udp,
    service: {
      protocol: 'ssdp',
      info: 'upnp:rootdevice',
      product: 'MiniUPnPd',
      version: '1.9',
      os: 'Linux 3.10.33',
      details: {
        server: SERVER,
        location: 'http://192.0.2.1:5000/rootDesc.xml',
        usn: 'uuid:00bb5b90::upnp:rootdevice',
      },
      evidence: [{ field: 'ssdp_header.server', text: SERVER }],
    },
  },
  { title: 'not over TCP', octets: answer, service: undefined },
  {
    title: 'not without its own fields',
    octets: 'HTTP/1.1 200 OK\r\n\r\n',
    context: udp,
    service: undefined,
  },
])

it('is no HTTP', () => {
  expect(http.detect(octetsOf(answer), contextOf(udp))).toBeUndefined()
})

it('asks for one answer, not for one of each service', () => {
  const text = latin1(probeOf(ssdp))
  expect(text).toContain('\r\nST: upnp:rootdevice\r\n')
  expect(text).toContain('\r\nMX: 1\r\n')
})
