import { expect, it } from 'vitest'
import type { DetectContext, Protocol } from '../src/model/protocol.ts'
import type { Service } from '../src/model/service.ts'
import { BER, ber, berInteger, berOid, berString } from '../src/octets/ber.ts'
import { concat } from '../src/octets/octets.ts'
import { tftp } from '../src/protocols/files/tftp.ts'
import { snmp } from '../src/protocols/machines/snmp.ts'
import { stun } from '../src/protocols/talk/stun.ts'
import { contextOf, octetsOf, probeOf } from './detector-kit.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

const PLACE = 'Gerät im Büro'

function described(sent: Uint8Array): Uint8Array {
  const id = sent.subarray(sent.indexOf(0xa0) + 2, sent.indexOf(0xa0) + 8)
  const binding = ber(BER.sequence, berOid('1.3.6.1.2.1.1.1.0'), berString(utf8(PLACE)))
  const pdu = ber(0xa2, id, berInteger(0), berInteger(0), ber(BER.sequence, binding))
  return ber(BER.sequence, berInteger(1), berString('public'), pdu)
}

function software(sent: Uint8Array): Uint8Array {
  const value = utf8('Gerät im Büro 1')
  const attribute = concat(octetsOf('\x80\x22\0'), Uint8Array.of(value.length), value, new Uint8Array(3))
  return concat(octetsOf('\x01\x01\0'), Uint8Array.of(attribute.length), sent.subarray(4, 20), attribute)
}

const ANSWERS: readonly (readonly [Protocol, (sent: Uint8Array) => Uint8Array, Partial<Service>])[] = [
  [snmp, described, { info: PLACE }],
  [stun, software, { details: { software: 'Gerät im Büro 1' } }],
  [tftp, () => concat(octetsOf('\0\x05\0\x01'), utf8(PLACE), octetsOf('\0')), { info: PLACE }],
]

it.each(ANSWERS.map((answer) => [answer[0].name, ...answer] as const))(
  'what %s is told in UTF-8 is read as that',
  (_, protocol, answer, service) => {
    const sent = probeOf(protocol, { transport: 'udp' })
    const context: DetectContext = contextOf({ transport: 'udp', asked: protocol.name, sent })
    expect(protocol.detect(answer(sent), context)).toMatchObject(service)
  },
)
