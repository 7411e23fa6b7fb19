import { describe, expect, it } from 'vitest'
import { classify, type Verdict, word } from '../src/model/observation.ts'
import { arpProbe } from '../src/probes/packet/arp-probe.ts'
import { icmpProbe } from '../src/probes/packet/icmp-probe.ts'
import { neighbourProbe } from '../src/probes/packet/neighbour-probe.ts'
import type { Claim, PacketProbe } from '../src/probes/packet/packet-probe.ts'
import { sight } from '../src/probes/packet/sight.ts'
import type { Sighting } from '../src/probes/packet/sighting.ts'
import { tcpProbe } from '../src/probes/packet/tcp-probe.ts'
import { udpProbe } from '../src/probes/packet/udp-probe.ts'
import { read16, read32 } from '../src/wire/octets.ts'
import { flagsOf } from '../src/wire/tcp-flags.ts'
import { built, ROUTE, seeded, seen, shotOf } from './probe-kit.ts'
import { captureFile, VECTORS, type Vector, vector } from './vectors.ts'

const HEADER = 24
const RECORD = 16

/** The packets of a classic little-endian capture file, Ethernet in all of these. */
function framesOf(file: string): readonly Uint8Array[] {
  const octets = captureFile(file)
  const view = new DataView(octets.buffer, octets.byteOffset)
  const frames: Uint8Array[] = []
  for (let at = HEADER; at < octets.length; ) {
    const length = view.getUint32(at + 8, true)
    frames.push(octets.subarray(at + RECORD, at + RECORD + length))
    at += RECORD + length
  }
  return frames
}

const sightings = ({ files }: Vector): readonly (Sighting | undefined)[] =>
  framesOf(files.us).map((octets) => sight(seen(octets, { linkType: 1, direction: 'unknown' })))

const BY_TYPE: Readonly<Record<number, 'timestamp' | 'mask'>> = { 13: 'timestamp', 17: 'mask' }

/** The probe that sent the vector's packet, with the numbers that it had. */
function probeOf({ probe, probeFrame = 0, frames }: Vector): PacketProbe {
  const { sport: sourcePort = 0, flags = '' } = probe
  const { seq = 0, ack = 0, id = 0, type = 0 } = frames[probeFrame - 1] ?? {}
  const random = seeded()
  switch (probe.proto) {
    case 'tcp':
      return tcpProbe({ flags: flagsOf(flags), sourcePort, seq, ack, id: 0, random })
    case 'udp':
      return udpProbe({ sourcePort, id: 0, random })
    case 'icmp':
    case 'icmp6':
      return icmpProbe({ ask: BY_TYPE[type] ?? 'echo', icmpId: id, icmpSeq: seq, random })
    case 'arp':
      return arpProbe()
    case 'nd':
      return neighbourProbe()
  }
}

/** The vectors' words and ours, where they are not the same. */
const REASON: Readonly<Record<string, string>> = {
  'icmp-net-unreachable': 'net-unreach',
  'icmp-host-unreachable': 'host-unreach',
  'icmp-port-unreachable': 'port-unreach',
  'icmp-admin-prohibited': 'admin-prohibited',
  'icmp-time-exceeded': 'time-exceeded',
  'icmp6-no-route': 'no-route',
  'icmp6-admin-prohibited': 'admin-prohibited',
  'icmp6-address-unreachable': 'host-unreach',
  'icmp6-port-unreachable': 'port-unreach',
  'icmp6-time-exceeded': 'time-exceeded',
}

function stateOf(verdict: Verdict): string {
  if (verdict.state === 'unknown') return 'none'
  return verdict.state === 'filtered' && word(verdict) === 'stealth' ? 'filtered' : verdict.state
}
/** Stealth is how the vectors call a SYN that was filtered in silence. */
const expectedState = ({ state }: Vector): string => (state === 'stealth' ? 'filtered' : state)

/** Whether a claim is about the vector's probe: the check that the ledger makes. */
function isOfFlow(claim: Claim | undefined, { probe, frames }: Vector): claim is Claim {
  const local = frames[0]?.src
  const { dst, sport = 0, dport = 0 } = probe
  if (claim === undefined || claim.local !== local || claim.remote !== dst) return false
  return claim.localPort === sport && claim.remotePort === dport
}

const SENT = VECTORS.filter(({ probeFrame }) => probeFrame !== undefined)

describe.each(SENT.map((each) => [each.name, each] as const))('in the capture %s', (_, vector) => {
  const probe = probeOf(vector)
  const all = sightings(vector)
  const claims = all.map((sighting) => sighting && probe.claim(sighting))
  const answers = claims.flatMap((claim, i) =>
    isOfFlow(claim, vector) && claim.role !== 'probe' ? [i + 1] : [],
  )

  it('the probe is claimed', () => {
    const claim = claims[(vector.probeFrame ?? 0) - 1]
    expect(claim?.role).toBe('probe')
    expect(isOfFlow(claim, vector)).toBe(true)
  })

  it('the first answer is the right one, and no other packet is an answer', () => {
    expect(answers[0]).toBe(vector.answerFrame)
    // Repetitions of the answer, and the one to the second of two equal probes.
    const more = { 'tcp4-synack-retransmitted': [3, 4], 'tcp4-synack-two-probes-same-port': [5] }
    expect(answers.slice(1)).toEqual(more[vector.name as keyof typeof more] ?? [])
  })

  it('the verdict is the right one', () => {
    const sighting = vector.answerFrame === undefined ? undefined : all[vector.answerFrame - 1]
    const observation =
      sighting === undefined
        ? ({ kind: 'silence', waitedNs: 1e9, syns: 1 } as const)
        : probe.observe(sighting, { rttNs: vector.rttNs, clock: 'packet', elapsedNs: 1 })
    const verdict = classify(observation, probe.method)
    expect(stateOf(verdict)).toBe(expectedState(vector))
    expect(verdict.reason).toBe(REASON[vector.reason] ?? vector.reason)
  })
})

it('has vectors of every kind of probe to judge by', () => {
  expect(SENT.length).toBeGreaterThan(50)
  expect(new Set(SENT.map(({ probe }) => probe.proto)).size).toBe(6)
})

it.each(VECTORS.filter((each) => !SENT.includes(each)).map((each) => [each.name, each] as const))(
  'claims nothing for a probe that was never sent: %s',
  (_, vector) => {
    const { sport: sourcePort = 1, flags = 'S' } = vector.probe
    const options = { sourcePort, random: seeded() }
    const probes = [
      tcpProbe({ ...options, flags: flagsOf(flags) }),
      icmpProbe({ ask: 'echo', icmpId: 0, icmpSeq: 0, random: seeded() }),
    ]
    for (const sighting of sightings(vector)) {
      for (const probe of probes) expect(sighting && probe.claim(sighting)).toBeUndefined()
    }
  },
)

it('claims a capture that a random run never sent for no probe of its own', () => {
  for (const vector of SENT.filter(({ probe }) => probe.proto === 'tcp')) {
    const { sport: sourcePort = 0, flags = '' } = vector.probe
    const probe = tcpProbe({ flags: flagsOf(flags), sourcePort, random: seeded(99) })
    for (const sighting of sightings(vector)) {
      const claim = sighting && probe.claim(sighting)
      if (claim?.role === 'answer') expect(claim.index).toBeGreaterThan(1_000_000)
    }
  }
})

it('does not attribute an ICMP error whose quote was cut before the ports', () => {
  const file = 'synthetic-snaplen62-admin-prohibited.us.pcap'
  const [, error = new Uint8Array()] = framesOf(file)
  const sighting = sight(seen(error, { linkType: 1, direction: 'unknown' }))
  expect(sighting?.kind).toBe('icmp-error')
  const probe = tcpProbe({ flags: 2, sourcePort: 41004, seq: 1000000, id: 0, random: seeded() })
  expect(sighting && probe.claim(sighting)).toBeUndefined()
})

it.each([
  ['any-sll2-tcp4-syn-open.pcap', 276, 41401],
  ['any-sll-tcp4-syn-open.pcap', 113, undefined],
  ['raw-tcp4-syn-open.us.pcap', 101, 41001],
  ['raw-tcp6-syn-open.us.pcap', 101, undefined],
])('finds probe and answer in %s, link type %i', (file, linkType, port) => {
  expect(read32(captureFile(file).slice(20, 24).reverse(), 0)).toBe(linkType)
  const all = framesOf(file).map((octets) => sight(seen(octets, { linkType, direction: 'unknown' })))
  const [first] = all
  if (first?.kind !== 'tcp') throw new Error('no segment')
  if (port !== undefined) expect(first.sourcePort).toBe(port)
  const probe = tcpProbe({ flags: 2, sourcePort: first.sourcePort, seq: first.seq, id: 0, random: seeded() })
  const roles = all.map((sighting) => sighting && probe.claim(sighting)?.role)
  expect(roles.slice(0, 2)).toEqual(['probe', 'answer'])
})

describe.each([4, 6] as const)('over IPv%i, a SYN that is to look like the system’s', (family) => {
  const { frames, files } = vector(`tcp${family}-connect-open`)
  const [recorded = new Uint8Array()] = framesOf(files.us)
  const theirs = recorded.slice(14)
  const ip = family === 4 ? 20 : 40
  const { sport: sourcePort = 0, dport: port = 0, seq = 0, ttl = 0 } = frames[0] ?? {}
  const id = family === 4 ? read16(theirs, 4) : undefined
  const probe = tcpProbe({ flags: 2, sourcePort, seq, id, likeSystem: true, random: seeded() })
  const ours = built(probe, shotOf(0, { route: ROUTE[family], port, ttl }))

  it('is what a recorded connect() sent, but for what is another in each packet', () => {
    for (const octets of [ours, theirs]) {
      // Time stamp, window scale (which follows from the memory of a system), checksums and the flow label.
      octets.fill(0, ip + 28, ip + 32)
      octets.fill(0, ip + 39, ip + 40)
      octets.fill(0, ip + 16, ip + 18)
      if (family === 4) octets.fill(0, 10, 12)
      else octets.fill(0, 1, 4)
    }
    expect(ours).toEqual(theirs)
  })
})
