import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCapture } from '../src/io/capture/read-capture.ts'
import { decodeLink } from '../src/wire/link.ts'
import { type PcapRecord, type PcapShape, pcapFile, pieces, readAll } from './capture-kit.ts'
import { captureFile, VECTORS } from './vectors.ts'
import { changes } from './wire-kit.ts'

const SHAPES: readonly (readonly [string, PcapShape, bigint])[] = [
  ['microseconds, little-endian', {}, 1000n],
  ['microseconds, big-endian', { isLittleEndian: false }, 1000n],
  ['nanoseconds, little-endian', { magic: 0xa1b23c4d }, 1n],
  ['nanoseconds, big-endian', { magic: 0xa1b23c4d, isLittleEndian: false }, 1n],
  ['the longer records of patched tcpdumps, little-endian', { magic: 0xa1b2cd34, surplus: 8 }, 1000n],
  ['the longer records, big-endian', { magic: 0xa1b2cd34, surplus: 8, isLittleEndian: false }, 1000n],
]

const record = fc
  .record({
    seconds: fc.nat(0xffffffff),
    fraction: fc.nat(999_999),
    octets: fc.uint8Array({ maxLength: 200 }),
    more: fc.nat(2000),
  })
  .map(({ more, octets, ...stamp }): PcapRecord => ({ ...stamp, octets, length: octets.length + more }))

describe('a classic capture', () => {
  it.each(SHAPES)('with %s is read as it was written, however it comes in pieces', (_, shape, unitNs) =>
    fc.assert(
      fc.asyncProperty(
        fc.array(record, { maxLength: 20 }),
        fc.nat(0xffff),
        fc.integer({ min: 1, max: 300 }),
        async (records, network, size) => {
          const { packets, end } = await readAll(pieces(pcapFile(records, { ...shape, network }), size))
          expect(end).toEqual({ packets: records.length, truncated: undefined })
          expect(packets.map(({ octets, ...rest }) => ({ ...rest, octets: [...octets] }))).toEqual(
            records.map(({ seconds = 0, fraction = 0, octets, length }) => ({
              linkType: network,
              octets: [...octets],
              length,
              timeNs: BigInt(seconds) * 1_000_000_000n + BigInt(fraction) * unitNs,
              interfaceId: 0,
            })),
          )
        },
      ),
    ),
  )

  it('has its link type without the bits that tell of a frame check sequence', async () => {
    const { packets } = await readAll(pcapFile([{ octets: Uint8Array.of(1) }], { network: 0x2400_0071 }))
    expect(packets[0]?.linkType).toBe(113)
  })

  it('is given packet by packet while it still grows', async () => {
    const file = pcapFile([{ octets: Uint8Array.of(1, 2) }, { octets: Uint8Array.of(3) }])
    const asked: number[] = []
    async function* growing(): AsyncGenerator<Uint8Array> {
      for (const [i, to] of [24, 42, 50, file.length].entries()) {
        asked.push(i)
        yield file.slice([0, 24, 42, 50][i], to)
      }
    }
    const captured = readCapture(growing(), 'it')
    expect((await captured.next()).value).toMatchObject({ octets: Uint8Array.of(1, 2) })
    expect(asked).toEqual([0, 1])
    expect((await captured.next()).value).toMatchObject({ octets: Uint8Array.of(3) })
    expect(asked).toEqual([0, 1, 2, 3])
  })

  it('is let go of when nobody wants the rest', async () => {
    let isLetGo = false
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        yield pcapFile([])
        for (;;) yield pcapFile([{ octets: new Uint8Array(50_000) }]).slice(24)
      } finally {
        isLetGo = true
      }
    }
    const captured = readCapture(endless(), 'it')
    for (let i = 0; i < 100; i++) await captured.next()
    await captured.return({ packets: 0, truncated: undefined })
    expect(isLetGo).toBe(true)
  })

  it('takes time and memory by its length, also in pieces of one octet', async () => {
    const octets = new Uint8Array(200_000)
    const { packets, end } = await readAll(pieces(pcapFile([{ octets }, { octets }]), 1))
    expect(packets.map((packet) => packet.octets.length)).toEqual([200_000, 200_000])
    expect(end?.truncated).toBeUndefined()
  })

  it('is an error where the source is one', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield pcapFile([{ octets: Uint8Array.of(1) }])
      throw new Error('the disk is gone')
    }
    const { packets, error } = await readAll(broken())
    expect(packets).toHaveLength(1)
    expect(error?.message).toBe('the disk is gone')
  })
})

const ONE = { octets: Uint8Array.of(1, 2, 3) }

it.each<readonly [string, PcapRecord, string]>([
  [
    'more captured octets than there can be',
    { ...ONE, captured: 262_145, length: 300_000 },
    'cannot read it: packet 2 claims 262145 captured octets, where 262144 are the most that there can be',
  ],
  [
    'more captured octets than there were on the wire',
    { ...ONE, length: 2 },
    'cannot read it: packet 2 claims 3 captured octets of 2 on the wire',
  ],
  [
    'a length that no wire carries',
    { ...ONE, length: 2 ** 31 },
    'cannot read it: packet 2 claims 2147483648 octets on the wire',
  ],
])('gives the packets before a record with %s, then an error', async (_, wrong, message) => {
  const { packets, error } = await readAll(pcapFile([ONE, wrong, ONE]))
  expect(packets).toHaveLength(1)
  expect(error).toMatchObject({ name: 'LocalFault', code: 'EBADMSG', message })
})

it.each<readonly [string, Uint8Array, string]>([
  ['nothing', new Uint8Array(), 'not a capture file: it is empty'],
  ['text', Buffer.from('hello'), 'not a capture file: it starts with 68 65 6c 6c'],
  ['two octets', Uint8Array.of(0xd4, 0xc3), 'not a capture file: it starts with d4 c3'],
  ['control characters', Buffer.from('\x1b[2J'), 'not a capture file: it starts with 1b 5b 32 4a'],
  ['a compressed file', Uint8Array.of(0x1f, 0x8b, 8, 0), 'it is compressed with gzip: decompress it first'],
  [
    'an old version',
    pcapFile([], { version: [2, 2] }),
    'it has version 2.2 of the capture format, only 2.4 is known',
  ],
  [
    'another version',
    pcapFile([], { version: [3, 4] }),
    'it has version 3.4 of the capture format, only 2.4 is known',
  ],
])('refuses %s in one sentence', async (_, file, why) => {
  expect((await readAll(file)).error).toMatchObject({
    name: 'LocalFault',
    code: 'EBADMSG',
    message: `cannot read it: ${why}`,
  })
})

describe('a recorded capture', () => {
  it.each(VECTORS.map((vector) => [vector.name, vector] as const))(
    '%s has the frames, and the time between probe and answer, that its index says',
    async (_, { files, frames, probeFrame, answerFrame, rttNs, probe }) => {
      const { packets: us, end } = await readAll(captureFile(files.us))
      expect(end).toEqual({ packets: frames.length, truncated: undefined })
      expect(us.map(({ linkType, octets }) => decodeLink(linkType, octets)?.network.kind)).not.toContain(
        'other',
      )
      if (files.ns === undefined) return
      const { packets: ns } = await readAll(captureFile(files.ns))
      expect(us).toEqual(ns.map((packet) => ({ ...packet, timeNs: ((packet.timeNs ?? 0n) / 1000n) * 1000n })))
      if (probeFrame === undefined || answerFrame === undefined) return
      const [sent, answered] = [ns[probeFrame - 1], ns[answerFrame - 1]]
      expect(Number((answered?.timeNs ?? 0n) - (sent?.timeNs ?? 0n))).toBe(rttNs)
      expect(frames[probeFrame - 1]?.sport).toBe(probe.sport)
    },
  )

  it.each<readonly [string, readonly string[], string | undefined]>([
    ['any-sll2-tcp4-syn-open.pcap', ['sll2', 'sll2', 'sll2', 'sll2', 'sll2'], undefined],
    ['any-sll-tcp4-syn-open.pcap', ['sll', 'sll', 'sll'], undefined],
    ['be-tcp4-syn-open.us.pcap', ['ethernet', 'ethernet', 'ethernet'], undefined],
    ['be-tcp4-syn-open.ns.pcap', ['ethernet', 'ethernet', 'ethernet'], undefined],
    ['raw-tcp4-syn-open.us.pcap', ['raw', 'raw', 'raw'], undefined],
    ['raw-tcp6-syn-open.us.pcap', ['raw', 'raw', 'raw'], undefined],
    ['tcp4-syn-open.pcapng', ['ethernet', 'ethernet', 'ethernet'], undefined],
    ['synthetic-snaplen62-admin-prohibited.us.pcap', ['ethernet', 'ethernet'], undefined],
    ['synthetic-cut-in-record.us.pcap', ['ethernet'], 'it ends inside packet 2'],
    ['synthetic-empty.us.pcap', [], undefined],
  ])('%s is read', async (file, links, truncated) => {
    const { packets, end } = await readAll(captureFile(file))
    expect(packets.map(({ linkType, octets }) => decodeLink(linkType, octets)?.link.kind)).toEqual(links)
    expect(end).toEqual({ packets: links.length, truncated })
  })

  it('tells what was captured of a packet from what it had on the wire', async () => {
    const { packets } = await readAll(captureFile('synthetic-snaplen62-admin-prohibited.us.pcap'))
    expect(packets.map(({ octets, length }) => [octets.length, length])).toEqual([
      [54, 54],
      [62, 82],
    ])
  })

  it.each(['be-tcp4-syn-open.ns.pcap', 'tcp4-syn-open.pcapng'])(
    '%s says the same as the classic file',
    async (file) => {
      expect((await readAll(captureFile(file))).packets).toEqual(
        (await readAll(captureFile('tcp4-syn-open.ns.pcap'))).packets,
      )
    },
  )

  it.each([
    ['synthetic-cut-in-header.us.pcap', 'it ends inside its header, after 20 of 24 octets'],
    [
      'synthetic-huge-caplen.us.pcap',
      'packet 1 claims 2147483647 captured octets, where 262144 are the most that there can be',
    ],
  ])('%s is an error', async (file, why) => {
    const { packets, error } = await readAll(captureFile(file))
    expect(packets).toEqual([])
    expect(error?.message).toBe(`cannot read it: ${why}`)
  })
})

const WHOLE = [
  'tcp4-syn-open.ns.pcap',
  'be-tcp4-syn-open.us.pcap',
  'udp6-reply.us.pcap',
  'tcp4-syn-open.pcapng',
]

describe('a damaged capture', () => {
  it.each(WHOLE)('%s, cut anywhere, gives every whole packet and says that it was cut', async (file) => {
    const whole = captureFile(file)
    const { packets } = await readAll(whole)
    let most = 0
    for (let to = 0; to < whole.length; to++) {
      const cut = await readAll(whole.slice(0, to))
      expect(cut.packets).toEqual(packets.slice(0, cut.packets.length))
      expect(cut.packets.length).toBeGreaterThanOrEqual(most)
      most = cut.packets.length
      if (cut.error === undefined) expect(cut.end?.packets).toBe(cut.packets.length)
      else
        expect(cut.error.message).toMatch(/^cannot read it: (not a capture file|it ends inside its header)/)
    }
    expect(most).toBe(packets.length - 1)
  })

  it.each([...WHOLE, ...VECTORS.slice(0, 12).map(({ files }) => files.us)])(
    '%s, with any octet changed, is read or refused with a sentence',
    async (file) => {
      for (const changed of changes(captureFile(file), 10)) {
        const { packets, end, error } = await readAll(changed.slice())
        if (error !== undefined) expect(error).toMatchObject({ name: 'LocalFault', code: 'EBADMSG' })
        else expect(end?.packets).toBe(packets.length)
        for (const { octets, length } of packets) expect(octets.length).toBeLessThanOrEqual(length)
      }
    },
  )

  it('made of anything at all is read or refused with a sentence', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          [],
          [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0],
          [0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0],
        ),
        fc.uint8Array({ maxLength: 400 }),
        async (start, rest) => {
          const { packets, end, error } = await readAll(Uint8Array.of(...start, ...rest))
          if (error === undefined) expect(end?.packets).toBe(packets.length)
          else expect(error).toMatchObject({ name: 'LocalFault', code: 'EBADMSG' })
        },
      ),
      { numRuns: 1000 },
    ))
})
