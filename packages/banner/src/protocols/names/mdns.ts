import { clip } from '../../model/clip.ts'
import { readable } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import {
  answersDns,
  DNS_CLASS,
  DNS_FLAG,
  DNS_TYPE,
  type DnsMessage,
  dnsQuery,
  dnsQuestionIn,
  readDnsMessage,
  readDnsName,
} from './dns-message.ts'

/** The kinds of services that a host has (RFC 6763 section 9). */
const KINDS = '_services._dns-sd._udp.local'

/** The wish for an answer to this address alone (RFC 6762 section 5.4). */
const UNICAST = 0x8000

/** Kinds that are told at most. */
const MOST_KINDS = 40

/** Multicast DNS (RFC 6762), asked by unicast. A name server may have this port as well: its answers are another's. */
export const mdns: Protocol = {
  name: 'mdns',
  ports: { udp: [5353] },
  probe: ({ random }) =>
    dnsQuery(random() >>> 16, { name: KINDS, type: DNS_TYPE.ptr, class: DNS_CLASS.internet | UNICAST }),
  detect(octets, { sent, ended, transport }) {
    const begun = transport === 'udp' && answersDns(octets, sent)
    if (begun === false || dnsQuestionIn(sent)?.name !== KINDS) return undefined
    const message = readDnsMessage(octets)
    if (message === 'more') return ended ? undefined : 'more'
    return message && serviceOf(message, octets)
  },
}

function serviceOf({ flags, records }: DnsMessage, octets: Uint8Array): Service | undefined {
  const kinds = new Set<string>()
  for (const { name, type, at } of records) {
    if (name !== KINDS || type !== DNS_TYPE.ptr) continue
    const read = readDnsName(octets, at)
    if (read !== undefined && read !== 'more') kinds.add(clip(readable(read.name.replace(/\.local$/, ''))))
  }
  // Answers of multicast DNS are authoritative, and without codes of errors (RFC 6762 section 18).
  const isAuthoritative = (flags & DNS_FLAG.authoritative) !== 0 && (flags & 15) === 0
  if (!isAuthoritative || kinds.size === 0) return undefined
  return { protocol: 'mdns', details: { services: [...kinds].slice(0, MOST_KINDS) } }
}
