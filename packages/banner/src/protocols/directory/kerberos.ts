import type { Transport } from '@portkit/core'
import type { Taken } from '../../dialogue/dialogue.ts'
import { latin1 } from '../../dialogue/readers.ts'
import { told } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import {
  BER,
  ber,
  berInteger,
  berString,
  type Element,
  readElement,
  readElements,
  readInteger,
} from '../../octets/ber.ts'
import { bigEndian, read32 } from '../../octets/big-endian.ts'
import { concat } from '../../octets/octets.ts'

/** RFC 4120 section 5.4.1 and 5.9.1: application tags, the version, kinds of messages. */
const TAG = {
  request: 0x6a,
  error: 0x7e,
  generalString: 0x1b,
  generalizedTime: 0x18,
  bitString: 0x03,
} as const
const VERSION = 5
const KIND = { request: 10, error: 30 } as const
const NAME = { principal: 1, service: 2 } as const
/** AES with 256 bits (RFC 3962). */
const AES_256 = 18

/** A realm that no server has (RFC 2606). */
const REALM = 'BANNER.INVALID'

/** Members of an error (section 5.9.1). */
const MEMBER = { kind: 1, time: 4, code: 6, realm: 9, text: 11 } as const

const CODES: Readonly<Record<number, string>> = {
  6: 'client unknown',
  7: 'server unknown',
  12: 'refused by policy',
  14: 'no common encryption',
  25: 'pre-authentication needed',
  52: 'answer too long for UDP',
  68: 'wrong realm',
}

const MOST_LENGTH = 16_384

/** Kerberos 5 (RFC 4120): asks for a ticket in a realm that is not there; the error tells the server's own and its time. */
export const kerberos: Protocol = {
  name: 'kerberos',
  ports: { tcp: [88], udp: [88] },
  probe: ({ transport, random }) => framed(request(random() >>> 1), transport),
  detect(octets, { sent, ended, transport }) {
    const head = headOf(transport)
    if (sent[head] !== TAG.request || (octets[head] ?? TAG.error) !== TAG.error) return undefined
    if (head > 0 && octets.length >= head && read32(octets, 0) > MOST_LENGTH) return undefined
    const error = readElement(octets.subarray(head), MOST_LENGTH)
    if (error === 'more') return ended ? undefined : 'more'
    return error && serviceOf(error)
  },
}

/** Over TCP the length comes first (section 7.2.2). */
const headOf = (transport: Transport): number => (transport === 'tcp' ? 4 : 0)

function framed(message: Uint8Array, transport: Transport): Uint8Array {
  return transport === 'tcp' ? concat(bigEndian([[message.length, 4]]), message) : message
}

const member = (number: number, ...contents: readonly Uint8Array[]): Uint8Array =>
  ber(0xa0 + number, ...contents)

function principal(kind: number, ...parts: readonly string[]): Uint8Array {
  const names = parts.map((part) => berString(part, TAG.generalString))
  return ber(BER.sequence, member(0, berInteger(kind)), member(1, ber(BER.sequence, ...names)))
}

/** An AS-REQ without options (section 5.4.1), valid until the end of 2037. */
function request(nonce: number): Uint8Array {
  const body = ber(
    BER.sequence,
    member(0, ber(TAG.bitString, new Uint8Array(5))),
    member(1, principal(NAME.principal, 'banner')),
    member(2, berString(REALM, TAG.generalString)),
    member(3, principal(NAME.service, 'krbtgt', REALM)),
    member(5, berString('20370913024805Z', TAG.generalizedTime)),
    member(7, berInteger(nonce)),
    member(8, ber(BER.sequence, berInteger(AES_256))),
  )
  const [version, kind] = [berInteger(VERSION), berInteger(KIND.request)]
  return ber(TAG.request, ber(BER.sequence, member(1, version), member(2, kind), member(4, body)))
}

function serviceOf({ value }: Taken<Element>): Service | undefined {
  const members = new Map<number, Element>()
  for (const { tag, contents } of within(within([value], TAG.error), BER.sequence)) {
    const [inner] = readElements(contents) ?? []
    if (inner !== undefined) members.set(tag - 0xa0, inner)
  }
  if (numberIn(members.get(0)) !== VERSION || numberIn(members.get(MEMBER.kind)) !== KIND.error)
    return undefined
  const code = numberIn(members.get(MEMBER.code))
  const realm = textIn(members.get(MEMBER.realm))
  const time = timeIn(textIn(members.get(MEMBER.time)))
  const said = textIn(members.get(MEMBER.text))
  const details = {
    ...(realm !== undefined && realm !== REALM && { realm }),
    ...(time !== undefined && { time }),
    ...(said !== undefined && { text: said }),
  }
  return {
    protocol: 'kerberos',
    info: code === undefined ? undefined : (CODES[code] ?? `error ${code}`),
    details,
  }
}

/** What the only element is made of, if it is one of that kind. */
function within([element]: readonly Element[], tag: number): readonly Element[] {
  return (element?.tag === tag && readElements(element.contents)) || []
}

const numberIn = (element: Element | undefined): number | undefined =>
  element?.tag === BER.integer ? readInteger(element.contents) : undefined

const textIn = (element: Element | undefined): string | undefined =>
  element && told(latin1(element.contents).replace(/\0/g, ''))

/** `2026-11-21T17:02:03Z` of `20261121170203Z`. */
function timeIn(text: string | undefined): string | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '')
  if (parts === null) return undefined
  const [, year, month, day, hour, minute, second] = parts
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`
}
