import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arpProbe } from '../src/probes/packet/arp-probe.ts'
import { icmpProbe } from '../src/probes/packet/icmp-probe.ts'
import { neighbourProbe } from '../src/probes/packet/neighbour-probe.ts'
import type { Claim, PacketProbe, Shot } from '../src/probes/packet/packet-probe.ts'
import type { Sighting } from '../src/probes/packet/sighting.ts'
import { methodOf, tcpProbe } from '../src/probes/packet/tcp-probe.ts'
import type { TcpProbeOptions } from '../src/probes/packet/tcp-probe-options.ts'
import { udpPayload, udpPayloadPorts } from '../src/probes/packet/udp-payloads.ts'
import { udpProbe } from '../src/probes/packet/udp-probe.ts'
import { encodeIpv4, ipv4Checksum } from '../src/wire/ipv4.ts'
import { addressOctets } from '../src/wire/octets.ts'
import { encodeTcp } from '../src/wire/tcp.ts'
import { flagsOf, TCP_FLAG } from '../src/wire/tcp-flags.ts'
import { PLAIN4 } from './plain-header.ts'
import { anyShot, built, checksumOf, errorAbout, ROUTE, seeded, shotOf, sightOf } from './probe-kit.ts'

const OWN = 41001
const timing = { rttNs: 50_000, clock: 'packet', elapsedNs: 60_000 } as const

const tcp = (flags: string, more: Partial<TcpProbeOptions> = {}): PacketProbe =>
  tcpProbe({ flags: flagsOf(flags), sourcePort: OWN, random: seeded(), ...more })

const IPV4 = { ...PLAIN4, source: ROUTE[4].destination, destination: ROUTE[4].source }

interface Segment {
  readonly flags: string
  readonly seq?: number
  readonly ack?: number
  readonly sourcePort?: number
  readonly destinationPort?: number
  readonly source?: string
}

/** A segment from the target to the probing port. */
function segment({
  flags,
  seq = 0,
  ack = 0,
  sourcePort = 22,
  destinationPort = OWN,
  source,
}: Segment): Sighting {
  const octets = new Uint8Array(44)
  const from = source ?? IPV4.source
  encodeIpv4({ ...IPV4, source: from, protocol: 6 }, octets, 0, 24)
  const header = {
    sourcePort,
    destinationPort,
    seq,
    ack,
    reserved: 0,
    flags: flagsOf(flags),
    window: 5,
    urgent: 0,
  }
  const ends = { source: addressOctets(from), destination: addressOctets(IPV4.destination), payloadLength: 0 }
  encodeTcp({ ...header, options: [{ kind: 'mss', value: 1400 }] }, octets, 20, ends)
  return sightOf(octets)
}

const asSegment = (sighting: Sighting) => {
  if (sighting.kind !== 'tcp') throw new Error(`no segment but ${sighting.kind}`)
  return sighting
}
const sent = (probe: PacketProbe, shot: Shot) => asSegment(sightOf(built(probe, shot), { direction: 'out' }))

const flow = (role: Claim['role'], remotePort = 22): Partial<Claim> => ({
  role,
  local: ROUTE[4].source,
  remote: ROUTE[4].destination,
  localPort: OWN,
  remotePort,
})

const payload = fc.option(fc.uint8Array({ minLength: 1, maxLength: 50 }), { nil: undefined })
const anyTcp = fc
  .record({
    flags: fc.nat(0x1ff),
    payload,
    likeSystem: fc.boolean(),
    tos: fc.nat(255),
    window: fc.nat(0xffff),
    seed: fc.integer({ min: 1, max: 1e9 }),
  })
  .map(({ seed, ...options }) => tcpProbe({ ...options, sourcePort: OWN, random: seeded(seed) }))
const anyUdp = fc
  .record({ payload: fc.oneof(payload, fc.constant('questions' as const)) })
  .map((options) => udpProbe({ ...options, sourcePort: OWN, random: seeded() }))
const anyEcho = payload.map((data) => icmpProbe({ ask: 'echo', payload: data, random: seeded() }))

describe('every packet that is built', () => {
  it('has the right checksums, and fits into the length that was announced', () => {
    fc.assert(
      fc.property(fc.oneof(anyTcp, anyUdp), anyShot, (probe, shot) => {
        const octets = built(probe, shot)
        expect(octets.length).toBeLessThanOrEqual(probe.mostOctets)
        if (shot.route.family === 4) expect(ipv4Checksum(octets)).toBe('good')
        expect(checksumOf(octets)).toBe('good')
      }),
    )
  })

  it('is the same for the same shot, whatever was built in between', () => {
    fc.assert(
      fc.property(fc.oneof(anyTcp, anyUdp, anyEcho), anyShot, anyShot, (probe, shot, other) => {
        const first = built(probe, shot)
        built(probe, other)
        expect(built(probe, shot)).toEqual(first)
      }),
    )
  })

  it('says where it goes, and is claimed with its index when it is seen on its way out', () => {
    fc.assert(
      fc.property(fc.oneof(anyTcp, anyUdp, anyEcho), anyShot, (probe, shot) => {
        const sighting = sightOf(built(probe, shot), { direction: 'out' })
        const { route, index, ttl } = shot
        expect(sighting).toMatchObject({ source: route.source, destination: route.destination, ttl })
        const claim = probe.claim(sighting)
        expect(claim).toMatchObject({ role: 'probe', local: route.source, remote: route.destination })
        expect(claim?.remotePort).toBe(sighting.kind === 'icmp' ? 0 : shot.port)
        const isNameless = sighting.kind === 'udp' && route.family === 6
        expect(claim?.index).toBe(isNameless ? undefined : index % (claim?.modulus ?? 1))
      }),
    )
  })

  it.each(['tcp', 'udp', 'icmp'])('has a wrong checksum of %s when that is asked for', (kind) => {
    const options = { sourcePort: OWN, badSum: true, random: seeded() }
    const probe =
      kind === 'tcp'
        ? tcpProbe({ ...options, flags: 2 })
        : kind === 'udp'
          ? udpProbe(options)
          : icmpProbe({ ...options, ask: 'echo' })
    for (let index = 0; index < 2000; index++) {
      const octets = built(probe, shotOf(index, { port: index, route: ROUTE[kind === 'icmp' ? 6 : 4] }))
      expect(checksumOf(octets)).toBe('bad')
    }
  })
})

describe('an answer to a segment', () => {
  const shot = shotOf(5)

  it.each<[string, string, (seq: number) => Segment]>([
    ['S', 'SYN-ACK', (seq) => ({ flags: 'SA', seq: 9, ack: seq + 1 })],
    ['S', 'RST-ACK', (seq) => ({ flags: 'RA', ack: seq + 1 })],
    ['A', 'RST', (seq) => ({ flags: 'R', seq })],
    ['A', 'RST that acknowledges', (seq) => ({ flags: 'RA', seq: 0, ack: seq })],
    ['FA', 'RST', (seq) => ({ flags: 'R', seq })],
    ['F', 'RST-ACK', (seq) => ({ flags: 'RA', ack: seq + 1 })],
    ['F', 'RST-ACK that does not count the FIN', (seq) => ({ flags: 'RA', ack: seq })],
    ['', 'RST-ACK', (seq) => ({ flags: 'RA', ack: seq })],
    ['FPU', 'RST-ACK', (seq) => ({ flags: 'RA', ack: seq + 1 })],
    ['SF', 'RST-ACK', (seq) => ({ flags: 'RA', ack: seq + 2 })],
    ['SA', 'RST', (seq) => ({ flags: 'R', seq })],
    ['PA', 'ACK', (seq) => ({ flags: 'A', ack: seq })],
  ])('with the flags "%s" is the %s that brings its number back', (flags, _, answer) => {
    const probe = tcp(flags)
    const wanted = answer(sent(probe, shot).seq)
    const [seq, ack] = [(wanted.seq ?? 0) >>> 0, (wanted.ack ?? 0) >>> 0]
    const came = { ...wanted, seq, ack }
    expect(probe.claim(segment(came))).toMatchObject({ ...flow('answer'), index: 5 })
  })

  it.each([
    ['S', 'acknowledges nothing', { flags: 'RA', ack: 0 }],
    ['S', 'acknowledges another number', { flags: 'SA', ack: 12345 }],
    ['FPU', 'acknowledges another number', { flags: 'RA', ack: 12345 }],
    ['A', 'has another number', { flags: 'R', seq: 12345 }],
  ])('to flags "%s" names a shot that never was when it %s', (flags, _, came) => {
    const index = tcp(flags).claim(segment(came))?.index
    expect(index).toBeGreaterThan(1_000_000)
  })

  it.each([
    ['S', 'a RST without ACK, which RFC 9293 does not know as an answer', { flags: 'R' }],
    ['S', 'a SYN without ACK, which brings no number back', { flags: 'S' }],
    ['S', 'a segment of a connection', { flags: 'PA' }],
    ['S', 'for another port of ours', { flags: 'SA', destinationPort: OWN + 1 }],
    ['F', 'a RST without ACK', { flags: 'R' }],
    ['A', 'no flag at all', { flags: '' }],
  ])('to flags "%s" is never %s', (flags, _, came) => {
    const probe = tcp(flags)
    const ack = (sent(probe, shot).seq + 1) >>> 0
    expect(probe.claim(segment({ ack, ...came }))).toBeUndefined()
  })

  it('may or may not take the data that came with a SYN', () => {
    const probe = tcp('S', { payload: new Uint8Array(10) })
    const { seq } = sent(probe, shot)
    for (const [flags, length] of [
      ['SA', 1],
      ['SA', 11],
      ['RA', 11],
      ['RA', 1],
    ] as const) {
      expect(probe.claim(segment({ flags, ack: (seq + length) >>> 0 }))?.index).toBe(5)
    }
  })

  it('has the number that the user fixed, and then does not say which packet it is for', () => {
    const probe = tcp('S', { seq: 0xffff_ffff })
    expect(probe.claim(segment({ flags: 'SA', ack: 0 }))).toMatchObject({ role: 'answer', index: undefined })
    expect(probe.claim(segment({ flags: 'SA', ack: 1 }))).toBeUndefined()
    const ack = tcp('A', { ack: 77 })
    expect(ack.claim(segment({ flags: 'R', seq: 77 }))).toMatchObject({ role: 'answer', index: undefined })
    expect(ack.claim(segment({ flags: 'R', seq: 78 }))).toBeUndefined()
  })

  it('is told by whichever of its numbers is right, where a RST has two', () => {
    const byAck = tcp('A', { ack: 77 })
    expect(byAck.claim(segment({ flags: 'RA', seq: 77, ack: 1 }))).toMatchObject({ index: undefined })
    const bySeq = tcp('A', { seq: 5 })
    expect(bySeq.claim(segment({ flags: 'RA', seq: 1, ack: 5 }))).toMatchObject({ index: undefined })
    const { ack } = sent(bySeq, shot)
    expect(bySeq.claim(segment({ flags: 'RA', seq: ack, ack: 5 }))?.index).toBe(5)
    const tokens = tcp('A')
    const { seq } = sent(tokens, shot)
    expect(tokens.claim(segment({ flags: 'RA', seq: 1, ack: seq }))?.index).toBe(5)
    expect(tokens.claim(segment({ flags: 'RA', seq, ack: 1 }))?.index).toBe(5)
  })

  it('is observed as the segment that it is', () => {
    const probe = tcp('S')
    const ack = (sent(probe, shot).seq + 1) >>> 0
    const came = segment({ flags: 'SA', seq: 9, ack })
    expect(probe.observe(came, timing)).toEqual({
      kind: 'segment',
      flags: flagsOf('SA'),
      window: 5,
      seq: 9,
      ack,
      mss: 1400,
      from: '10.77.0.2',
      ttl: 64,
      syns: 1,
      ...timing,
    })
  })

  it('is told from the own packet by its direction alone where both have the same ports and flags', () => {
    const probe = tcp('R', { seq: 3, sourcePort: 22 })
    const octets = built(probe, shot)
    expect(probe.claim(sightOf(octets, { direction: 'out' }))?.role).toBe('probe')
    expect(probe.claim(sightOf(octets, { direction: 'in' }))?.role).not.toBe('probe')
  })
})

describe('an ICMP error', () => {
  const probes: readonly [string, PacketProbe, number][] = [
    ['SYN', tcp('S'), 5],
    ['ACK', tcp('A'), 5],
    ['SYN of a fixed number, by the identification', tcp('S', { seq: 1 }), 5],
    ['datagram', udpProbe({ sourcePort: OWN, random: seeded() }), 5],
  ]

  it.each(probes)('is claimed by the packet that it quotes: a %s', (_, probe, index) => {
    const sighting = errorAbout(built(probe, shotOf(index, { port: 80 })))
    expect(probe.claim(sighting)).toMatchObject({ ...flow('error', 80), index })
    expect(probe.observe(sighting, timing)).toMatchObject({
      kind: 'icmp-error',
      family: 4,
      type: 3,
      code: 13,
      from: '10.9.9.9',
      ttl: 64,
      rttNs: 50_000,
    })
  })

  it.each(probes)('is nobody’s when the ports were cut off: a %s', (_, probe) => {
    expect(probe.claim(errorAbout(built(probe, shotOf(5)), 23))).toBeUndefined()
  })

  it.each(probes)('is nobody’s when it was not sent to who sent the packet: a %s', (_, probe) => {
    expect(probe.claim(errorAbout(built(probe, shotOf(5)), 28, '10.77.0.9'))).toBeUndefined()
  })

  it.each(probes)('is nobody’s when another port of ours sent the packet: a %s', (_, probe) => {
    const octets = built(probe, shotOf(5))
    octets[21] = (octets[21] ?? 0) ^ 1
    expect(probe.claim(errorAbout(octets))).toBeUndefined()
  })

  it('about a SYN whose number was cut off is claimed by the identification', () => {
    const probe = tcp('S')
    const claim = probe.claim(errorAbout(built(probe, shotOf(70_000)), 24))
    expect(claim).toMatchObject({ ...flow('error'), index: 70_000 - 0x1_0000, modulus: 0x1_0000 })
  })

  it('about an echo request is claimed by its number', () => {
    const probe = icmpProbe({ ask: 'echo', random: seeded() })
    expect(probe.claim(errorAbout(built(probe, shotOf(5))))).toMatchObject({ role: 'error', index: 5 })
    const other = icmpProbe({ ask: 'echo', icmpId: 1, random: seeded() })
    expect(other.claim(errorAbout(built(probe, shotOf(5))))).toBeUndefined()
  })
})

it.each([
  ['S', 'tcp-syn'],
  ['SEC', 'tcp-syn'],
  ['A', 'tcp-ack'],
  ['F', 'tcp-fin'],
  ['', 'tcp-null'],
  ['FPU', 'tcp-xmas'],
  ['FA', 'tcp-maimon'],
  ['P', 'tcp-fin'],
  ['FU', 'tcp-fin'],
  ['SP', 'tcp-syn'],
  ['SU', 'tcp-syn'],
  ['SF', 'tcp-fin'],
  ['SA', 'tcp-other'],
  ['FR', 'tcp-rst'],
  ['R', 'tcp-rst'],
  ['FSRPAU', 'tcp-rst'],
])('judges the answers to flags "%s" as %s', (flags, method) => {
  expect(methodOf(flagsOf(flags))).toBe(method)
  expect(tcp(flags, { byWindow: true }).method).toBe(flags === 'A' ? 'tcp-window' : method)
})

it('asks for the segments of its port, and for its own departures but not the resets of the system', () => {
  expect(tcp('S').interest).toEqual({ protocol: 'tcp', localPorts: [OWN, OWN], departingFlags: TCP_FLAG.syn })
})

describe('a question over UDP', () => {
  it('of every port with a usual one is that, no longer than announced', () => {
    const probe = udpProbe({ sourcePort: OWN, payload: 'questions', random: seeded() })
    for (const port of udpPayloadPorts()) {
      const octets = built(probe, shotOf(0, { port }))
      expect(octets.subarray(28)).toEqual(udpPayload(port))
      expect(octets.length).toBeGreaterThan(28)
      expect(octets.length).toBeLessThanOrEqual(probe.mostOctets)
    }
    expect(udpPayloadPorts().length).toBeGreaterThanOrEqual(15)
    expect(built(probe, shotOf(0, { port: 9 })).length).toBe(28)
  })

  it('is told from its answer where both ports are the same and no direction is known', () => {
    const probe = udpProbe({ sourcePort: 53, payload: 'questions', random: seeded() })
    const octets = built(probe, shotOf(0, { port: 53 }))
    expect(probe.claim(sightOf(octets, { direction: 'unknown' }))?.role).toBe('probe')
    const answer = octets.slice()
    answer[30] = 0x81
    expect(probe.claim(sightOf(answer, { direction: 'unknown' }))?.role).toBe('answer')
  })
})

describe('a question to a host', () => {
  it('over ICMP is answered by the reply of its kind, identifier and number', () => {
    const probe = icmpProbe({ ask: 'echo', random: seeded(), payload: Uint8Array.of(1, 2) })
    const request = built(probe, shotOf(70_000))
    const reply = (type: number, id = 0): Sighting => {
      const octets = request.slice()
      octets[20] = type
      octets[25] = (octets[25] ?? 0) ^ id
      return sightOf(octets)
    }
    const claim = { role: 'answer', local: '10.77.0.2', remote: '10.77.0.1', index: 70_000 - 0x1_0000 }
    expect(probe.claim(reply(0))).toMatchObject(claim)
    expect(probe.claim(reply(0, 1))).toBeUndefined()
    expect(probe.claim(reply(8))).toBeUndefined()
    expect(probe.observe(reply(0), timing)).toMatchObject({ kind: 'host-reply', what: 'echo-reply', ttl: 64 })
  })

  it.each(['timestamp', 'mask'] as const)('over ICMPv6 knows no %s', (ask) => {
    const probe = icmpProbe({ ask, random: seeded() })
    expect(() => built(probe, shotOf(0, { route: ROUTE[6] }))).toThrow(RangeError)
  })

  it('over ARP needs a hardware address to answer to', () => {
    const route = { ...ROUTE[4], hardwareAddress: undefined }
    expect(() => built(arpProbe(), shotOf(0, { route }))).toThrow(/ARP needs an Ethernet/)
  })

  it('to an IPv6 neighbour goes to the group of its address, whatever the hop limit of the shot', () => {
    const route = { ...ROUTE[6], destination: 'fd77::12:3456:789a' }
    const sighting = sightOf(built(neighbourProbe(), shotOf(0, { route, ttl: 3 })), { direction: 'out' })
    expect(sighting).toMatchObject({
      destination: 'ff02::1:ff56:789a',
      target: 'fd77::12:3456:789a',
      ttl: 255,
      hardwareAddress: '02:77:00:00:00:01',
    })
    expect(neighbourProbe().claim(sighting)).toMatchObject({ role: 'probe', remote: route.destination })
  })
})
