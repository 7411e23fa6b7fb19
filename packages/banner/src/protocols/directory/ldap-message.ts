import type { Taken } from '../../dialogue/dialogue.ts'
import { peerText } from '../../model/peer-text.ts'
import {
  BER,
  ber,
  berInteger,
  berString,
  type Element,
  readElement,
  readElements,
  readLength,
} from '../../octets/ber.ts'

/** RFC 4511 section 4: the tags of those operations that are of interest here. */
export const LDAP = {
  searchRequest: 0x63,
  searchEntry: 0x64,
  searchDone: 0x65,
  extendedRequest: 0x77,
  extendedResponse: 0x78,
} as const satisfies Record<string, number>

const ANSWERS: readonly number[] = [LDAP.searchEntry, LDAP.searchDone, LDAP.extendedResponse]

/** Octets of one message at most. */
const MOST = 60_000

/** The operation of the first message. Answers to other questions than those asked here are undefined. */
export function readAnswer(octets: Uint8Array): Taken<Element> | 'more' | undefined {
  if (octets.length === 0) return 'more'
  if (octets[0] !== BER.sequence) return undefined
  const size = readLength(octets)
  if (size === undefined || size === 'more') return size
  if (!mayHold(octets.subarray(size.length))) return undefined
  const message = readElement(octets, MOST)
  if (message === undefined || message === 'more') return message
  const [, operation] = readElements(message.value.contents) ?? []
  return operation === undefined ? undefined : { value: operation, length: message.length }
}

/** The beginning of a message, as much as there is of it, is its number and then the tag of an answer. */
function mayHold(octets: Uint8Array): boolean {
  const [tag = BER.integer, length = 1] = octets
  if (tag !== BER.integer || length < 1 || length > 4) return false
  const operation = octets[2 + length]
  return operation === undefined || ANSWERS.includes(operation)
}

/** What LDAPResult tells (RFC 4511 section 4.1.9): 0 is success. */
export function readResult(
  contents: Uint8Array,
): { readonly code: number; readonly message: string } | undefined {
  const [code, name, message] = readElements(contents) ?? []
  const isResult = code?.tag === BER.enumerated && code.contents.length === 1 && name?.tag === BER.octetString
  if (!isResult || message?.tag !== BER.octetString) return undefined
  return { code: code.contents[0] ?? 0, message: peerText(message.contents) }
}

/** A SearchResultEntry's attributes (RFC 4511 section 4.5.2), by their names in lower case. */
export function readAttributes(contents: Uint8Array): ReadonlyMap<string, readonly string[]> | undefined {
  const [name, list] = readElements(contents) ?? []
  const attributes = list?.tag === BER.sequence ? readElements(list.contents) : undefined
  if (name?.tag !== BER.octetString || attributes === undefined) return undefined
  const found = new Map<string, readonly string[]>()
  for (const { contents: attribute } of attributes) {
    const [type, values] = readElements(attribute) ?? []
    if (type === undefined || values?.tag !== BER.set) return undefined
    const texts = readElements(values.contents)?.map((value) => peerText(value.contents)) ?? []
    found.set(peerText(type.contents).toLowerCase(), texts)
  }
  return found
}

/** A search for the server's own entry (RFC 4512 section 5.1), for these attributes of it. */
export function rootSearch(attributes: readonly string[]): Uint8Array {
  const nothing = berString('')
  const search = ber(
    LDAP.searchRequest,
    nothing,
    // This entry only, aliases as they are, as many and as long as the server likes, values too.
    berInteger(0, BER.enumerated),
    berInteger(0, BER.enumerated),
    berInteger(0),
    berInteger(0),
    berInteger(0, BER.boolean),
    berString('objectClass', 0x87),
    ber(BER.sequence, ...attributes.map((name) => berString(name))),
  )
  return ber(BER.sequence, berInteger(1), search)
}

/** The extended operation StartTLS (RFC 4511 section 4.14.1). */
export function tlsRequest(): Uint8Array {
  return ber(BER.sequence, berInteger(1), ber(LDAP.extendedRequest, berString(START_TLS, 0x80)))
}

export const START_TLS = '1.3.6.1.4.1.1466.20037'
