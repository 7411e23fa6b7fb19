import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@portkit/lab/command'
import { NO_APPLICATION } from '../../core/test/tshark.ts'

/** One packet as tshark(1) takes it apart; what it does not have is ''. Numbers are tshark's own texts. */
export type Dissected = Readonly<Record<FieldName, string>>

/** Our names of tshark's fields, one for each family where it has two. */
const FIELDS = {
  source: ['ip.src', 'ipv6.src'],
  destination: ['ip.dst', 'ipv6.dst'],
  protocol: ['ip.proto', 'ipv6.nxt'],
  fragmentOf: ['ipv6.fraghdr.nxt'],
  hopLimit: ['ip.ttl', 'ipv6.hlim'],
  trafficClass: ['ip.dsfield', 'ipv6.tclass'],
  id: ['ip.id'],
  dontFragment: ['ip.flags.df'],
  moreFragments: ['ip.flags.mf', 'ipv6.fraghdr.more'],
  offset: ['ip.frag_offset', 'ipv6.fraghdr.offset'],
  headerLength: ['ip.hdr_len'],
  length: ['ip.len', 'ipv6.plen'],
  ipOption: ['ip.opt.type'],
  ipOptionLength: ['ip.opt.len'],
  ipOptionPointer: ['ip.opt.ptr'],
  from: ['tcp.srcport', 'udp.srcport'],
  to: ['tcp.dstport', 'udp.dstport'],
  flags: ['tcp.flags'],
  window: ['tcp.window_size_value'],
  seq: ['tcp.seq_raw'],
  ack: ['tcp.ack_raw'],
  urgent: ['tcp.urgent_pointer'],
  options: ['tcp.options'],
  payload: ['tcp.payload', 'udp.payload', 'data.data'],
  icmpType: ['icmp.type', 'icmpv6.type'],
  icmpCode: ['icmp.code', 'icmpv6.code'],
  icmpId: ['icmp.ident', 'icmpv6.echo.identifier'],
  icmpSeq: ['icmp.seq', 'icmpv6.echo.sequence_number'],
  originate: ['icmp.originate_timestamp'],
  receive: ['icmp.receive_timestamp'],
  ipSum: ['ip.checksum.status'],
  sum: ['tcp.checksum.status', 'udp.checksum.status', 'icmp.checksum.status', 'icmpv6.checksum.status'],
  malformed: ['_ws.malformed'],
  complaint: ['_ws.expert.severity'],
  reassembledIn: ['ip.reassembled_in', 'ipv6.reassembled.in'],
} as const

export type FieldName = keyof typeof FIELDS

/** Of the first occurrence only: an ICMP error quotes another header. */
const SETTINGS = ['ip.check_checksum', 'tcp.check_checksum', 'udp.check_checksum'].flatMap((name) => [
  '-o',
  `${name}:TRUE`,
])

const FILE_HEADER = 24
const RECORD_HEADER = 16

/** How many packets a pcap file of this machine's order holds. */
function lengthOf(file: Buffer): number {
  let records = 0
  for (
    let at = FILE_HEADER;
    at + RECORD_HEADER <= file.length;
    at += RECORD_HEADER + file.readUInt32LE(at + 8)
  )
    records += 1
  return records
}

/**
 * The packets of some captures, each as `NpingWorld.wire` gives it; tshark runs once for all of them.
 * @param isWhole put fragments together: what the last one completes is told with it
 * @throws {Error} when tshark complains
 */
export async function dissect(
  files: readonly Buffer[],
  isWhole = false,
): Promise<readonly (readonly Dissected[])[]> {
  const [first] = files
  if (first === undefined) return []
  const all = Buffer.concat([
    first.subarray(0, FILE_HEADER),
    ...files.map((file) => file.subarray(FILE_HEADER)),
  ])
  const assembling = ['ip', 'ipv6'].flatMap((name) => [
    '-o',
    `${name}.defragment:${isWhole ? 'TRUE' : 'FALSE'}`,
  ])
  const fields = Object.values(FIELDS).flatMap((names) => names.flatMap((name) => ['-e', name]))
  const args = [
    '-n',
    '-T',
    'fields',
    '-E',
    'occurrence=f',
    ...SETTINGS,
    ...NO_APPLICATION,
    ...assembling,
    ...fields,
  ]
  const packets = (await tshark(all, args)).split('\n').slice(0, -1).map(packetOf)
  let at = 0
  return files.map((file) => {
    const from = at
    at += lengthOf(file)
    return packets.slice(from, at)
  })
}

/** It reads files, but no pipe of ours. */
async function tshark(file: Uint8Array, args: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'dissected-'))
  try {
    const path = join(folder, 'wire.pcap')
    writeFileSync(path, file)
    const { stdout, stderr, status } = await run('tshark', ['-r', path, ...args])
    if (status !== 0) throw new Error(`tshark: ${stderr}`)
    return stdout
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function packetOf(line: string): Dissected {
  const values = line.split('\t')
  let at = 0
  const entries = Object.entries(FIELDS).map(([name, { length }]) => {
    const found = values.slice(at, at + length).find((value) => value !== '') ?? ''
    at += length
    // An IPv6 traffic class is shown as 32 bits.
    return [name, name === 'trafficClass' ? found.replace('0x000000', '0x') : found]
  })
  return Object.fromEntries(entries) as Dissected
}

const OWN = new Set(['10.77.0.1', 'fd77::1'])
/** Neighbour discovery, and reports about groups. */
const SYSTEMS_TYPES = new Set(['133', '134', '135', '136', '143'])

/** What the probe sent, but for what its system says by itself. */
export function sentAmong(packets: readonly Dissected[]): readonly Dissected[] {
  return packets.filter(
    ({ source, destination, icmpType, protocol }) =>
      OWN.has(source) &&
      destination !== MARKS &&
      !(protocol === '58' && SYSTEMS_TYPES.has(icmpType)) &&
      protocol !== '0',
  )
}

/** Where the lab's own marks go. */
const MARKS = '239.255.78.79'

/** tshark's words for a checksum. */
export const SUM = { bad: '0', good: '1' } as const
