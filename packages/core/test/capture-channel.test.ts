import { expect, it } from 'vitest'
import { createCaptureChannel, type Replay } from '../src/io/capture/capture-channel.ts'
import { readCapture } from '../src/io/capture/read-capture.ts'
import type { SeenPacket } from '../src/io/packets.ts'
import { decodeLink } from '../src/wire/link.ts'
import { joined, pcapFile, pcapngBlocks, pieces } from './capture-kit.ts'
import { captureFile, vector } from './vectors.ts'

const { section, interface: description, enhanced, simple } = pcapngBlocks(true)
const PACKET = Uint8Array.of(0x45, 1, 2, 3)
const NEVER = new AbortController().signal

interface Played {
  readonly seen: readonly SeenPacket[]
  readonly replay: Replay
  readonly wallOffsetNs: bigint
}

async function played(file: Uint8Array, signal = NEVER, see = (_: SeenPacket): void => {}): Promise<Played> {
  const channel = createCaptureChannel(readCapture(pieces(file), 'it'))
  const seen: SeenPacket[] = []
  const replay = await channel.play((packet) => {
    seen.push({ ...packet })
    see(packet)
  }, signal)
  return { seen, replay, wallOffsetNs: channel.wallOffsetNs() }
}

it('plays a capture as live packets would come, with times since the first', async () => {
  const { files, rttNs } = vector('tcp4-syn-open')
  const { seen, replay, wallOffsetNs } = await played(captureFile(files.ns ?? ''))
  expect(seen.map(({ timeNs }) => timeNs)).toEqual([0, rttNs, expect.any(Number)])
  expect(new Date(Number(wallOffsetNs / 1_000_000n)).getUTCFullYear()).toBe(2026)
  for (const packet of seen) {
    expect(packet).toMatchObject({
      linkType: 1,
      from: 0,
      direction: 'unknown',
      era: 0,
      isHeaderRebuilt: false,
    })
    expect(decodeLink(packet.linkType, packet.octets, packet.from, packet.to)?.network.kind).toBe('ipv4')
    expect(packet.to).toBe(packet.length)
  }
  expect(replay).toEqual({ packets: 3, truncated: undefined, unknown: new Map(), isStopped: false })
})

it('counts packets of link types that nobody knows instead of playing them', async () => {
  const file = joined(
    section(),
    description(147),
    description(101),
    ...[0, 1, 0].map((id) => enhanced(id, 0n, PACKET)),
  )
  const { seen, replay } = await played(file)
  expect(seen.map(({ linkType }) => linkType)).toEqual([101])
  expect(replay).toMatchObject({ packets: 3, unknown: new Map([[147, 2]]) })
})

it('takes packets in front of the first one as they are', async () => {
  const records = [10, 8].map((seconds) => ({ seconds, octets: PACKET }))
  const { seen, wallOffsetNs } = await played(pcapFile(records, { network: 101 }))
  expect(seen.map(({ timeNs }) => timeNs)).toEqual([0, -2_000_000_000])
  expect(wallOffsetNs).toBe(10_000_000_000n)
})

it('gives packets without a time eras of their own, so that no time between them counts', async () => {
  const file = joined(section(), description(101), simple(PACKET), simple(PACKET), enhanced(0, 5n, PACKET))
  const { seen, wallOffsetNs } = await played(file)
  expect(seen.map(({ era, timeNs }) => [era, timeNs])).toEqual([
    [1, 0],
    [2, 0],
    [0, 0],
  ])
  expect(wallOffsetNs).toBe(5000n)
})

it('says that a capture was cut, behind its last whole packet', async () => {
  const { seen, replay } = await played(captureFile('synthetic-cut-in-record.us.pcap'))
  expect(seen).toHaveLength(1)
  expect(replay).toMatchObject({ packets: 1, truncated: 'it ends inside packet 2' })
})

it('stops when it is told to, and lets go of the file', async () => {
  const stop = new AbortController()
  const file = pcapFile(
    Array.from({ length: 9 }, () => ({ octets: PACKET })),
    { network: 101 },
  )
  let isLetGo = false
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      yield file
      yield file
    } finally {
      isLetGo = true
    }
  }
  const channel = createCaptureChannel(readCapture(source(), 'it'))
  let packets = 0
  const replay = await channel.play(() => {
    packets++
    if (packets === 4) stop.abort()
  }, stop.signal)
  expect(packets).toBe(4)
  expect(replay).toEqual({ packets: 4, truncated: undefined, unknown: new Map(), isStopped: true })
  expect(isLetGo).toBe(true)
})

it('calls a file stopped, not cut or no capture, whose source ended because of the signal', async () => {
  for (const have of [0, 30]) {
    const stop = new AbortController()
    async function* source(): AsyncGenerator<Uint8Array> {
      yield pcapFile([{ octets: PACKET }]).slice(0, have)
      stop.abort()
    }
    const replay = await createCaptureChannel(readCapture(source(), 'it')).play(() => {}, stop.signal)
    expect(replay).toEqual({ packets: 0, truncated: undefined, unknown: new Map(), isStopped: true })
  }
})

it('fails with what the file or its own reader fails with', async () => {
  await expect(played(captureFile('synthetic-huge-caplen.us.pcap'))).rejects.toMatchObject({
    code: 'EBADMSG',
  })
  const refuse = (): void => {
    throw new Error('not mine')
  }
  await expect(played(pcapFile([{ octets: PACKET }]), NEVER, refuse)).rejects.toThrow('not mine')
})
