import { expect, it } from 'vitest'
import { dns } from '../src/protocols/names/dns.ts'
import { netbiosNs } from '../src/protocols/names/netbios-ns.ts'
import { contextOf, detectorTests, probeOf, recorded } from './detector-kit.ts'

const context = { transport: 'udp', sent: probeOf(netbiosNs, { transport: 'udp' }) } as const
const samba = recorded().find(({ port }) => port === 137)?.octets ?? new Uint8Array()
const withCard = samba.slice()
withCard.set([0x52, 0x54, 0, 0x12, 0x34, 0x56], withCard.length - 46)

const service = {
  protocol: 'netbios-ns',
  hostname: 'LAB',
  details: {
    names: [
      'LAB<00>',
      'LAB<03>',
      'LAB<1d>',
      'LAB<1e> group',
      'LAB<20>',
      '\x01\x02__MSBROWSE__\x02<01> group',
    ],
    workgroup: 'LAB',
  },
}

detectorTests(netbiosNs, [
  { title: 'Samba by its names', octets: samba, context, service },
  {
    title: 'and by its network card, where that is told',
    octets: withCard,
    context,
    service: { ...service, details: { ...service.details, mac: '52:54:00:12:34:56' } },
  },
  { title: 'not when nobody asked', octets: samba, context: { transport: 'udp' }, service: undefined },
  { title: 'not by a list that is cut off', octets: samba.subarray(0, 100), context, service: undefined },
])

it('a list of NetBIOS names is not taken for one of DNS, which has the same form', () => {
  expect(dns.detect(samba, contextOf(context))).toBeUndefined()
})
