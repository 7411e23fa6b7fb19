import type { Protocol } from '../../model/protocol.ts'
import type { Details } from '../../model/service.ts'
import {
  BER,
  ber,
  berInteger,
  berString,
  type Element,
  readElement,
  readElements,
  readInteger,
  readUnsigned,
} from '../../octets/ber.ts'

/** RFC 3412 section 6, RFC 3416 section 3. */
const VERSION_3 = 3
const PDU = { get: 0xa0, report: 0xa8 } as const
const REPORTABLE = Uint8Array.of(0x04)
const USER_SECURITY = 3
const MOST_SIZE = 1472

/** Octets of an engine's name (RFC 3411 section 5). */
const ENGINE_ID = { least: 5, most: 32 } as const
/** The first bit of one that begins with the number of the maker. */
const HAS_MAKER = 0x80

const EMPTY = berString('')

/**
 * SNMP version 3 (RFC 3414 section 4): agents tell strangers, who have no community, the name of their engine, so that
 * they can begin to talk. It has the number of the maker in it and how long the agent has been running beside.
 */
export const snmpV3: Protocol = {
  name: 'snmp-v3',
  ports: { udp: [161] },
  probe({ random }) {
    const id = random() >>> 1
    const header = [berInteger(id), berInteger(MOST_SIZE), berString(REPORTABLE), berInteger(USER_SECURITY)]
    const security = ber(BER.sequence, EMPTY, berInteger(0), berInteger(0), EMPTY, EMPTY, EMPTY)
    const nothing = ber(PDU.get, berInteger(id), berInteger(0), berInteger(0), ber(BER.sequence))
    return ber(
      BER.sequence,
      berInteger(VERSION_3),
      ber(BER.sequence, ...header),
      berString(security),
      ber(BER.sequence, EMPTY, EMPTY, nothing),
    )
  },
  detect(octets, { sent, ended, transport }) {
    if (transport !== 'udp' || (octets[0] ?? BER.sequence) !== BER.sequence) return undefined
    const asked = messageIn(sent)
    if (asked === undefined || asked === 'more' || asked.kind !== PDU.get) return undefined
    const message = messageIn(octets)
    if (message === 'more') return ended ? undefined : 'more'
    if (message?.kind !== PDU.report || message.id !== asked.id) return undefined
    return { protocol: 'snmp', info: 'version 3', details: detailsOf(message) }
  },
}

interface Message {
  readonly kind: number
  readonly id: number
  readonly engine: Uint8Array
  /** Seconds since it began. */
  readonly upFor: number | undefined
}

function messageIn(octets: Uint8Array): Message | 'more' | undefined {
  const whole = readElement(octets)
  if (whole === undefined || whole === 'more') return whole
  const [version, header, security, scoped] = elementsIn(whole.value)
  const [id] = elementsIn(header)
  const [, , pdu] = elementsIn(scoped)
  const number = id && readInteger(id.contents)
  const isVersion3 = version?.tag === BER.integer && readInteger(version.contents) === VERSION_3
  if (!isVersion3 || number === undefined || pdu === undefined || security?.tag !== BER.octetString)
    return undefined
  const [engine, , time] = elementsIn(readElements(security.contents)?.[0])
  return {
    kind: pdu.tag,
    id: number,
    engine: engine?.tag === BER.octetString ? engine.contents : new Uint8Array(),
    upFor: time?.tag === BER.integer ? readUnsigned(time.contents) : undefined,
  }
}

const elementsIn = (element: Element | undefined): readonly Element[] =>
  (element?.tag === BER.sequence && readElements(element.contents)) || []

function detailsOf({ engine, upFor }: Message): Details {
  const isEngine = engine.length >= ENGINE_ID.least && engine.length <= ENGINE_ID.most
  const [first = 0, ...rest] = engine
  const maker = [first & ~HAS_MAKER, ...rest.slice(0, 3)].reduce((sum, octet) => sum * 256 + octet, 0)
  return {
    ...(isEngine && { 'engine id': Buffer.from(engine).toString('hex') }),
    ...(isEngine && (first & HAS_MAKER) !== 0 && { enterprise: maker }),
    ...(upFor !== undefined && { 'up for seconds': upFor }),
  }
}
