import { addressText } from './address.mjs'

/**
 * TCP segments out of a pcap file (draft-ietf-opsawg-pcap): micro- and nanosecond files of both byte orders.
 *
 * @typedef {{
 *   readonly tNs: bigint,
 *   readonly family: 4 | 6,
 *   readonly src: string,
 *   readonly sport: number,
 *   readonly dst: string,
 *   readonly dport: number,
 *   readonly flags: string,
 *   readonly seq: number,
 *   readonly ack: number,
 *   readonly octets: number,
 *   readonly hops: number,
 * }} Segment `tNs` nanoseconds since 1970; `flags` letters out of `SARFPUEC`, in this order; `octets` of payload;
 *   `hops` the TTL or hop limit
 */

const MAGIC_MICRO = 0xa1b2c3d4
const MAGIC_NANO = 0xa1b23c4d
const FILE_HEADER = 24
const RECORD_HEADER = 16
/** Longer than any packet that tcpdump writes by default. */
const LONGEST_RECORD = 262_144

/** Link types: https://www.tcpdump.org/linktypes.html. */
const LINK = /** @type {const} */ ({ ethernet: 1, raw: 101 })
const ETHERTYPE = /** @type {const} */ ({ ipv4: 0x0800, ipv6: 0x86dd })

const FLAG_LETTERS = /** @type {const} */ ([
  ['S', 0x02],
  ['A', 0x10],
  ['R', 0x04],
  ['F', 0x01],
  ['P', 0x08],
  ['U', 0x20],
  ['E', 0x40],
  ['C', 0x80],
])

/**
 * The frames of a capture with their times. A last record that is cut short is left out.
 * @param {Buffer} file
 * @returns {{ readonly link: number, readonly frames: readonly { readonly tNs: bigint, readonly bytes: Buffer }[] }}
 * @throws {Error} when this is no pcap file or a record's length cannot be
 */
function readFrames(file) {
  const { u32, unitNs } = formatOf(file)
  const frames = []
  for (let at = FILE_HEADER; at + RECORD_HEADER <= file.length; ) {
    const length = u32(at + 8)
    if (length > LONGEST_RECORD) throw new Error(`pcap record of ${length} octets at ${at}`)
    const end = at + RECORD_HEADER + length
    if (end > file.length) break
    const tNs = BigInt(u32(at)) * 1_000_000_000n + BigInt(u32(at + 4)) * unitNs
    frames.push({ tNs, bytes: file.subarray(at + RECORD_HEADER, end) })
    at = end
  }
  return { link: u32(20) & 0xffff, frames }
}

/**
 * The TCP segments among a capture's packets, in the order of the file.
 * @param {Buffer} file @returns {readonly Segment[]}
 * @throws {Error} as `readFrames`, and for a link type other than Ethernet and raw IP
 */
export function readSegments(file) {
  const { link, frames } = readFrames(file)
  return frames.flatMap(({ tNs, bytes }) => {
    const packet = packetOf(link, bytes)
    const segment = packet && segmentOf(packet)
    return segment ? [{ tNs, ...segment }] : []
  })
}

/** @param {Buffer} file */
function formatOf(file) {
  if (file.length < FILE_HEADER) throw new Error('not a pcap file: too short')
  const [le, be] = [file.readUInt32LE(0), file.readUInt32BE(0)]
  const isLittle = le === MAGIC_MICRO || le === MAGIC_NANO
  const magic = isLittle ? le : be
  if (magic !== MAGIC_MICRO && magic !== MAGIC_NANO) throw new Error('not a pcap file: unknown magic number')
  const u32 = (/** @type {number} */ at) => (isLittle ? file.readUInt32LE(at) : file.readUInt32BE(at))
  return { u32, unitNs: magic === MAGIC_NANO ? 1n : 1000n }
}

/** @param {number} link @param {Buffer} frame @returns {Buffer | undefined} */
function packetOf(link, frame) {
  if (link === LINK.raw) return frame
  if (link !== LINK.ethernet) throw new Error(`pcap link type ${link} is neither Ethernet nor raw IP`)
  if (frame.length < 14) return undefined
  const type = frame.readUInt16BE(12)
  return type === ETHERTYPE.ipv4 || type === ETHERTYPE.ipv6 ? frame.subarray(14) : undefined
}

/** @param {Buffer} packet @returns {Omit<Segment, 'tNs'> | undefined} */
function segmentOf(packet) {
  const ip = (packet[0] ?? 0) >> 4 === 4 ? ipv4Of(packet) : ipv6Of(packet)
  if (ip === undefined || ip.tcp.length < 20) return undefined
  const { tcp, ...ends } = ip
  const flags = tcp.readUInt8(13)
  return {
    ...ends,
    sport: tcp.readUInt16BE(0),
    dport: tcp.readUInt16BE(2),
    seq: tcp.readUInt32BE(4),
    ack: tcp.readUInt32BE(8),
    flags: FLAG_LETTERS.flatMap(([letter, bit]) => (flags & bit ? [letter] : [])).join(''),
    octets: Math.max(0, tcp.length - (tcp.readUInt8(12) >> 4) * 4),
  }
}

/** @param {Buffer} packet */
function ipv4Of(packet) {
  if (packet.length < 20 || packet.readUInt8(9) !== 6 || packet.readUInt16BE(6) & 0x1fff) return undefined
  return {
    family: /** @type {const} */ (4),
    src: addressText(packet.subarray(12, 16)),
    dst: addressText(packet.subarray(16, 20)),
    hops: packet.readUInt8(8),
    tcp: packet.subarray((packet.readUInt8(0) & 0x0f) * 4, packet.readUInt16BE(2)),
  }
}

/** Extension headers are not followed. @param {Buffer} packet */
function ipv6Of(packet) {
  if (packet.length < 40 || packet.readUInt8(0) >> 4 !== 6 || packet.readUInt8(6) !== 6) return undefined
  return {
    family: /** @type {const} */ (6),
    src: addressText(packet.subarray(8, 24)),
    dst: addressText(packet.subarray(24, 40)),
    hops: packet.readUInt8(7),
    tcp: packet.subarray(40, 40 + packet.readUInt16BE(4)),
  }
}
