import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The question that a vector asks: what became of this probe? */
export interface VectorProbe {
  readonly proto: 'tcp' | 'udp' | 'icmp' | 'icmp6' | 'arp' | 'nd'
  readonly dst: string
  readonly dport?: number
  readonly sport?: number
  /** `S`, `FPU`, empty for none. */
  readonly flags?: string
  /** Identifier of an ICMP probe. */
  readonly id?: number
}

/** A frame as an independent program took it apart. Which fields there are depends on `kind`. */
export interface VectorFrame {
  readonly kind: 'tcp' | 'udp' | 'icmp' | 'icmp6' | 'arp-request' | 'arp-reply' | 'ipv4-fragment'
  readonly src: string
  readonly dst: string
  readonly ttl?: number
  readonly sport?: number
  readonly dport?: number
  readonly flags?: string
  readonly seq?: number
  readonly ack?: number
  readonly type?: number
  readonly code?: number
  readonly id?: number
  readonly offset?: number
  readonly length?: number
  readonly quoted?: VectorQuote
}

/** The packet inside an ICMP error. */
export interface VectorQuote {
  readonly proto: number
  readonly src: string
  readonly dst: string
  readonly ttl?: number
  readonly sport?: number
  readonly dport?: number
  readonly icmp_type?: number
  readonly id?: number
  readonly seq?: number
}

/** One recorded probe with the right answer. */
export interface Vector {
  readonly name: string
  readonly description: string
  /** Made from recorded frames instead of being recorded. */
  readonly isSynthetic: boolean
  readonly probe: VectorProbe
  /** `open`, `closed`, `stealth`, `filtered`, `open|filtered`, `unfiltered`, `up`, `no answer`, `none`. */
  readonly state: string
  /** What the index adds to the state: `hop 1 of a traceroute`. */
  readonly remark: string | undefined
  /** `syn-ack`, `icmp-admin-prohibited`, … */
  readonly reason: string
  /** Numbers from 1; undefined when the probe never left, or nothing answered it. */
  readonly probeFrame: number | undefined
  readonly answerFrame: number | undefined
  /** In the file with nanoseconds. */
  readonly rttNs: number | undefined
  readonly frames: readonly VectorFrame[]
  /** The same packets with stamps in nanoseconds (where there is such a file), and with them cut to microseconds. */
  readonly files: { readonly ns: string | undefined; readonly us: string }
}

/** An entry of the index as it is in the file. */
interface Entry {
  readonly name: string
  readonly description: string
  readonly synthetic: boolean
  readonly files: readonly string[]
  readonly probe: VectorProbe
  readonly state: string
  readonly reason: string
  readonly probe_frame: number | null
  readonly answer_frame: number | null
  readonly rtt_ns: number | null
  readonly decoded: readonly VectorFrame[]
}

const FOLDER = new URL('captures/', import.meta.url)

/** The folder of the capture files, for programs. */
export const CAPTURES = fileURLToPath(FOLDER)

/** All capture files, also those that belong to no vector. */
export function captureNames(): readonly string[] {
  return readdirSync(FOLDER).filter((name) => name !== 'index.json')
}

/** The octets of a capture file. */
export function captureFile(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, FOLDER)))
}

/** One SYN and its answer from port 22, by each way in which captures are written. */
export const OPEN_PORT_CAPTURES = [
  'any-sll2-tcp4-syn-open.pcap',
  'any-sll-tcp4-syn-open.pcap',
  'be-tcp4-syn-open.us.pcap',
  'be-tcp4-syn-open.ns.pcap',
  'raw-tcp4-syn-open.us.pcap',
  'raw-tcp6-syn-open.us.pcap',
  'tcp4-syn-open.pcapng',
] as const

/** All recorded probes, in the order of the index. */
export const VECTORS: readonly Vector[] = (
  JSON.parse(readFileSync(new URL('index.json', FOLDER), 'utf8')) as readonly Entry[]
).map(vectorOf)

/** @throws when there is none of that name */
export function vector(name: string): Vector {
  const found = VECTORS.find((candidate) => candidate.name === name)
  if (found === undefined) throw new Error(`no vector ${name}`)
  return found
}

function vectorOf(entry: Entry): Vector {
  const [, state = entry.state, remark] = /^(.*?)(?: \((.*)\))?$/.exec(entry.state) ?? []
  const us = entry.files.find((file) => file.endsWith('.us.pcap'))
  if (us === undefined) throw new Error(`vector ${entry.name} has no file`)
  return {
    name: entry.name,
    description: entry.description,
    isSynthetic: entry.synthetic,
    probe: entry.probe,
    state,
    remark,
    reason: entry.reason,
    probeFrame: entry.probe_frame ?? undefined,
    answerFrame: entry.answer_frame ?? undefined,
    rttNs: entry.rtt_ns ?? undefined,
    frames: entry.decoded,
    files: { ns: entry.files.find((file) => file.endsWith('.ns.pcap')), us },
  }
}
