import { latin1 } from '../../dialogue/readers.ts'
import { bigEndian, read16 } from '../../octets/big-endian.ts'
import { concat } from '../../octets/octets.ts'

/** Header, sections and names of DNS (RFC 1035 section 4), which mDNS and NetBIOS share. Offsets in octets. */
const AT = { id: 0, flags: 2, questions: 4, answers: 6, authorities: 8, additionals: 10 } as const
const DNS_HEADER_LENGTH = 12

export const DNS_TYPE = { ptr: 12, txt: 16, nbstat: 33, srv: 33 } as const
export const DNS_CLASS = { internet: 1, chaos: 3 } as const

/** Flags of the header: answer, authoritative. */
export const DNS_FLAG = { answer: 0x8000, authoritative: 0x0400 } as const

/** Questions and records of one message at most; a longer one is nobody's answer to a small question. */
const MOST_RECORDS = 256
const MOST_NAME_LENGTH = 255
const MOST_LABEL_LENGTH = 63
const MOST_JUMPS = 16

/** The first octet of a pointer, in place of a label's length (section 4.1.4). */
const POINTER = 0xc0

export interface DnsQuestion {
  /** Labels with dots between, in lower case: `version.bind`. */
  readonly name: string
  readonly type: number
  readonly class: number
}

export interface DnsRecord extends DnsQuestion {
  /** Where its data begins in the message, and how long they are. */
  readonly at: number
  readonly length: number
}

export interface DnsMessage {
  readonly id: number
  readonly flags: number
  readonly questions: readonly DnsQuestion[]
  /** Those of all three sections, in their order. */
  readonly records: readonly DnsRecord[]
  /** Octets that it takes. */
  readonly length: number
}

/**
 * A question without wish for recursion.
 * @param room octets that an answer over UDP may have, where 512 are too few (RFC 6891 section 6.1.2)
 */
export function dnsQuery(id: number, { name, type, class: kind }: DnsQuestion, room?: number): Uint8Array {
  const labels = name
    .split('.')
    .map((label) => Uint8Array.from([label.length, ...Buffer.from(label, 'latin1')]))
  const header = bigEndian([
    [id, 2],
    [0, 2],
    [1, 2],
    [0, 4],
    [room === undefined ? 0 : 1, 2],
  ])
  const options = room === undefined ? NOTHING : roomFor(room)
  return concat(
    header,
    ...labels,
    bigEndian([
      [0, 1],
      [type, 2],
      [kind, 2],
    ]),
    options,
  )
}

const NOTHING = new Uint8Array(0)

/** An OPT record of the root's name, whose class is the size (RFC 6891 section 6.1.2). */
function roomFor(octets: number): Uint8Array {
  return bigEndian([
    [0, 1],
    [41, 2],
    [octets, 2],
    [0, 4],
    [0, 2],
  ])
}

interface Name {
  readonly name: string
  /** Behind it, or behind the pointer that ended it. */
  readonly next: number
}

/** A name, whose pointers (section 4.1.4) lead only backwards. */
export function readDnsName(octets: Uint8Array, start: number): Name | 'more' | undefined {
  const labels: string[] = []
  let next: number | undefined
  let at = start
  for (let jumps = 0; jumps <= MOST_JUMPS; jumps += 1) {
    const part = readLabels(octets, at)
    if (part === 'more' || part === undefined) return part
    labels.push(...part.labels)
    next ??= part.next
    if (part.pointer === undefined) return nameOf(labels, next)
    if (part.pointer >= at) return undefined
    at = part.pointer
  }
  return undefined
}

function nameOf(labels: readonly string[], next: number): Name | undefined {
  const name = labels.join('.').toLowerCase()
  return name.length > MOST_NAME_LENGTH ? undefined : { name, next }
}

interface Part {
  readonly labels: readonly string[]
  readonly next: number
  /** Where it goes on, where it does. */
  readonly pointer?: number
}

/** Labels up to the end of the name, or to a pointer. */
function readLabels(octets: Uint8Array, start: number): Part | 'more' | undefined {
  const labels: string[] = []
  let at = start
  while (at - start <= MOST_NAME_LENGTH) {
    const size = octets[at]
    if (size === undefined) return 'more'
    if (size === 0) return { labels, next: at + 1 }
    if (size >= POINTER) {
      if (at + 1 >= octets.length) return 'more'
      return { labels, next: at + 2, pointer: read16(octets, at) - POINTER * 0x100 }
    }
    if (size > MOST_LABEL_LENGTH) return undefined
    labels.push(latin1(octets.subarray(at + 1, at + 1 + size)))
    at += 1 + size
  }
  return undefined
}

/** The message at the beginning of the octets; `more` while it is not all there. */
export function readDnsMessage(octets: Uint8Array): DnsMessage | 'more' | undefined {
  if (octets.length < DNS_HEADER_LENGTH) return 'more'
  const count = [AT.answers, AT.authorities, AT.additionals].reduce((sum, at) => sum + read16(octets, at), 0)
  const asked = read16(octets, AT.questions)
  if (asked + count > MOST_RECORDS) return undefined
  const questions = readEntries(octets, DNS_HEADER_LENGTH, asked, questionAt)
  if (questions === 'more' || questions === undefined) return questions
  const records = readEntries(octets, questions.end, count, recordAt)
  if (records === 'more' || records === undefined) return records
  const [id, flags] = [read16(octets, AT.id), read16(octets, AT.flags)]
  return { id, flags, questions: questions.entries, records: records.entries, length: records.end }
}

interface Entry<T> {
  readonly entry: T
  readonly end: number
}

/** So many questions or records, one after another. */
function readEntries<T>(
  octets: Uint8Array,
  start: number,
  count: number,
  entryAt: (octets: Uint8Array, name: Name) => Entry<T>,
): { readonly entries: readonly T[]; readonly end: number } | 'more' | undefined {
  const entries: T[] = []
  let at = start
  for (let i = 0; i < count; i += 1) {
    const name = readDnsName(octets, at)
    if (name === undefined || name === 'more') return name
    const { entry, end } = entryAt(octets, name)
    if (end > octets.length) return 'more'
    entries.push(entry)
    at = end
  }
  return { entries, end: at }
}

function questionAt(octets: Uint8Array, { name, next }: Name): Entry<DnsQuestion> {
  return { entry: { name, type: read16(octets, next), class: read16(octets, next + 2) }, end: next + 4 }
}

function recordAt(octets: Uint8Array, name: Name): Entry<DnsRecord> {
  const { entry, end: ttlAt } = questionAt(octets, name)
  const length = read16(octets, ttlAt + 4)
  const at = ttlAt + 6
  return { entry: { ...entry, at, length }, end: at + length }
}

/** The strings of a TXT record in one (RFC 1035 section 3.3.14). */
export function dnsText(octets: Uint8Array, { at, length }: DnsRecord): string {
  const end = at + length
  let text = ''
  for (let i = at; i < end; i += 1 + (octets[i] ?? 0))
    text += latin1(octets.subarray(i + 1, Math.min(end, i + 1 + (octets[i] ?? 0))))
  return text
}

/**
 * Whether the octets may begin with the answer to the query (RFC 1035 section 4.1.1): its number and operation, and the
 * mark of an answer. undefined while too few have come.
 */
export function answersDns(octets: Uint8Array, query: Uint8Array): boolean | undefined {
  // Another protocol's question may have a number at the same place.
  if (query.length < DNS_HEADER_LENGTH || dnsQuestionIn(query) === undefined) return false
  const marks = [0xff, 0xff, 0xf8]
  const wanted = [query[0], query[1], ((query[2] ?? 0) & 0x78) | 0x80]
  for (const [i, mark] of marks.entries()) {
    const octet = octets[i]
    if (octet === undefined) return undefined
    if ((octet & mark) !== wanted[i]) return false
  }
  return true
}

/** The question in a query that was sent. */
export function dnsQuestionIn(query: Uint8Array): DnsQuestion | undefined {
  const message = readDnsMessage(query)
  return message === 'more' ? undefined : message?.questions[0]
}
