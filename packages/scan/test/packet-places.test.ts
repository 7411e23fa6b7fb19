import { tcpPacket, udpPacket } from '@portkit/core/sim'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPlaces, PASSES } from '../src/guns/packet-places.ts'
import { askAll, gunIn, gunWorld, heardBy, settle, THERE } from './packet-gun-kit.ts'

const PORTS = fc
  .uniqueArray(fc.integer({ min: 0, max: 65_535 }), { minLength: 1, maxLength: 40 })
  .map((list) => Uint16Array.from(list))
const NUMBER = 0x1_0000_0000

function routes(hosts: number) {
  return Array.from({ length: hosts }, (_, i) => ({
    source: '10.0.0.1',
    destination: `10.1.${i >> 8}.${i & 255}`,
  }))
}

function claimOf(remote: string, remotePort: number, index: number | undefined, local = '10.0.0.1') {
  const modulus = NUMBER as 0x1_0000_0000
  return {
    role: 'answer',
    local,
    remote,
    localPort: 61_000,
    remotePort,
    index,
    modulus,
  } as const
}

function found(places: ReturnType<typeof createPlaces>, claim: ReturnType<typeof claimOf>) {
  const all: (number | undefined)[][] = []
  places.find(claim, (...place) => all.push(place))
  return all
}

describe('places of probes', () => {
  it('come back from their numbers', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        PORTS,
        fc.nat(),
        fc.nat(),
        fc.nat({ max: PASSES - 1 }),
        (hosts, ports, h, p, pass) => {
          const host = h % hosts
          const port = p % ports.length
          const places = createPlaces(routes(hosts), ports, true)
          const number = places.numberOf(host, port, pass)
          const claim = claimOf(routes(hosts)[host]?.destination ?? '', ports[port] ?? 0, number)
          expect(found(places, claim)).toEqual([[host, port, pass]])
        },
      ),
    )
  })

  it('are not found by a number that does not fit the address and the port', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: NUMBER - 1 }),
        fc.nat({ max: 255 }),
        fc.nat({ max: 65_535 }),
        (number, last, remotePort) => {
          const ports = Uint16Array.from([22, 80, 443])
          const places = createPlaces(routes(200), ports, true)
          for (const [host = 0, port = 0, pass = 0] of found(
            places,
            claimOf(`10.1.0.${last}`, remotePort, number),
          )) {
            expect([host, ports[port]]).toEqual([last, remotePort])
            expect(places.numberOf(host, port, pass)).toBe(number)
          }
        },
      ),
    )
  })

  it('are found by address and port alone where no number comes back, at each time the host is listed', () => {
    const twice = [...routes(2), ...routes(1)]
    const places = createPlaces(twice, Uint16Array.from([53, 161]), false)
    const claim = claimOf('10.1.0.0', 161, undefined)
    expect(found(places, claim)).toEqual([
      [0, 1, undefined],
      [2, 1, undefined],
    ])
    expect(found(places, claimOf('10.1.0.0', 161, undefined, '10.0.0.9'))).toEqual([])
    expect(found(places, { ...claim, remotePort: 54 })).toEqual([])
  })

  it.each([-1, 16, Number.NaN])('have no pass %s', (pass) => {
    expect(() => createPlaces(routes(1), Uint16Array.from([1]), true).numberOf(0, 0, pass)).toThrow(
      RangeError,
    )
  })
})

/** What anybody may send to this machine: the gun's own ends, all else at will. */
const FOREIGN = fc.record({
  port: fc.constantFrom(22, 111, 137, 4000),
  flags: fc.nat({ max: 255 }),
  seq: fc.nat({ max: NUMBER - 1 }),
  ack: fc.nat({ max: NUMBER - 1 }),
})

it.each([
  ['fin', 0],
  ['xmas', 0],
  ['syn', 100],
] as const)(
  'loses no answer to a %s scan with %i octets of data, however many numbers are in use',
  async (kind, dataLength) => {
    // Of 2^30 numbers every fourth misreading of an acknowledgment would name another probe.
    const hosts = Array.from({ length: 4096 }, (_, i) => `10.1.${i >> 8}.${i & 255}`)
    const ports = Array.from({ length: 2 ** 14 }, (_, i) => i)
    const io = gunWorld()
    const gun = await gunIn(io, hosts, ports, { kind, source: { badSum: false, dataLength } })
    for (let host = 0; host < 500; host += 1) {
      if (gun.fire(host, host, 3) === 'full') {
        await gun.flush()
        gun.fire(host, host, 3)
      }
    }
    await gun.flush()
    await settle(io)
    const heard = heardBy(gun)
    expect(new Set(heard.map(({ host }) => host)).size).toBe(500)
    expect(heard.every(({ host, port, pass }) => host === port && pass === 3)).toBe(true)
  },
)

describe('packets of others', () => {
  it('never are answers, whatever numbers they bring', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(FOREIGN, { minLength: 1, maxLength: 50 }), async (packets) => {
        const way = { source: THERE, destination: '10.0.0.1' }
        const noise = packets.map(({ port, ...segment }, i) => ({
          afterMs: i,
          octets: tcpPacket(way, { sourcePort: port, destinationPort: 61_500, ...segment }),
        }))
        const io = gunWorld({
          ports: { '10.0.0.2:22': { does: 'drop' }, '10.0.0.2:111': { does: 'drop' } },
          noise,
        })
        const source = { badSum: false, port: 61_500 }
        const gun = await gunIn(io, [THERE], [22, 111], { source })
        const { heard } = await askAll(io, gun, 1, 2)
        expect(heard).toEqual([])
      }),
      { numRuns: 50 },
    )
  })

  it('never make it throw, whatever octets they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 120 }), { minLength: 1, maxLength: 20 }),
        fc.constantFrom('syn' as const, 'fin' as const, 'udp' as const),
        async (all, kind) => {
          const noise = all.map((octets, i) => ({ afterMs: i, octets }))
          const io = gunWorld({ ports: { '10.0.0.2:22': { does: 'drop' } }, noise })
          const gun = await gunIn(io, [THERE], [22], { kind })
          await io.runUntilIdle(new Promise(() => {}))
          expect(heardBy(gun)).toEqual([])
        },
      ),
      { numRuns: 50 },
    )
  })

  it('from the right port of another host are no answers of UDP', async () => {
    const way = { source: '10.0.0.9', destination: '10.0.0.1' }
    const noise = [
      { afterMs: 1, octets: udpPacket(way, { sourcePort: 53, destinationPort: 61_500 }, new Uint8Array(4)) },
    ]
    const io = gunWorld({ datagrams: { '10.0.0.2:53': { does: 'drop' } }, noise })
    const gun = await gunIn(io, [THERE], [53], { kind: 'udp', source: { badSum: false, port: 61_500 } })
    expect((await askAll(io, gun, 1, 1)).heard).toEqual([])
  })
})
