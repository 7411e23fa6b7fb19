import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PROGRAM = 'tshark'

/** Wireshark's dissector as a judge of the packets that we make: a program that shares no code with ours. */
export const hasTshark = spawnSync(PROGRAM, ['--version']).status === 0

/** A title that says why its tests are skipped. */
export const tsharkTitle = (what: string): string => (hasTshark ? what : `${what} (skipped: needs tshark)`)

/** What tshark says of one packet. */
export interface Dissection {
  /** Every value of the fields in the order of the packet, outer headers before the ones that are quoted. */
  readonly all: (...fields: string[]) => readonly string[]
  /** The first value of a field as tshark shows it; undefined when the packet has none. */
  readonly first: (field: string) => string | undefined
  /** The protocols that it saw, outermost first: `eth:ethertype:ip:tcp`. */
  readonly protocols: string
  /** What it finds fault with: warnings, errors and malformed parts, as it words them. */
  readonly complaints: readonly string[]
}

/** Checks every checksum, and judges each packet by itself instead of as part of a conversation. */
const PREFERENCES = [
  'ip.check_checksum:TRUE',
  'tcp.check_checksum:TRUE',
  'udp.check_checksum:TRUE',
  'tcp.analyze_sequence_numbers:FALSE',
  'tcp.relative_sequence_numbers:FALSE',
  'ip.defragment:FALSE',
  'ipv6.defragment:FALSE',
].flatMap((preference) => ['-o', preference])

/** Options that keep it from guessing an application by a port, which may be random, or by the payload, and finding that malformed. */
export const NO_APPLICATION: readonly string[] = ['tcp', 'udp'].flatMap((transport) => [
  '-d',
  `${transport}.port==0-65535,data`,
])

/** Complaints that are at least warnings (`_ws.expert.severity`); below are notes on a conversation, such as a SYN. */
const WARNING = 0x600000

/**
 * Lets tshark take packets apart, each from its link-layer header on.
 * @param linkType that of capture files: 1 Ethernet, 101 raw IP, 113 and 276 Linux cooked
 * @param applications also take apart what is behind TCP and UDP, by the port
 * @returns one dissection for each packet, in their order
 */
export function dissect(
  packets: readonly Uint8Array[],
  linkType = 1,
  { applications = false }: { readonly applications?: boolean } = {},
): readonly Dissection[] {
  const folder = mkdtempSync(join(tmpdir(), 'portkit-tshark-'))
  try {
    const file = join(folder, 'packets.pcap')
    writeFileSync(file, pcap(packets, linkType))
    const { stdout, stderr, status } = spawnSync(
      PROGRAM,
      ['-n', '-r', file, ...PREFERENCES, ...(applications ? [] : NO_APPLICATION), '-T', 'pdml'],
      {
        encoding: 'utf8',
        maxBuffer: 2 ** 28,
      },
    )
    const read = stdout.split('<packet>').slice(1).map(dissection)
    if (status === 0 && read.length === packets.length) return read
    throw new Error(`tshark read ${read.length} of ${packets.length} packets, status ${status}: ${stderr}`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A classic capture file: microseconds, little-endian. */
function pcap(packets: readonly Uint8Array[], linkType: number): Buffer {
  const head = Buffer.alloc(24)
  head.writeUInt32LE(0xa1b2c3d4, 0)
  head.writeUInt16LE(2, 4)
  head.writeUInt16LE(4, 6)
  head.writeUInt32LE(0x40000, 16)
  head.writeUInt32LE(linkType, 20)
  const records = packets.flatMap((octets, i) => {
    const record = Buffer.alloc(16)
    record.writeUInt32LE(i + 1, 0)
    record.writeUInt32LE(octets.length, 8)
    record.writeUInt32LE(octets.length, 12)
    return [record, octets]
  })
  return Buffer.concat([head, ...records])
}

interface Field {
  readonly name: string
  readonly show: string
}

/** Reads the elements of PDML, which are one a line with their attributes in quotes. */
function dissection(xml: string): Dissection {
  const fields: Field[] = [...xml.matchAll(/<(?:field|proto) ([^>]*)>/g)].map(([, attributes = '']) => ({
    name: attribute(attributes, 'name') ?? '',
    show: attribute(attributes, 'show') ?? attribute(attributes, 'showname') ?? '',
  }))
  const all = (...names: string[]): readonly string[] =>
    fields.filter(({ name }) => names.includes(name)).map(({ show }) => show)
  return {
    all,
    first: (name) => all(name)[0],
    protocols: all('frame.protocols')[0] ?? '',
    complaints: [...complaintsOf(fields), ...all('_ws.malformed')],
  }
}

/** An expert item is a group of fields: its message, its severity, its kind. */
function complaintsOf(fields: readonly Field[]): readonly string[] {
  return fields.flatMap(({ name, show }, i) => {
    if (name !== '_ws.expert.severity' || Number(show) < WARNING) return []
    const message = fields.slice(0, i).findLast((field) => field.name === '_ws.expert.message')
    return [message?.show ?? 'a complaint without words']
  })
}

function attribute(attributes: string, name: string): string | undefined {
  const text = new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1]
  return text?.replace(/&(lt|gt|quot|apos|amp);/g, (_, entity: string) => ENTITY[entity] ?? '')
}

const ENTITY: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
