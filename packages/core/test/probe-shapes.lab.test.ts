import { describeLab, PORTS } from '@portkit/lab/vitest'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { nodeClock } from '../src/io/node/node-clock.ts'
import type { Route } from '../src/io/packets.ts'
import { createPackets } from '../src/io/packets-io.ts'
import { icmpTimesOf, timestampOf } from '../src/probes/packet/answer-times.ts'
import { fragments } from '../src/probes/packet/fragments.ts'
import { icmpProbe } from '../src/probes/packet/icmp-probe.ts'
import type { Claim, PacketProbe } from '../src/probes/packet/packet-probe.ts'
import { recordedRouteOf } from '../src/probes/packet/recorded-route.ts'
import { sight } from '../src/probes/packet/sight.ts'
import type { Sighting } from '../src/probes/packet/sighting.ts'
import { tcpProbe } from '../src/probes/packet/tcp-probe.ts'
import { udpProbe } from '../src/probes/packet/udp-probe.ts'
import { flagsOf } from '../src/wire/tcp-flags.ts'
import { enter } from './namespace-kit.ts'
import { gather } from './packet-kit.ts'
import { built, seeded } from './probe-kit.ts'

interface Seen {
  readonly sighting: Sighting
  readonly claim: Claim
}

describeLab('packets that the system sends and others answer', { routed: true }, (lab) => {
  const packets = createPackets(nodeClock)
  let leave: () => void
  beforeAll(() => {
    leave = enter(lab.namespace('probe'))
  })
  afterAll(() => leave?.())

  const routeTo = (family: 4 | 6): Promise<Route> =>
    packets.route({ address: family === 4 ? lab.target.address4 : lab.target.address6, family }, {})

  /** Sends the probe's first packets to a port, and gives what is seen of them up to so many claims of that role. */
  async function send(
    probe: PacketProbe,
    { family = 4, port = 0, count = 1, role = 'answer', room }: Partial<Sent> = {},
  ): Promise<readonly Seen[]> {
    const route = await routeTo(family)
    const channel = await packets.open({
      backend: 'kernel',
      families: [family],
      interests: [probe.interest],
      departures: true,
      snapLength: 2048,
    })
    const octets = Array.from({ length: count }, (_, index) => built(probe, { index, route, port, ttl: 64 }))
    const pieces = octets.flatMap((each) =>
      room === undefined ? [each] : fragments(each, each.length, room),
    )
    const claimed = (sights: Awaited<ReturnType<typeof gather>>): readonly Seen[] =>
      sights.flatMap((each) => {
        const sighting = sight(each)
        const claim = sighting && probe.claim(sighting)
        return claim?.role === role && sighting !== undefined ? [{ sighting, claim }] : []
      })
    try {
      const outcome = await channel.send(
        pieces.map((piece) => ({ octets: piece, length: piece.length, interfaceIndex: 0 })),
      )
      expect(outcome).toEqual({ sent: pieces.length, fault: undefined })
      return claimed(await gather(channel, (sights) => claimed(sights).length >= count))
    } finally {
      channel.close()
    }
  }
  interface Sent {
    readonly family: 4 | 6
    readonly port: number
    readonly count: number
    readonly role: Claim['role']
    readonly room: number
  }

  const ROUTER = { near: '10.78.0.254', far: '10.78.1.254' } as const

  it.each([
    ['an echo request', icmpProbe({ ask: 'echo', recordRoute: true, random: seeded() }), 0],
    [
      'a SYN to an open port',
      tcpProbe({ ...common(), flags: flagsOf('S'), recordRoute: true }),
      PORTS.open.port,
    ],
    [
      'a SYN to a closed port',
      tcpProbe({ ...common(), flags: flagsOf('S'), recordRoute: true }),
      PORTS.closed.port,
    ],
  ])('records the way there and back: %s', async (_, probe, port) => {
    const [answer] = await send(probe, { port })
    expect(answer?.claim.index).toBe(0)
    const route = (answer && recordedRouteOf(answer.sighting)) ?? []
    // Who is addressed may enter itself once or twice.
    expect([...new Set(route)]).toEqual([ROUTER.far, lab.target.address4, ROUTER.near])
  })

  it('records the way of a request that was cut into fragments, too', async () => {
    const payload = new Uint8Array(600).fill(0x58)
    const probe = icmpProbe({ ask: 'echo', recordRoute: true, payload, random: seeded() })
    const [answer] = await send(probe, { room: 104 })
    expect(answer?.sighting.length).toBe(60 + 8 + 600)
    expect(answer && recordedRouteOf(answer.sighting)).toContain(lab.target.address4)
  })

  it.each([4, 6] as const)('is told the time stamps of who answers a SYN over IPv%i', async (family) => {
    const probe = tcpProbe({ ...common(), flags: flagsOf('S'), mss: 536, timestamps: true })
    const [answer] = await send(probe, { family, port: PORTS.open.port })
    expect(answer && timestampOf(answer.sighting)).toBeGreaterThan(0)
  })

  it('is told the times of who answers a question for them', async () => {
    const originate = 12_345_678
    const probe = icmpProbe({ ask: 'timestamp', firstSeq: 0, originate: () => originate, random: seeded() })
    const [answer] = await send(probe)
    expect(answer?.claim.index).toBe(0)
    const times = answer && icmpTimesOf(answer.sighting)
    expect(times?.originate).toBe(originate)
    expect(times?.receive).toBe(times?.transmit)
  })

  it.each([4, 6] as const)('tells answers over IPv%i apart by the source port alone', async (family) => {
    const sourcePort = { first: 41_000, most: 20 }
    const probes = [
      tcpProbe({ ...common(), sourcePort, flags: flagsOf('S'), seq: 5 }),
      udpProbe({ ...common(), sourcePort }),
    ]
    for (const probe of probes) {
      const role = probe.method === 'udp' ? 'error' : 'answer'
      // A system may keep some of its ICMP errors to itself.
      const count = probe.method === 'udp' ? 4 : 20
      const seen = await send(probe, { family, port: PORTS.closed.port, count, role })
      expect(seen.map(({ claim }) => claim.index)).toEqual(Array.from({ length: count }, (_, i) => i))
      expect(seen.map(({ claim }) => claim.localPort)).toEqual(seen.map((_, i) => 41_000 + i))
    }
  })

  it.each([4, 6] as const)('sees a first fragment over IPv%i leave', async (family) => {
    const probes = [
      tcpProbe({ ...common(), flags: flagsOf('S'), moreFragments: true, payload: new Uint8Array(4) }),
      udpProbe({ ...common(), moreFragments: true, payload: new Uint8Array(8) }),
    ]
    for (const probe of probes) {
      const [left] = await send(probe, { family, port: PORTS.closed.port, role: 'probe' })
      expect(left?.sighting).toMatchObject({ direction: 'out', destinationPort: PORTS.closed.port })
    }
  })
})

function common() {
  return { sourcePort: 41_000, random: seeded() }
}
