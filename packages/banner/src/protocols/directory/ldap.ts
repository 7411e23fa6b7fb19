import { latin1 } from '../../dialogue/readers.ts'
import { clip, clipped } from '../../model/clip.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Details, Service } from '../../model/service.ts'
import {
  LDAP,
  readAnswer,
  readAttributes,
  readResult,
  rootSearch,
  START_TLS,
  tlsRequest,
} from './ldap-message.ts'

type Attributes = ReadonlyMap<string, readonly string[]>

/** Values of an attribute that are told at most. */
const MOST_VALUES = 20
const MOST_EVIDENCE = 2048

/** What is told under a name of its own, by the attribute's name (RFC 4512 section 5.1, MS-ADTS section 3.1.1.3.2). */
const TOLD = {
  'naming contexts': 'namingContexts',
  'LDAP versions': 'supportedLDAPVersion',
  'SASL mechanisms': 'supportedSASLMechanisms',
  'domain controller functionality': 'domainControllerFunctionality',
  'domain functionality': 'domainFunctionality',
} as const satisfies Record<string, string>

const ASKED = [
  'objectClass',
  'vendorName',
  'vendorVersion',
  'dnsHostName',
  'supportedCapabilities',
  'supportedExtension',
  ...Object.values(TOLD),
]

/** MS-ADTS section 3.1.1.3.4.3: what a server says it is. */
const CAPABILITIES: readonly (readonly [oid: string, name: string])[] = [
  ['1.2.840.113556.1.4.1851', 'Active Directory Lightweight Directory Services'],
  ['1.2.840.113556.1.4.800', 'Active Directory'],
]

/** LDAP version 3 (RFC 4511): the attributes of the server's own entry, as far as everybody may read them. */
export const ldap: Protocol = {
  name: 'ldap',
  ports: { tcp: [389, 3268] },
  tlsPorts: [636, 3269],
  probe: () => rootSearch(ASKED),
  detect(octets, { ended, secure }) {
    const answer = readAnswer(octets)
    if (answer === undefined) return undefined
    if (answer === 'more') return ended ? undefined : 'more'
    const { tag, contents } = answer.value
    if (tag !== LDAP.searchEntry) return refusal(contents)
    const attributes = readAttributes(contents)
    if (attributes === undefined) return undefined
    const text = latin1(octets.subarray(0, Math.min(answer.length, MOST_EVIDENCE)))
    return { ...describe(attributes, secure), evidence: [{ field: 'ldap.search_result', text }] }
  },
  async startTls(dialogue) {
    await dialogue.send(tlsRequest())
    const answer = await dialogue.receive(readAnswer)
    return answer?.tag === LDAP.extendedResponse && readResult(answer.contents)?.code === 0
  },
}

/** No entry: a result, or a notice that the server hangs up. */
function refusal(contents: Uint8Array): Service | undefined {
  const result = readResult(contents)
  if (result === undefined) return undefined
  if (result.code === 0) return { protocol: 'ldap' }
  const message = clipped(result.message)
  return { protocol: 'ldap', info: `result ${result.code}${message === undefined ? '' : `: ${message}`}` }
}

function describe(attributes: Attributes, secure: boolean): Service {
  const capabilities = attributes.get('supportedcapabilities') ?? []
  const role = CAPABILITIES.find(([oid]) => capabilities.includes(oid))?.[1]
  const hostname = clipped(attributes.get('dnshostname')?.[0])
  const details = detailsOf(attributes, secure)
  return {
    protocol: 'ldap',
    ...productOf(attributes),
    ...(role === undefined ? {} : { info: role }),
    ...(hostname === undefined ? {} : { hostname }),
    ...(Object.keys(details).length === 0 ? {} : { details }),
  }
}

/** OpenLDAP tells itself by a class, others by attributes (RFC 3045); a version may have the product in front. */
function productOf(attributes: Attributes): Pick<Service, 'product' | 'version'> {
  const product = clipped(attributes.get('vendorname')?.[0])
  const version = clipped(attributes.get('vendorversion')?.[0])
  if (version !== undefined) {
    const [, named, numbered] = /^(\S.{0,80}?)[ /](\d\S{0,80})/.exec(version) ?? []
    if (named !== undefined && numbered !== undefined) return { product: named, version: numbered }
    return product === undefined ? { version } : { product, version }
  }
  if (attributes.get('objectclass')?.includes('OpenLDAProotDSE')) return { product: 'OpenLDAP' }
  return product === undefined ? {} : { product }
}

function detailsOf(attributes: Attributes, secure: boolean): Details {
  const details: Record<string, readonly string[] | boolean> = {}
  for (const [told, name] of Object.entries(TOLD)) {
    const values = attributes.get(name.toLowerCase()) ?? []
    if (values.length > 0) details[told] = values.slice(0, MOST_VALUES).map((value) => clip(value))
  }
  const extensions = attributes.get('supportedextension')
  if (extensions !== undefined && !secure) details['TLS offered'] = extensions.includes(START_TLS)
  return details
}
