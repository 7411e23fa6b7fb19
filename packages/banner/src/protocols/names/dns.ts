import type { Transport } from '@portkit/core'
import type { Dialogue, Reader } from '../../dialogue/dialogue.ts'
import { told } from '../../model/peer-text.ts'
import type { DetectContext, ProbeContext, Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { bigEndian, read16 } from '../../octets/big-endian.ts'
import { concat } from '../../octets/octets.ts'
import { namedVersion } from '../kit/named-version.ts'
import {
  answersDns,
  DNS_CLASS,
  DNS_TYPE,
  type DnsMessage,
  dnsQuery,
  dnsQuestionIn,
  dnsText,
  readDnsMessage,
} from './dns-message.ts'
import { mdns } from './mdns.ts'
import { netbiosNs } from './netbios-ns.ts'

/** Answer codes (RFC 1035 section 4.1.1) in words. */
const REFUSALS: Readonly<Record<number, string>> = {
  1: 'format error',
  2: 'server failure',
  3: 'name error',
  4: 'not implemented',
  5: 'refused',
}

/** Two who stand in the list of authors that BIND has built in; recorded from BIND 9.18.49. */
const BIND_AUTHORS = ['Mark Andrews', 'Bob Halley']

/** A version without a name: `9.18.49-1~deb12u3-Debian`. */
const BARE_VERSION = /^\d{1,3}\.\d{1,5}[\w.+~-]{0,80}$/

/** DNS (RFC 1035). The question is for `version.bind`, which many servers answer with their version. */
export const dns: Protocol = {
  name: 'dns',
  ports: { tcp: [53], udp: [53] },
  probe: (context) => framed(question(context, 'version.bind'), context.transport),
  detect(octets, context) {
    // Their messages have the same form: DNS is what they leave.
    const others = mdns.detect(octets, context) ?? netbiosNs.detect(octets, context)
    if (others !== undefined) return others === 'more' ? 'more' : undefined
    const read = readAnswer(octets, context)
    if (read === undefined || read === 'more') return read
    return serviceOf(read.message, read.octets)
  },
  ask: askMore,
}

function question({ random }: Pick<ProbeContext, 'random'>, name: string, room?: number): Uint8Array {
  return dnsQuery(random() >>> 16, { name, type: DNS_TYPE.txt, class: DNS_CLASS.chaos }, room)
}

/** What fits into one packet everywhere: BIND's list of authors has some 570 octets. */
const ROOM = 1232

/** Over TCP the length comes first (RFC 7766 section 8). */
function framed(message: Uint8Array, transport: Transport): Uint8Array {
  return transport === 'tcp' ? concat(bigEndian([[message.length, 2]]), message) : message
}

const headOf = (transport: Transport): number => (transport === 'tcp' ? 2 : 0)

interface Answer {
  readonly message: DnsMessage
  /** The message alone. */
  readonly octets: Uint8Array
}

/** The answer to what was sent, if that was a query. */
function readAnswer(
  octets: Uint8Array,
  { sent, transport, ended }: Pick<DetectContext, 'sent' | 'transport' | 'ended'>,
): Answer | 'more' | undefined {
  const head = headOf(transport)
  const begun = answersDns(octets.subarray(head), sent.subarray(head))
  if (begun === false) return undefined
  const length = head === 0 ? octets.length : read16(octets, 0)
  if (octets.length < head + length || begun === undefined) return ended ? undefined : 'more'
  const body = octets.subarray(head, head + length)
  const message = readDnsMessage(body)
  // What is missing of a message inside of its length never comes.
  if (message === 'more') return head === 0 && !ended ? 'more' : undefined
  return message && repeatsQuestion(message, sent.subarray(head)) ? { message, octets: body } : undefined
}

/** Answers repeat the question, but for some errors. */
function repeatsQuestion({ questions: [repeated] }: DnsMessage, query: Uint8Array): boolean {
  return repeated === undefined || repeated.name === dnsQuestionIn(query)?.name
}

function texts({ message, octets }: Answer): readonly string[] {
  return message.records
    .filter(({ type, class: kind }) => type === DNS_TYPE.txt && kind === DNS_CLASS.chaos)
    .map((record) => dnsText(octets, record))
}

function serviceOf(message: DnsMessage, octets: Uint8Array): Service {
  const text = told(texts({ message, octets })[0])
  if (message.questions[0]?.name !== 'version.bind' || text === undefined) return refused(message)
  const named = namedVersion(text)
  const version = named?.version ?? (BARE_VERSION.test(text) ? text : undefined)
  const [, os] = /-(Debian|Ubuntu|RedHat)\b/.exec(text) ?? []
  return {
    protocol: 'dns',
    product: named?.product,
    version,
    // A text that is no version is what the administrator wants to be read.
    info: version === undefined ? `version.bind: ${text}` : undefined,
    os,
    evidence: [{ field: 'dns.versionbind', text }],
  }
}

function refused({ flags }: DnsMessage): Service {
  const why = REFUSALS[flags & 15]
  return { protocol: 'dns', info: why && `no version: ${why}` }
}

/**
 * BIND's version comes without its name, but its list of authors names it; the server's own name is asked for by its
 * older name for BIND, and as RFC 4892 has it for others. Nothing is asked where the first answer told nothing.
 */
async function askMore(service: Service, dialogue: Dialogue): Promise<Service> {
  const { evidence, version, product } = service
  await dialogue.receive(firstAnswer(dialogue.transport))
  if (evidence === undefined) return service
  const bare = version !== undefined && product === undefined
  const authors = bare ? await ask(dialogue, 'authors.bind') : []
  const isBind = BIND_AUTHORS.every((author) => authors?.includes(author))
  const names = authors && (await ask(dialogue, isBind ? 'hostname.bind' : 'id.server'))
  const hostname = told(names?.[0])
  return { ...service, ...(isBind && { product: 'BIND' }), ...(hostname !== undefined && { hostname }) }
}

/** The texts of the answer; undefined when none came. */
async function ask(dialogue: Dialogue, name: string): Promise<readonly string[] | undefined> {
  const { transport } = dialogue
  const sent = framed(question(dialogue, name, transport === 'udp' ? ROOM : undefined), transport)
  await dialogue.send(sent)
  const answer = await dialogue.receive(answerTo(sent, transport))
  return answer && texts(answer)
}

/** The answer that was judged already, which is whole. */
function firstAnswer(transport: Transport): Reader<true> {
  return (octets) => {
    const length = transport === 'tcp' ? 2 + read16(octets, 0) : octets.length
    return octets.length < Math.max(length, 2) ? 'more' : { value: true, length }
  }
}

function answerTo(sent: Uint8Array, transport: Transport): Reader<Answer> {
  return (octets, ended) => {
    const answer = readAnswer(octets, { sent, transport, ended })
    if (answer === undefined || answer === 'more') return answer
    return { value: answer, length: transport === 'tcp' ? 2 + answer.octets.length : octets.length }
  }
}
