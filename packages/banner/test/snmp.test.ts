import { describe, expect, it } from 'vitest'
import { BER, ber, berInteger, berOid, berString } from '../src/octets/ber.ts'
import { snmp } from '../src/protocols/machines/snmp.ts'
import { detectorTests, probeOf, recorded, WISHES } from './detector-kit.ts'

// The recorded question had the number 0x01020304.
const context = {
  transport: 'udp',
  sent: probeOf(snmp, { transport: 'udp', random: () => 0x02040608 }),
} as const
const [missing, found] = recorded().filter(({ port, proto }) => port === 161 && proto === 'udp')

function answer(description: string, name: string): Uint8Array {
  const bind = (oid: string, text: string): Uint8Array => ber(BER.sequence, berOid(oid), berString(text))
  const values = ber(BER.sequence, bind('1.3.6.1.2.1.1.1.0', description), bind('1.3.6.1.2.1.1.5.0', name))
  const response = ber(0xa2, berInteger(0x01020304), berInteger(0), berInteger(0), values)
  return ber(BER.sequence, berInteger(1), berString('public'), response)
}

const described = (text: string, more: object = {}) => ({
  protocol: 'snmp',
  info: text,
  ...more,
  evidence: [{ field: 'snmp.sys_description', text }],
})
const LINUX = 'Linux db 6.1.0-26-amd64 #1 SMP Debian 6.1.112-1 x86_64'

detectorTests(snmp, [
  {
    title: "net-snmp, by its system's description",
    octets: found?.octets ?? '',
    context,
    service: described('Linux lab 6.1 Debian', { os: 'Linux 6.1' }),
  },
  {
    title: 'an agent without a description',
    octets: missing?.octets ?? '',
    context,
    service: { protocol: 'snmp' },
  },
  {
    title: 'an agent with a name',
    octets: answer(LINUX, 'db.lan'),
    context,
    service: described(LINUX, { os: 'Linux 6.1.0-26-amd64', hostname: 'db.lan' }),
  },
  { title: 'a device', octets: answer('Example Switch', ''), context, service: described('Example Switch') },
  { title: 'not by its own question', octets: context.sent, context, service: undefined },
  {
    title: 'not by an answer to another',
    octets: found?.octets ?? '',
    context: { transport: 'udp' },
    service: undefined,
  },
  { title: 'not over TCP', octets: found?.octets ?? '', context: { sent: context.sent }, service: undefined },
])

describe('the question of SNMP', () => {
  it("has the user's community in it", () => {
    const wishes = { ...WISHES, community: 's3cret' }
    expect(Buffer.from(probeOf(snmp, { wishes })).toString('latin1')).toContain('s3cret')
  })
})
