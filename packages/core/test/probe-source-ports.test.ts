import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PacketProbe, Shot } from '../src/probes/packet/packet-probe.ts'
import type { Sighting } from '../src/probes/packet/sighting.ts'
import type { SourcePort } from '../src/probes/packet/source-ports.ts'
import { tcpProbe } from '../src/probes/packet/tcp-probe.ts'
import type { TcpProbeOptions } from '../src/probes/packet/tcp-probe-options.ts'
import { udpProbe } from '../src/probes/packet/udp-probe.ts'
import { flagsOf } from '../src/wire/tcp-flags.ts'
import { anyShot, built, errorAbout, seeded, shotOf, sightOf } from './probe-kit.ts'

const ENDLESS = Number.POSITIVE_INFINITY
const rising = (first: number, most = ENDLESS): SourcePort => ({ first, most })
const udp = (sourcePort: SourcePort): PacketProbe => udpProbe({ sourcePort, random: seeded() })
const tcp = (sourcePort: SourcePort, flags = 'S', more: Partial<TcpProbeOptions> = {}): PacketProbe =>
  tcpProbe({ sourcePort, flags: flagsOf(flags), random: seeded(), ...more })

const back = ({ route, port }: Shot, ownPort: number): Shot =>
  shotOf(0, {
    route: { ...route, source: route.destination, destination: route.source },
    port: ownPort || port,
  })
const ownPortOf = (octets: Uint8Array): number => {
  const sighting = sightOf(octets, { direction: 'out' })
  if (sighting.kind !== 'tcp' && sighting.kind !== 'udp') throw new Error('no ports')
  return sighting.sourcePort
}

/** The answer of the target: to a datagram another one, to a segment a RST with ACK. */
function answerTo(kind: 'tcp' | 'udp', shot: Shot, ownPort: number, ack = 0): Sighting {
  const turned = { ...back(shot, ownPort), port: ownPort }
  const sourcePort = shot.port
  const probe =
    kind === 'udp'
      ? udp(sourcePort)
      : tcpProbe({ sourcePort, flags: flagsOf('RA'), seq: 0, ack, random: seeded() })
  return sightOf(built(probe, turned))
}

describe('a source port that rises', () => {
  it.each([
    ['a datagram', udp(rising(65_000))],
    ['a segment', tcp(rising(65_000))],
    ['a segment of fixed numbers', tcp(rising(65_000), 'S', { seq: 7 })],
    ['an ACK of fixed numbers', tcp(rising(65_000), 'A', { seq: 7, ack: 8 })],
  ])('names the packet in departures and errors: %s', (_, probe) => {
    expect(probe.hasTokens).toBe(true)
    fc.assert(
      fc.property(anyShot, (shot) => {
        const octets = built(probe, shot)
        const localPort = (65_000 + shot.index) % 0x1_0000
        expect(ownPortOf(octets)).toBe(localPort)
        for (const claim of [
          probe.claim(sightOf(octets, { direction: 'out' })),
          probe.claim(errorAbout(octets)),
        ]) {
          const { source: local, destination: remote } = shot.route
          expect(claim).toMatchObject({ local, remote, localPort, remotePort: shot.port })
          expect(claim?.index).toBe(shot.index % (claim?.modulus ?? 1))
        }
      }),
    )
  })

  it('names the packet in the answers to datagrams', () => {
    const probe = udp(rising(65_000))
    fc.assert(
      fc.property(anyShot, (shot) => {
        const localPort = ownPortOf(built(probe, shot))
        const claim = probe.claim(answerTo('udp', shot, localPort))
        expect(claim).toMatchObject({ role: 'answer', localPort, modulus: 0x1_0000 })
        expect(claim?.index).toBe(shot.index % 0x1_0000)
      }),
    )
  })

  it('names the packet in the answers to segments whose numbers are fixed', () => {
    const probe = tcp(rising(1024), 'S', { seq: 99 })
    const shot = shotOf(70_000)
    const localPort = ownPortOf(built(probe, shot))
    expect(probe.claim(answerTo('tcp', shot, localPort, 100))).toMatchObject({
      role: 'answer',
      localPort,
      index: 70_000 - 0x1_0000,
      modulus: 0x1_0000,
    })
    expect(probe.claim(answerTo('tcp', shot, localPort, 101))).toBeUndefined()
  })

  it('has to be that of the packet that a segment’s number names', () => {
    const probe = tcp(rising(1024))
    const shot = shotOf(70_000)
    const sent = sightOf(built(probe, shot), { direction: 'out' })
    const ack = sent.kind === 'tcp' ? (sent.seq + 1) >>> 0 : 0
    const localPort = (1024 + 70_000) % 0x1_0000
    expect(probe.claim(answerTo('tcp', shot, localPort, ack))).toMatchObject({
      localPort,
      index: 70_000,
      modulus: 0x1_0000_0000,
    })
    expect(probe.claim(answerTo('tcp', shot, localPort + 1, ack))).toBeUndefined()
  })

  it('names the packet where an error quotes no more than the ports', () => {
    const shot = shotOf(3)
    for (const probe of [tcp(rising(65_535)), udp(rising(65_535))]) {
      const octets = built(probe, shot)
      // Routers that change the identification leave the ports alone.
      octets[4] = (octets[4] ?? 0) ^ 0xff
      expect(probe.claim(errorAbout(octets, 24))).toMatchObject({ role: 'error', localPort: 2, index: 3 })
    }
  })

  it('does not own the ports that no packet leaves from', () => {
    const shot = shotOf(0, { port: 53 })
    for (const [kind, probe] of [
      ['udp', udp(rising(65_530, 10))],
      ['tcp', tcp(rising(65_530, 10), 'S', { seq: 0 })],
    ] as const) {
      expect(probe.claim(answerTo(kind, shot, 3, 1))).toMatchObject({ localPort: 3, index: 9 })
      for (const other of [4, 65_529]) expect(probe.claim(answerTo(kind, shot, other, 1))).toBeUndefined()
    }
  })

  it.each([
    [rising(1024, 10), [1024, 1033]],
    [rising(65_526, 10), [65_526, 65_535]],
    [rising(65_527, 10), undefined],
    [rising(0, 0x1_0000), [0, 65_535]],
    [rising(0), undefined],
    [1024, [1024, 1024]],
  ] as const)('%o lets in the ports %o', (source, range) => {
    expect(udp(source).interest.localPorts).toEqual(range)
    expect(tcp(source).interest.localPorts).toEqual(range)
  })

  it.each([
    rising(-1),
    rising(65_536),
    rising(0.5),
    rising(1, 0),
    rising(1, 1.5),
    rising(1, Number.NaN),
    65_536,
  ])('cannot be %o', (source) => {
    expect(() => udp(source)).toThrow(RangeError)
    expect(() => tcp(source)).toThrow(RangeError)
  })
})

it('one source port for all names no packet', () => {
  expect(udp(7).hasTokens).toBe(false)
  expect(udp(7).claim(answerTo('udp', shotOf(0), 7))).toMatchObject({ localPort: 7, index: undefined })
  expect(udp(7).claim(answerTo('udp', shotOf(0), 8))).toBeUndefined()
})
