import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createCaptureWriter } from '../src/io/capture/capture-writer.ts'
import { simIo } from '../src/sim/sim.ts'
import { joined, readAll } from './capture-kit.ts'

const LAST_NS = 2n ** 32n * 1_000_000_000n - 1n

/** Keeps what is written as a file would: the writer may use its memory again. */
function memory() {
  const parts: Uint8Array[] = []
  return {
    write: (octets: Uint8Array) => void parts.push(octets.slice()),
    file: () => joined(...parts),
    parts,
  }
}

const packet = fc.record({
  timeNs: fc.bigInt({ min: 0n, max: LAST_NS }),
  octets: fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc.nat(9000).map((length) => new Uint8Array(length).fill(7)),
  ),
  more: fc.nat(1000),
})

it('writes what is read again, to the nanosecond', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(packet, { maxLength: 40 }),
      fc.constantFrom(1, 101, 276),
      async (packets, linkType) => {
        const sink = memory()
        const writer = createCaptureWriter(sink, linkType)
        for (const { timeNs, octets, more } of packets) writer.packet(timeNs, octets, octets.length + more)
        writer.flush()
        const read = await readAll(sink.file())
        expect(read.end).toEqual({ packets: packets.length, truncated: undefined })
        expect(read.packets).toEqual(
          packets.map(({ timeNs, octets, more }) => ({
            linkType,
            octets: Uint8Array.from(octets),
            length: octets.length + more,
            timeNs,
            interfaceId: 0,
          })),
        )
      },
    ),
  ))

it('writes the header of a little-endian nanosecond file at once', () => {
  const sink = memory()
  createCaptureWriter(sink, 101)
  expect(Buffer.from(sink.file()).toString('hex')).toBe(
    '4d3cb2a1' + '0200' + '0400' + '00000000' + '00000000' + '00000400' + '65000000',
  )
})

it('collects packets, so that not each is a write of its own', () => {
  const sink = memory()
  const writer = createCaptureWriter(sink, 101)
  for (let i = 0; i < 1000; i++) writer.packet(0n, new Uint8Array(44), 44)
  expect(sink.parts).toHaveLength(1)
  for (let i = 0; i < 1000; i++) writer.packet(0n, new Uint8Array(44), 44)
  expect(sink.parts).toHaveLength(2)
  writer.flush()
  writer.flush()
  expect(sink.parts).toHaveLength(3)
  expect(sink.file()).toHaveLength(24 + 2000 * 60)
})

it.each([
  ['before 1970', -1n, 0n],
  ['after 2106', LAST_NS + 1n, LAST_NS],
])('moves times %s to the nearest that the format can say', async (_, timeNs, written) => {
  const sink = memory()
  const writer = createCaptureWriter(sink, 101)
  writer.packet(timeNs, Uint8Array.of(1), 1)
  writer.flush()
  expect((await readAll(sink.file())).packets[0]?.timeNs).toBe(written)
})

it('cuts packets that are longer than any reader takes, and says how long they were', async () => {
  const sink = memory()
  const writer = createCaptureWriter(sink, 101)
  for (let i = 0; i < 3; i++) writer.packet(0n, new Uint8Array(300_000).fill(i), 300_000)
  writer.flush()
  const { packets, error } = await readAll(sink.file())
  expect(error).toBeUndefined()
  expect(packets.map(({ octets, length }) => [octets.length, octets.at(-1), length])).toEqual([
    [262_144, 0, 300_000],
    [262_144, 1, 300_000],
    [262_144, 2, 300_000],
  ])
})

it('never says that fewer octets were on the wire than it has', async () => {
  const sink = memory()
  const writer = createCaptureWriter(sink, 101)
  writer.packet(0n, Uint8Array.of(1, 2, 3), 0)
  writer.flush()
  expect((await readAll(sink.file())).packets[0]?.length).toBe(3)
})

it('lets the fault of its sink through, and does not write the same again', () => {
  const sink = memory()
  let isFull = false
  const writer = createCaptureWriter(
    {
      write(octets) {
        if (isFull) throw new Error('no space left')
        sink.write(octets)
      },
    },
    101,
  )
  isFull = true
  writer.packet(0n, Uint8Array.of(1), 1)
  expect(() => writer.flush()).toThrow('no space left')
  isFull = false
  writer.flush()
  expect(sink.file()).toHaveLength(24)
})

it('writes into a file of the simulated machine, which can be read from there', async () => {
  const { system } = simIo({ ports: {} })
  const file = system.openOutput('/run.pcap')
  const writer = createCaptureWriter(file, 101)
  const octets = Uint8Array.from({ length: 256 }, (_, i) => i)
  writer.packet(5n, octets, 256)
  writer.flush()
  file.close()
  const { packets } = await readAll(system.openInput('/run.pcap'))
  expect(packets).toEqual([{ linkType: 101, octets, length: 256, timeNs: 5n, interfaceId: 0 }])
})
