import { describe, expect, it } from 'vitest'
import type { Route } from '../src/io/packets.ts'
import { arpProbe } from '../src/probes/packet/arp-probe.ts'
import { fragments } from '../src/probes/packet/fragments.ts'
import { icmpProbe } from '../src/probes/packet/icmp-probe.ts'
import { neighbourProbe } from '../src/probes/packet/neighbour-probe.ts'
import type { PacketProbe, Shot } from '../src/probes/packet/packet-probe.ts'
import { tcpProbe } from '../src/probes/packet/tcp-probe.ts'
import type { TcpProbeOptions } from '../src/probes/packet/tcp-probe-options.ts'
import { udpPayload, udpPayloadPorts } from '../src/probes/packet/udp-payloads.ts'
import { udpProbe } from '../src/probes/packet/udp-probe.ts'
import { flagsOf } from '../src/wire/tcp-flags.ts'
import { built, ROUTE, seeded, shotOf } from './probe-kit.ts'
import { type Dissection, dissect, hasTshark, tsharkTitle } from './tshark.ts'

const OWN = 41001
const RAW = 101
const ETHERNET = 1
const GOOD = '1'
const BAD = '0'
const FAMILIES = [4, 6] as const
const FRAGMENT = {
  4: ['ip.frag_offset', 'ip.flags.mf', 'ip.id'],
  6: ['ipv6.fraghdr.offset', 'ipv6.fraghdr.more', 'ipv6.fraghdr.ident'],
} as const

const tcp = (flags: string, more: Partial<TcpProbeOptions> = {}): PacketProbe =>
  tcpProbe({ flags: flagsOf(flags), sourcePort: OWN, random: seeded(), ...more })
const shotsOf = (route: Route): readonly Shot[] =>
  Array.from({ length: 50 }, (_, index) => shotOf(index, { route, port: 61_000 + index, ttl: 1 + index }))
const judged = (probe: PacketProbe, shots: readonly Shot[]): readonly (readonly [Shot, Dissection])[] => {
  const dissections = dissect(
    shots.map((shot) => built(probe, shot)),
    RAW,
  )
  return shots.map((shot, i) => [shot, dissections[i] as Dissection] as const)
}
/** Behind an Ethernet header, for ARP. */
const framed = (octets: Uint8Array): Uint8Array =>
  Uint8Array.of(255, 255, 255, 255, 255, 255, 2, 0x77, 0, 0, 0, 1, 8, 6, ...octets)

describe.skipIf(!hasTshark)(tsharkTitle('tshark'), () => {
  it.each(FAMILIES)('reads a SYN over IPv%i as it was meant, without a complaint', (family) => {
    for (const [shot, seen] of judged(
      tcp('S', { tos: 8, dontFragment: true, window: 1024 }),
      shotsOf(ROUTE[family]),
    )) {
      const ip = family === 4 ? 'ip' : 'ipv6'
      expect(seen.complaints).toEqual([])
      expect(seen.first(`${ip}.src`)).toBe(ROUTE[family].source)
      expect(seen.first(`${ip}.dst`)).toBe(ROUTE[family].destination)
      expect(seen.first(family === 4 ? 'ip.ttl' : 'ipv6.hlim')).toBe(`${shot.ttl}`)
      expect(Number(seen.first(family === 4 ? 'ip.dsfield' : 'ipv6.tclass'))).toBe(8)
      if (family === 4) expect(seen.first('ip.checksum.status')).toBe(GOOD)
      if (family === 4) expect(['1', 'True']).toContain(seen.first('ip.flags.df'))
      expect(seen.first('tcp.srcport')).toBe(`${OWN}`)
      expect(seen.first('tcp.dstport')).toBe(`${shot.port}`)
      expect(Number(seen.first('tcp.flags'))).toBe(2)
      expect(seen.first('tcp.ack')).toBe('0')
      expect(seen.first('tcp.window_size_value')).toBe('1024')
      expect(seen.first('tcp.checksum.status')).toBe(GOOD)
    }
  })

  it.each([
    ['A', 0x10],
    ['F', 1],
    ['', 0],
    ['FPU', 0x29],
    ['FA', 0x11],
    ['SEC', 0xc2],
  ])('has no complaint about the flags "%s"', (flags, mask) => {
    for (const [, seen] of judged(tcp(flags, { payload: Uint8Array.of(1, 2, 3) }), shotsOf(ROUTE[4]))) {
      // An urgent pointer without data, and a segment without flags, are what such probes are.
      expect(seen.complaints.filter((each) => !/urgent|no flags/i.test(each))).toEqual([])
      expect(Number(seen.first('tcp.flags'))).toBe(mask)
      expect(seen.first('tcp.len')).toBe('3')
      expect(seen.first('tcp.checksum.status')).toBe(GOOD)
      if (flags.includes('A')) expect(seen.first('tcp.ack')).toBe(seen.first('tcp.seq'))
    }
  })

  it.each([
    [4, '1460', '64240'],
    [6, '1440', '64800'],
  ] as const)(
    'finds in a SYN over IPv%i that is to look like the system’s what Linux sends',
    (family, mss, window) => {
      const values = new Set<string>()
      for (const [, seen] of judged(tcp('S', { likeSystem: true }), shotsOf(ROUTE[family]))) {
        expect(seen.complaints).toEqual([])
        expect(seen.all('tcp.option_kind')).toEqual(['2', '4', '8', '1', '3'])
        expect(seen.first('tcp.options.mss_val')).toBe(mss)
        expect(seen.first('tcp.options.wscale.shift')).toBe('7')
        expect(seen.first('tcp.options.timestamp.tsecr')).toBe('0')
        expect(seen.first('tcp.window_size_value')).toBe(window)
        expect(seen.first('tcp.checksum.status')).toBe(GOOD)
        if (family === 4) expect(['1', 'True']).toContain(seen.first('ip.flags.df'))
        values.add(seen.first('tcp.options.timestamp.tsval') ?? '')
      }
      expect(values.size).toBe(50)
    },
  )

  it('finds the wrong checksum that was asked for', () => {
    for (const probe of [
      tcp('S', { badSum: true }),
      udpProbe({ sourcePort: OWN, badSum: true, random: seeded() }),
    ]) {
      for (const [, seen] of judged(probe, shotsOf(ROUTE[4]))) {
        expect(seen.first('tcp.checksum.status') ?? seen.first('udp.checksum.status')).toBe(BAD)
        expect(seen.first('ip.checksum.status')).toBe(GOOD)
      }
    }
  })

  it.each(FAMILIES)('reads a datagram over IPv%i as it was meant, without a complaint', (family) => {
    const payload = Uint8Array.of(0x70, 0x6f, 0x72)
    for (const [shot, seen] of judged(
      udpProbe({ sourcePort: OWN, payload, random: seeded() }),
      shotsOf(ROUTE[family]),
    )) {
      expect(seen.complaints).toEqual([])
      expect(seen.first('udp.srcport')).toBe(`${OWN}`)
      expect(seen.first('udp.dstport')).toBe(`${shot.port}`)
      expect(seen.first('udp.length')).toBe('11')
      expect(seen.first('udp.checksum.status')).toBe(GOOD)
    }
  })

  it.each([
    [4, 'echo', '8'],
    [6, 'echo', '128'],
    [4, 'timestamp', '13'],
    [4, 'mask', '17'],
  ] as const)('reads ICMP over IPv%i, %s, as it was meant, without a complaint', (family, ask, type) => {
    const icmp = family === 4 ? 'icmp' : 'icmpv6'
    const probe = icmpProbe({ ask, icmpId: 77, payload: new Uint8Array(8), random: seeded() })
    for (const [shot, seen] of judged(probe, shotsOf(ROUTE[family]))) {
      expect(seen.complaints).toEqual([])
      expect(seen.first(`${icmp}.type`)).toBe(type)
      expect(Number(seen.first(family === 4 ? 'icmp.ident' : 'icmpv6.echo.identifier'))).toBe(77)
      const seq = seen.first(family === 4 ? 'icmp.seq' : 'icmpv6.echo.sequence_number')
      expect(Number(seq)).toBe(shot.index + 1)
      expect(seen.first(`${icmp}.checksum.status`)).toBe(GOOD)
    }
  })

  it('reads an ARP request as it was meant, without a complaint', () => {
    const [seen] = dissect([framed(built(arpProbe(), shotOf(0)))], ETHERNET)
    expect(seen?.complaints).toEqual([])
    expect(seen?.first('arp.opcode')).toBe('1')
    expect(seen?.first('arp.src.hw_mac')).toBe('02:77:00:00:00:01')
    expect(seen?.first('arp.src.proto_ipv4')).toBe('10.77.0.1')
    expect(seen?.first('arp.dst.proto_ipv4')).toBe('10.77.0.2')
  })

  it('reads a neighbour solicitation as it was meant, without a complaint', () => {
    const [[, seen] = []] = judged(neighbourProbe(), [shotOf(0, { route: ROUTE[6] })])
    expect(seen?.complaints).toEqual([])
    expect(seen?.first('ipv6.dst')).toBe('ff02::1:ff00:2')
    expect(seen?.first('ipv6.hlim')).toBe('255')
    expect(seen?.first('icmpv6.type')).toBe('135')
    expect(seen?.first('icmpv6.nd.ns.target_address')).toBe('fd77::2')
    expect(seen?.first('icmpv6.opt.linkaddr')).toBe('02:77:00:00:00:01')
    expect(seen?.first('icmpv6.checksum.status')).toBe(GOOD)
  })

  it.each(FAMILIES)('reads the fragments of an IPv%i packet without a complaint', (family) => {
    const probe = udpProbe({ sourcePort: OWN, payload: new Uint8Array(200), random: seeded() })
    const packet = built(probe, shotOf(0, { route: ROUTE[family] }))
    const pieces = fragments(packet, packet.length, 72)
    for (const seen of dissect(pieces, RAW)) {
      expect(seen.complaints).toEqual([])
      if (family === 4) expect(seen.first('ip.checksum.status')).toBe(GOOD)
    }
    expect(pieces.length).toBeGreaterThan(2)
  })

  it('reads a record of the route with nine empty slots, whatever the packet asks', () => {
    const fields = { recordRoute: true, random: seeded() }
    const probes = [
      tcp('S', fields),
      udpProbe({ ...fields, sourcePort: OWN }),
      icmpProbe({ ...fields, ask: 'echo' }),
    ]
    for (const probe of probes) {
      for (const [, seen] of judged(probe, shotsOf(ROUTE[4]))) {
        expect(seen.complaints).toEqual([])
        expect(seen.first('ip.hdr_len')).toBe('60')
        expect(seen.first('ip.opt.type.number')).toBe('7')
        expect(seen.first('ip.opt.len')).toBe('39')
        expect(seen.first('ip.opt.ptr')).toBe('4')
        expect(seen.all('ip.empty_rt')).toEqual(new Array(9).fill('0.0.0.0'))
        expect(seen.first('ip.checksum.status')).toBe(GOOD)
        expect(seen.first('tcp.checksum.status') ?? seen.first('udp.checksum.status') ?? GOOD).toBe(GOOD)
      }
    }
  })

  it.each([
    [{ mss: 536 }, ['2']],
    [{ timestamps: true }, ['1', '1', '8']],
    [{ mss: 536, timestamps: true }, ['2', '1', '1', '8']],
  ] as const)('finds the options %o in a segment', (chosen, kinds) => {
    for (const family of FAMILIES) {
      const stamps = new Set<string>()
      for (const [, seen] of judged(tcp('S', chosen), shotsOf(ROUTE[family]))) {
        expect(seen.complaints).toEqual([])
        expect(seen.all('tcp.option_kind')).toEqual(kinds)
        expect(seen.first('tcp.options.mss_val')).toBe('mss' in chosen ? '536' : undefined)
        expect(seen.first('tcp.options.timestamp.tsecr')).toBe('timestamps' in chosen ? '0' : undefined)
        expect(seen.first('tcp.checksum.status')).toBe(GOOD)
        stamps.add(seen.first('tcp.options.timestamp.tsval') ?? '')
      }
      expect(stamps.size).toBe('timestamps' in chosen ? 50 : 1)
    }
  })

  it.each([{ moreFragments: true }, { moreFragments: true, fragmentOffset: 16 }, { fragmentOffset: 65_520 }])(
    'reads a packet that says to be a fragment, %o, as that',
    (fields) => {
      const isFirst = !('fragmentOffset' in fields)
      for (const family of FAMILIES) {
        const probe = udpProbe({
          ...fields,
          sourcePort: OWN,
          id: 77,
          payload: new Uint8Array(7),
          random: seeded(),
        })
        for (const [, seen] of judged(probe, shotsOf(ROUTE[family]))) {
          expect(seen.complaints).toEqual([])
          const [offset, more, id] = FRAGMENT[family].map((field) =>
            Number(seen.first(field)?.replace('True', '1').replace('False', '0')),
          )
          expect([more, id]).toEqual([fields.moreFragments === true ? 1 : 0, 77])
          expect([offset, 8 * (offset ?? 0)]).toContain(
            'fragmentOffset' in fields ? fields.fragmentOffset : 0,
          )
          if (family === 4) expect(seen.first('ip.checksum.status')).toBe(GOOD)
          expect(seen.first('udp.srcport')).toBe(isFirst ? `${OWN}` : undefined)
        }
      }
    },
  )

  it('reads rising source ports and payloads of a series, all with the right checksums', () => {
    const payload = { length: 9, at: (index: number) => new Uint8Array(9).fill(index) }
    const common = { sourcePort: { first: 65_520, most: 50 }, payload, random: seeded() }
    for (const probe of [tcpProbe({ ...common, flags: 2, timestamps: true }), udpProbe(common)]) {
      for (const [{ index }, seen] of judged(probe, [...shotsOf(ROUTE[4]), ...shotsOf(ROUTE[6])])) {
        const ownPort = `${(65_520 + index) % 0x1_0000}`
        // What goes from port 0 is suspicious to it.
        expect(seen.complaints.filter((each) => !/port.*zero|port.*0/i.test(each))).toEqual([])
        expect(seen.first('tcp.srcport') ?? seen.first('udp.srcport')).toBe(ownPort)
        expect(seen.first('tcp.checksum.status') ?? seen.first('udp.checksum.status')).toBe(GOOD)
        expect(seen.first('data.len')).toBe('9')
      }
    }
  })

  it('reads when a question for the time of day left', () => {
    let now = 0
    const probe = icmpProbe({
      ask: 'timestamp',
      firstSeq: 0,
      originate: () => 86_399_000 + now++,
      random: seeded(),
    })
    for (const [{ index }, seen] of judged(probe, shotsOf(ROUTE[4]))) {
      expect(seen.complaints).toEqual([])
      expect(Number(seen.first('icmp.seq'))).toBe(index)
      expect(seen.first('icmp.originate_timestamp')).toBe(`${86_399_000 + index}`)
      expect(seen.first('icmp.checksum.status')).toBe(GOOD)
    }
  })

  it('reads the fragments of a packet that asks for the route without a complaint', () => {
    const probe = udpProbe({
      sourcePort: OWN,
      recordRoute: true,
      payload: new Uint8Array(200),
      random: seeded(),
    })
    const packet = built(probe, shotOf(0))
    const read = dissect(fragments(packet, packet.length, 72), RAW)
    for (const seen of read) {
      expect(seen.complaints).toEqual([])
      expect(seen.first('ip.checksum.status')).toBe(GOOD)
    }
    expect(read.map((seen) => seen.first('ip.hdr_len'))).toEqual(['60', '20', '20'])
  })

  it('knows the usual questions as those of their services', () => {
    const known: Readonly<Record<number, string>> = {
      53: 'dns',
      111: 'rpc',
      123: 'ntp',
      137: 'nbns',
      161: 'snmp',
      177: 'xdmcp',
      389: 'cldap',
      443: 'quic',
      500: 'isakmp',
      520: 'rip',
      623: 'rmcp',
      1194: 'openvpn',
      1900: 'ssdp',
      2049: 'rpc',
      2123: 'gtp',
      3478: 'stun',
      4500: 'isakmp',
      5060: 'sip',
      5351: 'portcontrol',
      5353: 'mdns',
      5683: 'coap',
      6881: 'bt-dht',
      11211: 'memcache',
    }
    const probe = udpProbe({ sourcePort: OWN, payload: 'questions', random: seeded() })
    const ports = udpPayloadPorts()
    const seen = dissect(
      ports.map((port) => built(probe, shotOf(0, { port }))),
      RAW,
      { applications: true },
    )
    for (const [i, port] of ports.entries()) {
      expect(udpPayload(port)?.length).toBeGreaterThan(0)
      // What is behind QUIC's header is padding, which cannot be deciphered.
      const complaints = seen[i]?.complaints.filter((each) => !each.startsWith('Decryption failed'))
      expect([port, complaints]).toEqual([port, []])
      if (known[port] !== undefined) expect(seen[i]?.protocols).toContain(known[port])
    }
  })
})
