import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sight } from '../src/probes/packet/sight.ts'
import { sightByCodecs } from '../src/probes/packet/sight-by-codecs.ts'
import { tcpProbe } from '../src/probes/packet/tcp-probe.ts'
import { udpProbe } from '../src/probes/packet/udp-probe.ts'
import { LINK_TYPE } from '../src/wire/link.ts'
import { anyShot, built, seeded, seen, shotOf } from './probe-kit.ts'
import { changes, guarded, RECORDED, recorded, truncations } from './wire-kit.ts'

const u16 = fc.integer({ min: 0, max: 0xffff })
const tcp = fc
  .record({
    flags: fc.nat(0x1ff),
    sourcePort: u16,
    window: u16,
    payload: fc.uint8Array({ maxLength: 40 }),
    likeSystem: fc.boolean(),
    tos: fc.nat(255),
    dontFragment: fc.boolean(),
  })
  .map((options) => tcpProbe({ ...options, random: seeded() }))
const udp = fc
  .record({ sourcePort: u16, payload: fc.uint8Array({ maxLength: 40 }) })
  .map((options) => udpProbe({ ...options, random: seeded() }))
const packet = fc.tuple(fc.oneof(tcp, udp), anyShot).map(([probe, shot]) => built(probe, shot))

/** The packet, cut, padded, with octets before and behind it, and one of its first octets changed. */
const mangled = fc
  .record({
    octets: packet,
    lead: fc.nat(20),
    cut: fc.nat(70),
    isCut: fc.boolean(),
    padding: fc.nat(20),
    at: fc.nat(45),
    difference: fc.oneof(fc.constant(0), fc.nat(255)),
    isHeaderRebuilt: fc.boolean(),
    direction: fc.constantFrom('in' as const, 'out' as const, 'unknown' as const),
  })
  .map(({ octets, lead, cut, isCut, padding, at, difference, ...more }) => {
    const changed = octets.slice()
    changed[at % changed.length] = (changed[at % changed.length] ?? 0) ^ difference
    const whole = new Uint8Array(lead + changed.length + padding + 9).fill(0x45)
    whole.set(changed, lead)
    const to = lead + (isCut ? Math.min(cut, changed.length) : changed.length + padding)
    return seen(whole, { from: lead, to, length: changed.length + padding, ...more })
  })

it('reads TCP and UDP straight from the octets as the codecs do', () => {
  fc.assert(
    fc.property(mangled, (one) => {
      expect(sight(one)).toEqual(sightByCodecs(one))
    }),
    { numRuns: 3000 },
  )
})

it('tells of a whole TCP segment what it says', () => {
  const probe = tcpProbe({ flags: 2, sourcePort: 41001, seq: 7, id: 9, random: seeded(), likeSystem: true })
  expect(sight(seen(built(probe, shotOf(0, { ttl: 61 }))))).toMatchObject({
    kind: 'tcp',
    family: 4,
    source: '10.77.0.1',
    destination: '10.77.0.2',
    sourcePort: 41001,
    destinationPort: 22,
    seq: 7,
    ack: 0,
    flags: 2,
    window: 64240,
    ttl: 61,
    id: 9,
    network: 0,
    upper: 20,
    payload: 60,
    length: 60,
    timeNs: 1000,
    era: 0,
    direction: 'in',
  })
})

it('does not know the time to live of a header that was rebuilt', () => {
  const octets = built(udpProbe({ sourcePort: 53, random: seeded() }), shotOf(0))
  expect(sight(seen(octets, { isHeaderRebuilt: true }))).toMatchObject({ ttl: undefined, id: undefined })
})

it.each([
  ['tcp4-syn', { kind: 'tcp', source: '10.77.0.1', destination: '10.77.0.2' }],
  ['tcp4-vlan', { kind: 'tcp', network: 18, upper: 38 }],
  ['tcp4-sll2', { kind: 'tcp', network: 20 }],
  ['tcp4-raw', { kind: 'tcp', network: 0 }],
  ['tcp4-record-route-syn-ack', { kind: 'tcp', flags: 0x12 }],
  ['tcp6-syn', { kind: 'tcp', family: 6, id: undefined }],
  ['udp4-empty', { kind: 'udp', payloadLength: 0, length: 28 }],
  ['udp6', { kind: 'udp', family: 6 }],
  ['udp4-first-fragment', { kind: 'udp' }],
  ['icmp4-echo-reply', { kind: 'icmp', what: 'echo-reply' }],
  ['icmp4-timestamp', { kind: 'icmp', what: 'timestamp-request' }],
  ['icmp4-mask', { kind: 'icmp', what: 'mask-request' }],
  ['icmp6-echo', { kind: 'icmp', what: 'echo-request' }],
  ['icmp4-admin-prohibited', { kind: 'icmp-error', type: 3, code: 13 }],
  ['icmp6-time-exceeded', { kind: 'icmp-error', type: 3, code: 0, quoted: { transport: { kind: 'tcp' } } }],
  ['icmp4-snaplen62', { kind: 'icmp-error', quoted: { transport: undefined } }],
  ['arp-reply', { kind: 'arp', operation: 'reply', hardwareAddress: '02:77:00:00:00:02', length: 28 }],
  ['icmp6-solicitation', { kind: 'neighbour', what: 'solicitation', hardwareAddress: expect.any(String) }],
  ['icmp6-advertisement', { kind: 'neighbour', what: 'advertisement', hardwareAddress: expect.any(String) }],
])('sees in the recorded %s what it is', (name, expected) => {
  const { octets, linkType } = recorded(name)
  expect(sight(seen(octets, { linkType }))).toMatchObject(expected)
})

it.each([
  ['a later fragment', 'udp4-later-fragment'],
  ['the last fragment', 'udp4-last-fragment'],
  ['a later IPv6 fragment', 'icmp6-last-fragment'],
  ['a listener report', 'icmp6-listener-report'],
])('sees nothing in %s', (_, name) => {
  const { octets, linkType } = recorded(name)
  const found = sight(seen(octets, { linkType }))
  expect(found).toBeUndefined()
})

it('does not believe a neighbour whose message was forwarded', () => {
  const { octets, linkType } = recorded('icmp6-advertisement')
  const forwarded = octets.slice()
  forwarded[14 + 7] = 254
  expect(sight(seen(forwarded, { linkType }))).toBeUndefined()
})

describe('hostile octets', () => {
  it('never make it throw, nor read what is not there', () => {
    const linkType = fc.constantFrom(...Object.values(LINK_TYPE), 147)
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 120 }),
        linkType,
        fc.constantFrom(-1, 0x45, 0x60),
        (o, link, first) => {
          if (first >= 0) o[0] = first
          sight(seen(guarded(o), { linkType: link }))
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('are read no further than they were captured, wherever a recorded packet is cut', () => {
    for (const { octets, linkType } of RECORDED) {
      for (const cut of truncations(octets)) sight(seen(cut, { linkType, length: octets.length }))
    }
  })

  it('never make it throw, whatever a bit of a recorded packet is', () => {
    for (const { octets, linkType } of RECORDED) {
      for (const changed of changes(octets, 8)) sight(seen(changed, { linkType }))
    }
  })
})
