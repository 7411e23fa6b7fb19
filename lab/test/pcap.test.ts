import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressBytes } from '../src/address.mjs'
import { readSegments } from '../src/pcap.mjs'
import { encodeTcp, FLAG } from '../src/tun/wire.mjs'

const SYN = encodeTcp({
  family: 6,
  src: addressBytes('fd78::1'),
  dst: addressBytes('fd78::2'),
  sport: 40_000,
  dport: 22,
  seq: 0xfffffffe,
  ack: 7,
  flags: FLAG.SYN | FLAG.ACK,
})

/** A pcap file with frames, each a second and a fraction later than the one before. */
function pcap(frames: readonly Buffer[], { nano = true, little = true, link = 101 } = {}): Buffer {
  const bytes = Buffer.alloc(24 + frames.reduce((sum, frame) => sum + 16 + frame.length, 0))
  const u32 = (value: number, at: number) =>
    little ? bytes.writeUInt32LE(value, at) : bytes.writeUInt32BE(value, at)
  u32(nano ? 0xa1b23c4d : 0xa1b2c3d4, 0)
  u32(262_144, 16)
  u32(link, 20)
  let at = 24
  frames.forEach((frame, i) => {
    u32(1_800_000_000 + i, at)
    u32(123_456, at + 4)
    u32(frame.length, at + 8)
    u32(frame.length, at + 12)
    frame.copy(bytes, at + 16)
    at += 16 + frame.length
  })
  return bytes
}

const ethernet = (type: number, packet: Buffer) =>
  Buffer.concat([Buffer.alloc(12), Buffer.from([type >> 8, type & 0xff]), packet])

describe('the pcap reader', () => {
  it.each([
    [true, true, 1_800_000_000_000_123_456n],
    [true, false, 1_800_000_000_000_123_456n],
    [false, true, 1_800_000_000_123_456_000n],
    [false, false, 1_800_000_000_123_456_000n],
  ])('reads times with nano=%s in byte order little=%s', (nano, little, tNs) => {
    expect(readSegments(pcap([SYN], { nano, little }))).toEqual([
      {
        tNs,
        family: 6,
        src: 'fd78::1',
        sport: 40_000,
        dst: 'fd78::2',
        dport: 22,
        flags: 'SA',
        seq: 0xfffffffe,
        ack: 7,
        octets: 0,
        hops: 64,
      },
    ])
  })

  it('takes only TCP out of Ethernet frames', () => {
    const arp = ethernet(0x0806, Buffer.alloc(28))
    const file = pcap([arp, ethernet(0x86dd, SYN), Buffer.alloc(3)], { link: 1 })
    expect(readSegments(file).map(({ dport }) => dport)).toEqual([22])
  })

  it('leaves out a record that is cut short', () => {
    const file = pcap([SYN, SYN])
    expect(readSegments(file.subarray(0, file.length - 1))).toHaveLength(1)
  })

  it('refuses what is no capture', () => {
    expect(() => readSegments(Buffer.alloc(0))).toThrow('not a pcap file: too short')
    expect(() => readSegments(Buffer.alloc(24))).toThrow('not a pcap file: unknown magic number')
    expect(() => readSegments(pcap([SYN], { link: 113 }))).toThrow('pcap link type 113')
    const huge = pcap([SYN])
    huge.writeUInt32LE(0xffffffff, 32)
    expect(() => readSegments(huge)).toThrow('pcap record of 4294967295 octets at 24')
  })

  it('never throws on what is inside the frames', () => {
    const frame = fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes))
    const lookalike = fc
      .tuple(fc.nat(SYN.length - 1), fc.nat(255), fc.nat(SYN.length))
      .map(([at, value, length]) => {
        const bytes = Buffer.from(SYN)
        bytes.writeUInt8(value, at)
        return bytes.subarray(0, length)
      })
    fc.assert(
      fc.property(fc.array(fc.oneof(frame, lookalike)), fc.constantFrom(1, 101), (frames, link) => {
        readSegments(pcap(frames, { link }))
        readSegments(
          pcap(
            frames.map((bytes) => ethernet(0x0800, bytes)),
            { link: 1 },
          ),
        )
      }),
    )
  })
})
