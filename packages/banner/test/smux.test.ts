import { smux } from '../src/protocols/machines/smux.ts'
import { type Answer, detectorTests, octetsOf, recorded } from './detector-kit.ts'

const sent = octetsOf('\r\n')

detectorTests(smux, [
  ...recorded('snmpd-smux')
    .filter(({ probe }) => ['crlf', 'http-get', 'x11', 'ldap-rootdse'].includes(probe))
    .map(
      ({ probe, octets }): Answer => ({
        title: `by its answer to ${probe} (snmpd 5.9)`,
        octets,
        context: { sent },
        service: {
          protocol: 'smux',
          info: octets[2] === 2 ? 'closes: packet format' : 'closes: protocol error',
        },
      }),
    ),
  { title: 'not by a fourth octet', octets: 'A\x01\x02\x00', context: { sent }, service: undefined },
  { title: 'not by a reason that there is not', octets: 'A\x01\x06', context: { sent }, service: undefined },
  { title: 'not by two octets', octets: 'A\x01', context: { sent }, service: undefined },
  { title: 'not when nothing was asked', octets: 'A\x01\x02', service: undefined },
])
