import { toldOctets } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import {
  BER,
  ber,
  berInteger,
  berOid,
  berString,
  type Element,
  readElement,
  readElements,
  readInteger,
  readOid,
} from '../../octets/ber.ts'

/** RFC 3416 section 3, RFC 1901 section 3. */
const PDU = { get: 0xa0, response: 0xa2 } as const
const VERSION_2C = 1

/** RFC 3418 section 2. */
const OID = { description: '1.3.6.1.2.1.1.1.0', name: '1.3.6.1.2.1.1.5.0' } as const

/** Systems whose descriptions are what uname(1) says: system, host, release. */
const UNAME = /^(Linux|FreeBSD|OpenBSD|NetBSD|Darwin|SunOS) \S{1,255} (\d\S{0,80})/

/** SNMP version 2c (RFC 3416): asks with the user's community what the system says of itself. */
export const snmp: Protocol = {
  name: 'snmp',
  ports: { udp: [161] },
  probe({ random, wishes }) {
    const wanted = [OID.description, OID.name].map((oid) => ber(BER.sequence, berOid(oid), ber(BER.null)))
    const request = ber(
      PDU.get,
      berInteger(random() >>> 1),
      berInteger(0),
      berInteger(0),
      ber(BER.sequence, ...wanted),
    )
    return ber(BER.sequence, berInteger(VERSION_2C), berString(wishes.community), request)
  },
  detect(octets, { sent, ended, transport }) {
    if (transport !== 'udp' || (octets[0] ?? BER.sequence) !== BER.sequence) return undefined
    const asked = messageIn(sent)
    if (asked === undefined || asked === 'more' || asked.kind !== PDU.get) return undefined
    const message = messageIn(octets)
    if (message === 'more') return ended ? undefined : 'more'
    if (message?.kind !== PDU.response || message.id !== asked.id) return undefined
    return serviceOf(message.values)
  },
}

interface Message {
  readonly kind: number
  readonly id: number
  /** By object identifier. */
  readonly values: ReadonlyMap<string, string>
}

function messageIn(octets: Uint8Array): Message | 'more' | undefined {
  const whole = readElement(octets)
  if (whole === undefined || whole === 'more') return whole
  const [version, community, pdu] = elementsIn(whole.value, BER.sequence)
  if (version?.tag !== BER.integer || community?.tag !== BER.octetString || pdu === undefined)
    return undefined
  const [id, , , bindings] = elementsIn(pdu, pdu.tag)
  const number = id && readInteger(id.contents)
  if (number === undefined) return undefined
  return { kind: pdu.tag, id: number, values: valuesIn(bindings) }
}

const elementsIn = (element: Element | undefined, tag: number): readonly Element[] =>
  (element?.tag === tag && readElements(element.contents)) || []

/** The values that are texts. */
function valuesIn(bindings: Element | undefined): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const binding of elementsIn(bindings, BER.sequence)) {
    const [name, value] = elementsIn(binding, BER.sequence)
    const oid = name && readOid(name.contents)
    const text = value?.tag === BER.octetString ? toldOctets(value.contents) : undefined
    if (oid !== undefined && text !== undefined) values.set(oid, text)
  }
  return values
}

function serviceOf(values: ReadonlyMap<string, string>): Service {
  const description = values.get(OID.description)
  if (description === undefined) return { protocol: 'snmp', hostname: values.get(OID.name) }
  const [, system, release] = UNAME.exec(description) ?? []
  return {
    protocol: 'snmp',
    info: description,
    os: system && `${system} ${release}`,
    hostname: values.get(OID.name),
    evidence: [{ field: 'snmp.sys_description', text: description }],
  }
}
