import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  end,
  type Instruction,
  load,
  MOST_INSTRUCTIONS,
  test,
  when,
  writeProgram,
} from '../src/io/kernel/bpf.ts'
import { packetFilter } from '../src/io/kernel/bpf-filter.ts'
import type { Interest, PortRange } from '../src/io/packets.ts'
import type { Family } from '../src/model/target.ts'
import { encodeArp } from '../src/wire/arp.ts'
import { encodeIpv4 } from '../src/wire/ipv4.ts'
import { encodeIpv6 } from '../src/wire/ipv6.ts'
import { PLAIN4 } from './plain-header.ts'

const TYPE = { host: 0, broadcast: 1, multicast: 2, otherHost: 3, outgoing: 4 } as const
const ETHER = { ipv4: 0x0800, ipv6: 0x86dd, arp: 0x0806 } as const

interface Met {
  readonly packetType: number
  readonly etherType: number
  readonly octets: Uint8Array
}

/** Classic BPF as linux/filter.h has it: a load outside of the packet ends the program with 0. */
function run(program: readonly Instruction[], { packetType, etherType, octets }: Met): number {
  let a = 0
  let x = 0
  const word = (at: number, size: number): number | undefined => {
    if (at === 0xfffff000) return etherType
    if (at === 0xfffff004) return packetType
    if (at + size > octets.length) return undefined
    let value = 0
    for (let i = 0; i < size; i++) value = value * 256 + (octets[at + i] ?? 0)
    return value
  }
  for (let at = 0; ; at++) {
    const { code, jt, jf, k } = program[at] as Instruction
    const loads: Record<number, [number, number]> = {
      32: [k, 4],
      40: [k, 2],
      48: [k, 1],
      72: [x + k, 2],
      80: [x + k, 1],
    }
    const tests: Record<number, boolean> = { 21: a === k, 37: a > k, 53: a >= k, 69: (a & k) !== 0 }
    const loading = loads[code]
    const holds = tests[code]
    if (loading !== undefined) {
      const value = word(...loading)
      if (value === undefined) return 0
      a = value
    } else if (holds !== undefined) at += holds ? jt : jf
    else if (code === 1) x = k
    else if (code === 177) {
      const first = word(k, 1)
      if (first === undefined) return 0
      x = 4 * (first & 15)
    } else if (code === 5) at += k
    else if (code === 6) return k
    else throw new Error(`no such instruction: ${code}`)
  }
}

interface Packet {
  readonly family: Family
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'sctp'
  readonly packetType: number
  readonly source: number
  readonly destination: number
  readonly flags: number
  readonly type: number
  readonly optionWords: number
  readonly fragmentOffset: number
}

const NUMBERS = {
  4: { tcp: 6, udp: 17, icmp: 1, sctp: 132 },
  6: { tcp: 6, udp: 17, icmp: 58, sctp: 132 },
} as const

function build(packet: Packet): Met {
  const { family, packetType, optionWords, fragmentOffset } = packet
  const protocol = NUMBERS[family][packet.protocol]
  const octets = new Uint8Array(100).fill(0xa5)
  const common = { protocol, source: '10.0.0.1', destination: '10.0.0.2' }
  const at =
    family === 4
      ? encodeIpv4(
          {
            ...common,
            ...PLAIN4,
            id: 1,
            dontFragment: false,
            fragmentOffset,
            ttl: 9,
            optionOctets: new Uint8Array(4 * optionWords),
          },
          octets,
          0,
          20,
        )
      : encodeIpv6(
          {
            ...common,
            source: 'fd00::1',
            destination: 'fd00::2',
            trafficClass: 0,
            flowLabel: 0,
            hopLimit: 9,
            extensions: [],
          },
          octets,
          0,
          20,
        )
  if (packet.protocol === 'icmp') octets[at] = packet.type
  else new DataView(octets.buffer).setUint32(at, packet.source * 0x10000 + packet.destination)
  octets[at + 13] = packet.flags
  return { packetType, etherType: family === 4 ? ETHER.ipv4 : ETHER.ipv6, octets: octets.slice(0, at + 20) }
}

const ICMP_ANSWERS = { 4: [0, 3, 4, 5, 11, 12, 14], 6: [1, 2, 3, 4, 129] } as const
const MORE_ANSWERS = { 4: [9, 16, 18], 6: [134, 136, 140] } as const

const isIn = (port: number, range: PortRange | undefined): boolean =>
  range === undefined || (range[0] <= port && port <= range[1])

/** What the contract says, in plain words. */
function wanted(
  packet: Packet,
  families: readonly Family[],
  interests: readonly Interest[],
  departures: boolean,
) {
  const { family, packetType, protocol } = packet
  if (!families.includes(family) || packetType === TYPE.otherHost) return false
  if (family === 4 && packet.fragmentOffset > 0) return false
  const isOut = packetType === TYPE.outgoing
  if (isOut && !departures) return false
  const asked = interests.filter((interest) => interest.protocol === protocol)
  if (protocol === 'sctp') return false
  if (protocol === 'icmp') {
    if (isOut) return asked.length > 0
    if (interests.every((interest) => interest.protocol === 'arp')) return false
    const types: readonly number[] = [
      ...ICMP_ANSWERS[family],
      ...(asked.length > 0 ? MORE_ANSWERS[family] : []),
    ]
    return types.includes(packet.type)
  }
  const [local, remote] = isOut ? [packet.source, packet.destination] : [packet.destination, packet.source]
  return asked.some(
    ({ localPorts, remotePorts, departingFlags, arrivingFlags }) =>
      isIn(local, localPorts) &&
      isIn(remote, remotePorts) &&
      (!isOut || departingFlags === undefined || (departingFlags & 0xff) === packet.flags) &&
      (isOut || arrivingFlags === undefined || (arrivingFlags & packet.flags) !== 0),
  )
}

/** Few numbers, so that they meet often. */
const port = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constantFrom(65534, 65535))
const range = fc.option(
  fc.tuple(port, port).map(([a, b]): PortRange => [Math.min(a, b), Math.max(a, b)]),
  { nil: undefined },
)
const flags = fc.constantFrom(0, 2, 4, 0x10, 0x12, 0xff)
const flow = fc.record({
  protocol: fc.constantFrom('tcp' as const, 'udp' as const),
  localPorts: range,
  remotePorts: range,
})
const interest: fc.Arbitrary<Interest> = fc.oneof(
  { weight: 4, arbitrary: flow },
  {
    weight: 4,
    arbitrary: fc.record({
      protocol: fc.constant('tcp' as const),
      localPorts: range,
      remotePorts: range,
      departingFlags: fc.option(fc.oneof(flags, fc.constant(0x102)), { nil: undefined }),
      arrivingFlags: fc.option(fc.oneof(flags, fc.constant(0x102)), { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom({ protocol: 'icmp' as const }, { protocol: 'arp' as const }) },
)
const packet: fc.Arbitrary<Packet> = fc.record({
  family: fc.constantFrom(4 as const, 6 as const),
  protocol: fc.constantFrom('tcp' as const, 'tcp' as const, 'udp' as const, 'icmp' as const, 'sctp' as const),
  packetType: fc.constantFrom(...Object.values(TYPE)),
  source: port,
  destination: port,
  flags,
  type: fc.oneof(fc.nat(19), fc.integer({ min: 126, max: 142 })),
  optionWords: fc.nat(10),
  fragmentOffset: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.constantFrom(8, 1480, 65528)),
})
const families = fc.constantFrom<readonly Family[]>([4], [6], [4, 6])
const interests = fc.array(interest, { maxLength: 5 })

describe('the filter of a packet socket', () => {
  it('lets in exactly what may be an answer or a probe of ours', () => {
    const law = fc.property(packet, families, interests, fc.boolean(), (some, which, list, departures) => {
      const program = packetFilter({ families: which, interests: list, departures })
      expect(run(program, build(some)) > 0).toBe(wanted(some, which, list, departures))
    })
    fc.assert(law, { numRuns: 5000 })
  })

  it.each([0, 43, 44, 51, 60, 135])(
    'lets IPv6 packets with extension header %i through to the exact match',
    (next) => {
      const { octets, ...rest } = build({
        family: 6,
        protocol: 'tcp',
        packetType: TYPE.host,
        source: 1,
        destination: 2,
        flags: 0,
        type: 0,
        optionWords: 0,
        fragmentOffset: 0,
      })
      const none = packetFilter({
        families: [6],
        interests: [{ protocol: 'tcp', localPorts: [9, 9] }],
        departures: false,
      })
      expect(run(none, { ...rest, octets })).toBe(0)
      octets[6] = next
      expect(run(none, { ...rest, octets })).toBeGreaterThan(0)
    },
  )

  it.each([
    ['a reply that comes in', 2, TYPE.host, true],
    ['a request that comes in', 1, TYPE.broadcast, false],
    ["another host's reply", 2, TYPE.otherHost, false],
    ['a request that leaves', 1, TYPE.outgoing, true],
  ])('knows %s from the others of ARP', (_, operation, packetType, isWanted) => {
    const octets = new Uint8Array(28)
    const party = { hardware: '02:00:00:00:00:01', protocol: '10.0.0.1' }
    const header = { hardwareType: 1, protocolType: 0x0800, hardwareLength: 6, protocolLength: 4, operation }
    encodeArp({ ...header, sender: party, target: party }, octets, 0)
    const met = { packetType, etherType: ETHER.arp, octets }
    const wish = { families: [4], departures: true } as const
    expect(run(packetFilter({ ...wish, interests: [{ protocol: 'arp' }] }), met) > 0).toBe(isWanted)
    expect(run(packetFilter({ ...wish, interests: [{ protocol: 'tcp' }] }), met)).toBe(0)
  })

  it('ends on any octets whatsoever', () => {
    const program = packetFilter({
      families: [4, 6],
      interests: [{ protocol: 'tcp', localPorts: [1, 2] }],
      departures: true,
    })
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.nat(7),
        fc.constantFrom(...Object.values(ETHER)),
        (octets, packetType, etherType) => {
          expect([0, 0xffffffff]).toContain(run(program, { packetType, etherType, octets }))
        },
      ),
    )
  })

  it('lets more in rather than outgrow what Linux takes', () => {
    const many = Array.from({ length: 500 }, (_, i): Interest => ({ protocol: 'tcp', localPorts: [i, i] }))
    const program = packetFilter({ families: [4, 6], interests: many, departures: true })
    expect(program.length).toBeLessThanOrEqual(MOST_INSTRUCTIONS)
    const some = {
      family: 4,
      protocol: 'tcp',
      packetType: 0,
      source: 1,
      flags: 0,
      type: 0,
      optionWords: 0,
    } as const
    expect(run(program, build({ ...some, destination: 499, fragmentOffset: 0 }))).toBeGreaterThan(0)
  })

  it('jumps over bodies longer than a conditional jump reaches', () => {
    const body = Array.from({ length: 3000 }, () => end(7))
    const program = [...when([load('octet', 0), test('equal', 1)], body), end(9)]
    const met = { packetType: 0, etherType: 0 }
    expect(run(program, { ...met, octets: Uint8Array.of(1) })).toBe(7)
    expect(run(program, { ...met, octets: Uint8Array.of(2) })).toBe(9)
  })

  it('writes each instruction into its eight octets and touches no others', () => {
    const octets = new Uint8Array(24).fill(0xa5)
    writeProgram([{ code: 0x15, jt: 1, jf: 2, k: 0xfffff004 }], new DataView(octets.buffer), 8)
    const written = [0x15, 0, 1, 2, 0x04, 0xf0, 0xff, 0xff]
    expect([...octets]).toEqual([...Array(8).fill(0xa5), ...written, ...Array(8).fill(0xa5)])
  })
})
