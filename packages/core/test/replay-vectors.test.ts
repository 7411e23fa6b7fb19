import { describe, expect, it } from 'vitest'
import { createCaptureChannel } from '../src/io/capture/capture-channel.ts'
import { readCapture } from '../src/io/capture/read-capture.ts'
import { classify } from '../src/model/verdict.ts'
import type { Sighting } from '../src/probes/packet/sighting.ts'
import type { ShotAnswer } from '../src/run/exchange/listener.ts'
import { createReplay } from '../src/run/exchange/replay.ts'
import { flagsOf } from '../src/wire/tcp-flags.ts'
import { pieces } from './capture-kit.ts'
import { judged, PROBED } from './capture-runs.ts'
import { captureFile, OPEN_PORT_CAPTURES, VECTORS, type VectorProbe, vector } from './vectors.ts'

const NEVER = new AbortController().signal

function isAsked(probe: VectorProbe, sighting: Sighting): boolean {
  switch (sighting.kind) {
    case 'tcp':
      return (
        probe.proto === 'tcp' &&
        sighting.destination === probe.dst &&
        sighting.destinationPort === probe.dport &&
        sighting.sourcePort === probe.sport &&
        sighting.flags === flagsOf(probe.flags === 'none' ? '' : (probe.flags ?? ''))
      )
    case 'udp':
      return (
        probe.proto === 'udp' &&
        sighting.destination === probe.dst &&
        sighting.destinationPort === probe.dport
      )
    case 'icmp':
      return probe.proto.startsWith('icmp') && sighting.destination === probe.dst
    case 'arp':
      return probe.proto === 'arp' && sighting.destination === probe.dst
    case 'neighbour':
      return probe.proto === 'nd' && sighting.target === probe.dst
    case 'icmp-error':
      return false
  }
}

interface Outcome {
  readonly state: string
  readonly reason: string
  readonly rttNs: number | undefined
  readonly clock: string | undefined
}

/** What became of each probe that was asked for, in their order. */
async function outcomes(file: string, probe: VectorProbe) {
  const found = new Map<number, Outcome>()
  const again: number[] = []
  const replay = createReplay({
    timeoutNs: 10e9,
    selects: (sighting) => isAsked(probe, sighting),
    listener: {
      answered(index: number, { kind, observe, timing }: ShotAnswer) {
        const method = replay.aimOf(index)?.probe.method ?? 'tcp'
        if (kind === 'again') again.push(index)
        else found.set(index, { ...classify(observe(), method), rttNs: timing.rttNs, clock: timing.clock })
      },
      silent(index, waitedNs) {
        const method = replay.aimOf(index)?.probe.method ?? 'tcp'
        const silence = { kind: 'silence', waitedNs, syns: 1 } as const
        found.set(index, { ...classify(silence, method), rttNs: undefined, clock: undefined })
      },
    },
  })
  const captured = readCapture(pieces(captureFile(file)), file)
  await createCaptureChannel(captured).play((packet) => replay.see(packet), NEVER)
  replay.end()
  return { all: [...found].sort(([a], [b]) => a - b).map(([, outcome]) => outcome), again }
}

describe('recorded packets', () => {
  it.each(PROBED)('$name: $description', async (recorded) => {
    const { probe, files, rttNs } = recorded
    for (const file of [files.us, files.ns]) {
      if (file === undefined) continue
      const [first] = (await outcomes(file, probe)).all
      expect(first, file).toMatchObject(judged(recorded))
      if (file === files.ns || rttNs === undefined) expect(first?.rttNs, file).toBe(rttNs)
      else expect(Math.abs((first?.rttNs ?? 0) - rttNs), file).toBeLessThan(1000)
    }
  })

  it('holds probes that never left', async () => {
    const absent = VECTORS.filter(({ probeFrame }) => probeFrame === undefined)
    expect(absent.map(({ name }) => name)).toEqual(['tcp4-syn-no-arp'])
    for (const { files, probe } of absent) expect((await outcomes(files.us, probe)).all).toEqual([])
  })

  it.each(OPEN_PORT_CAPTURES)('%s holds an open port', async (file) => {
    const seen: Outcome[] = []
    const replay = createReplay({
      timeoutNs: 10e9,
      listener: {
        answered(index: number, { observe, timing }: ShotAnswer) {
          const method = replay.aimOf(index)?.probe.method ?? 'tcp'
          seen.push({ ...classify(observe(), method), rttNs: timing.rttNs, clock: timing.clock })
        },
      },
    })
    await createCaptureChannel(readCapture(pieces(captureFile(file)), file)).play(
      (packet) => replay.see(packet),
      NEVER,
    )
    expect(seen).toEqual([{ state: 'open', reason: 'syn-ack', rttNs: expect.any(Number), clock: 'packet' }])
  })

  it('pairs each answer with its own probe when two go from one port', async () => {
    const { files, probe } = vector('tcp4-synack-two-probes-same-port')
    const { all, again } = await outcomes(files.ns ?? files.us, probe)
    expect(all.map(({ state }) => state)).toEqual(['open', 'open'])
    expect(all.every(({ rttNs }) => rttNs !== undefined && rttNs < 1e6)).toBe(true)
    expect(again).toEqual([])
  })

  it('takes a repeated answer for what it is', async () => {
    const { files, probe } = vector('tcp4-synack-retransmitted')
    const { all, again } = await outcomes(files.ns ?? files.us, probe)
    expect(all).toHaveLength(1)
    expect(again).toEqual([0, 0])
  })

  it('does not lay an error without ports at any probe', async () => {
    const { all } = await outcomes('synthetic-snaplen62-admin-prohibited.us.pcap', {
      proto: 'tcp',
      dst: '10.77.0.2',
      dport: 8,
      sport: 41004,
      flags: 'S',
    })
    expect(all).toMatchObject([{ state: 'filtered', reason: 'no-response' }])
  })
})
