import { BER, ber, berInteger, berString } from '../src/octets/ber.ts'
import { snmpV3 } from '../src/protocols/machines/snmp-v3.ts'
import { detectorTests, probeOf } from './detector-kit.ts'

const context = { transport: 'udp', sent: probeOf(snmpV3, { transport: 'udp' }) } as const
const ID = 0x12345678 >>> 1

/** A report (RFC 3414 section 3.2) of an engine. */
function report(engine: Uint8Array, id = ID, kind = 0xa8): Uint8Array {
  const empty = berString('')
  const header = [berInteger(id), berInteger(65_507), berString(Uint8Array.of(0)), berInteger(3)]
  const security = ber(BER.sequence, berString(engine), berInteger(7), berInteger(4000), empty, empty, empty)
  const pdu = ber(kind, berInteger(id), berInteger(0), berInteger(0), ber(BER.sequence))
  const scoped = ber(BER.sequence, berString(engine), empty, pdu)
  return ber(BER.sequence, berInteger(3), ber(BER.sequence, ...header), berString(security), scoped)
}
const ENGINE = Uint8Array.from([0x80, 0, 0x1f, 0x88, 4, 0x61, 0x62, 0x63])
const service = {
  protocol: 'snmp',
  info: 'version 3',
  details: { 'engine id': '80001f8804616263', enterprise: 8072, 'up for seconds': 4000 },
}

detectorTests(snmpV3, [
  { title: 'by the engine that it tells strangers', octets: report(ENGINE), context, service },
  {
    title: 'by an engine of the old form, without a maker',
    octets: report(ENGINE.map((octet, i) => (i === 0 ? 0 : octet))),
    context,
    service: { ...service, details: { 'engine id': '00001f8804616263', 'up for seconds': 4000 } },
  },
  {
    title: 'by a report without an engine',
    octets: report(new Uint8Array()),
    context,
    service: { ...service, details: { 'up for seconds': 4000 } },
  },
  { title: 'not by a report on another question', octets: report(ENGINE, 1), context, service: undefined },
  { title: 'not by another kind of answer', octets: report(ENGINE, ID, 0xa2), context, service: undefined },
  { title: 'not by its own question', octets: context.sent, context, service: undefined },
])
