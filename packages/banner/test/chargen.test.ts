import { expect, it } from 'vitest'
import { chargen } from '../src/protocols/small/chargen.ts'
import { type Answer, detectorTests, probeOf, recorded } from './detector-kit.ts'

const service = { protocol: 'chargen' }
const [endless, datagram] = recorded('chargen')
const whole = endless?.octets ?? new Uint8Array()

detectorTests(chargen, [
  ...recorded('chargen').map(
    ({ proto, octets }): Answer => ({
      title: `by its answer over ${proto} (inetutils-inetd)`,
      octets,
      context: { transport: proto },
      service,
    }),
  ),
  { title: 'wherever in the ring it begins', octets: whole.slice(74 * 50), service },
  { title: 'not by one line over TCP', octets: datagram?.octets ?? '', service: undefined },
  {
    title: 'not by two lines that are the same',
    octets: `${whole.slice(0, 74)}`.repeat(2),
    service: undefined,
  },
  {
    title: 'not by less than a line',
    octets: whole.slice(0, 60),
    context: { transport: 'udp' },
    service: undefined,
  },
  { title: 'not by its characters in one line', octets: '!"#$%&\r\n', service: undefined },
])

it('is asked over UDP only', () => {
  expect(Array.from(probeOf(chargen, { transport: 'udp' }))).toEqual([0x0a])
  expect(probeOf(chargen)).toHaveLength(0)
})
