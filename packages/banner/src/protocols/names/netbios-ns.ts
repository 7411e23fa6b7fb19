import { latin1 } from '../../dialogue/readers.ts'
import { clipped } from '../../model/clip.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { read16 } from '../../octets/big-endian.ts'
import {
  answersDns,
  DNS_CLASS,
  DNS_TYPE,
  type DnsRecord,
  dnsQuery,
  dnsQuestionIn,
  readDnsMessage,
} from './dns-message.ts'

/** The name `*` with its padding, half an octet a letter (RFC 1002 section 4.1, RFC 1001 section 14.1). */
const ANY_NAME = `CK${'A'.repeat(30)}`

/** Octets of a name, of its number behind, of its flags (RFC 1002 section 4.2.18). */
const NAME_LENGTH = 15
const ENTRY_LENGTH = 18
const GROUP = 0x8000

/** What the number behind a name means. */
const SUFFIX = { machine: 0x00, browsers: 0x1e, fileServer: 0x20 } as const

interface Entry {
  readonly name: string
  readonly suffix: number
  readonly isGroup: boolean
}

/** NetBIOS name service (RFC 1002): asks for a host's own names. */
export const netbiosNs: Protocol = {
  name: 'netbios-ns',
  ports: { udp: [137] },
  probe: ({ random }) =>
    dnsQuery(random() >>> 16, { name: ANY_NAME, type: DNS_TYPE.nbstat, class: DNS_CLASS.internet }),
  detect(octets, { sent, ended, transport }) {
    const begun = transport === 'udp' && answersDns(octets, sent)
    if (begun === false || dnsQuestionIn(sent)?.name !== ANY_NAME.toLowerCase()) return undefined
    const message = readDnsMessage(octets)
    if (message === 'more') return ended ? undefined : 'more'
    const status = message?.records.find(({ type }) => type === DNS_TYPE.nbstat)
    return status && serviceOf(octets.subarray(0, status.at + status.length), status)
  },
}

function serviceOf(octets: Uint8Array, { at, length }: DnsRecord): Service | undefined {
  const count = octets[at] ?? 0
  if (length < 1 + count * ENTRY_LENGTH) return undefined
  const entries = Array.from({ length: count }, (_, i) => entryAt(octets, at + 1 + i * ENTRY_LENGTH))
  const own = (suffix: number, isGroup: boolean): string | undefined =>
    entries.find((entry) => entry.suffix === suffix && entry.isGroup === isGroup)?.name
  const hostname = own(SUFFIX.machine, false) ?? own(SUFFIX.fileServer, false)
  const workgroup = own(SUFFIX.machine, true) ?? own(SUFFIX.browsers, true)
  const address = macAt(octets, at + 1 + count * ENTRY_LENGTH)
  return {
    protocol: 'netbios-ns',
    hostname,
    details: {
      names: entries.slice(0, 40).map(({ name, suffix, isGroup }) => {
        const number = suffix.toString(16).padStart(2, '0')
        return `${name}<${number}>${isGroup ? ' group' : ''}`
      }),
      ...(workgroup !== undefined && { workgroup }),
      ...(address !== undefined && { mac: address }),
    },
  }
}

function entryAt(octets: Uint8Array, at: number): Entry {
  const flags = read16(octets, at + NAME_LENGTH + 1)
  return {
    name: clipped(latin1(octets.subarray(at, at + NAME_LENGTH))) ?? '',
    suffix: octets[at + NAME_LENGTH] ?? 0,
    isGroup: (flags & GROUP) !== 0,
  }
}

/** The address of its network card; undefined where it is all zeros, as Samba has it. */
function macAt(octets: Uint8Array, at: number): string | undefined {
  const address = octets.subarray(at, at + 6)
  if (address.length < 6 || address.every((octet) => octet === 0)) return undefined
  return Array.from(address, (octet) => octet.toString(16).padStart(2, '0')).join(':')
}
