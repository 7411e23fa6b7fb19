import { expect, it } from 'vitest'
import { daytime } from '../src/protocols/small/daytime.ts'
import { type Answer, detectorTests, probeOf, recorded } from './detector-kit.ts'

const dates = [
  'Fri Nov 20 15:06:16 2026',
  'Fri Nov  6 15:06:16 2026',
  'Fri Nov 20 15:06:16 UTC 2026',
  '22 FEB 82 17:37:43 PST',
  '20 NOV 2026 15:06:16 CEST',
  '2026-11-20 15:06:16',
  '2026-11-20T15:06:16Z',
]

detectorTests(daytime, [
  ...recorded('daytime').map(
    ({ proto, octets }): Answer => ({
      title: `by its answer over ${proto} (inetutils-inetd)`,
      octets,
      context: { transport: proto },
      service: { protocol: 'daytime', info: Buffer.from(octets).toString().trim() },
    }),
  ),
  ...dates.map(
    (date): Answer => ({
      title: `by ${date}`,
      octets: `${date}\r\n`,
      service: { protocol: 'daytime', info: date.replace('  ', ' ') },
    }),
  ),
  {
    title: 'by NIST',
    octets: '\n61364 26-11-20 15:06:16 00 0 0 716.4 UTC(NIST) * \n',
    service: { protocol: 'daytime', info: '61364 26-11-20 15:06:16 00 0 0 716.4 UTC(NIST) *' },
  },
  { title: 'not with words behind', octets: 'Fri Nov 20 15:06:16 2026 login:', service: undefined },
  { title: 'not without an end', octets: 'Fri Nov 20 15:06', service: undefined },
  { title: 'not without a month', octets: 'Foo Bar 20 15:06:16 2026\r\n', service: undefined },
  { title: 'not by SMTP', octets: '220 mail ESMTP\r\n', service: undefined },
  { title: 'not by nothing', octets: '', service: undefined },
])

it('is asked over UDP only', () => {
  expect(Array.from(probeOf(daytime, { transport: 'udp' }))).toEqual([0x0a])
  expect(probeOf(daytime)).toHaveLength(0)
})
