import { afterEach, describe, expect, it } from 'vitest'
import type { Clock } from '../src/io/io.ts'
import type { PacketChannel, PacketRequest } from '../src/io/packets.ts'
import { LocalFault } from '../src/model/errors.ts'
import { echoTo, familyOf, gather, incoming, type Pair, synTo, tcpInterest, wordsOf } from './packet-kit.ts'

/** Where the packets of the contract go. */
export interface ChannelWorld {
  readonly clock: Clock
  /** Opens a channel of the source in question. */
  open(request: Omit<PacketRequest, 'backend'>): Promise<PacketChannel>
  /** The addresses of one host that answers echo requests, one pair a family. */
  readonly pairs: readonly Pair[]
  /** `rejecting` answers with an ICMP error. */
  readonly ports: Readonly<Record<'open' | 'closed' | 'stealth' | 'rejecting', number>>
}

export interface ChannelTraits {
  /** Own packets are seen as they leave. */
  readonly departures: boolean
  /** Families whose arriving IP header is not handed over as it was. */
  readonly rebuilt: readonly (4 | 6)[]
  readonly arp: boolean
}

/** Our ports: nothing else uses them. */
const FIRST = 40_000
const LAST = 40_999
const LONG = 65_535

/** What every PacketChannel has to keep to. */
export function describePacketChannel(name: string, world: ChannelWorld, traits: ChannelTraits): void {
  const opened: PacketChannel[] = []
  const open = async (request: Partial<PacketRequest> & Pick<PacketRequest, 'families'>) => {
    const interests = [tcpInterest(FIRST, LAST)]
    const channel = await world.open({ interests, departures: false, snapLength: LONG, ...request })
    opened.push(channel)
    return channel
  }
  afterEach(() => {
    for (const channel of opened.splice(0)) channel.close()
  })

  describe.each(world.pairs)(`${name}, from $local to $remote`, (pair) => {
    const families = [familyOf(pair)]
    const { ports } = world

    it('gets the answers of open, closed and rejecting ports, and none of a stealth one', async () => {
      const channel = await open({ families })
      const asked = [ports.stealth, ports.open, ports.rejecting, ports.closed]
      const syns = asked.map((port, i) => synTo(pair, FIRST + i, port))
      expect(await channel.send(syns)).toEqual({ sent: 4, fault: undefined })
      const sights = incoming(await gather(channel, (some) => some.length >= 3))
      expect([...wordsOf(sights)].sort()).toEqual([
        `RA ${ports.closed}>${FIRST + 3}`,
        `SA ${ports.open}>${FIRST + 1}`,
        `error about ${FIRST + 2}>${ports.rejecting}`,
      ])
      const isRebuilt = traits.rebuilt.includes(familyOf(pair))
      for (const sight of sights) {
        expect(sight).toMatchObject({
          source: pair.remote,
          destination: pair.local,
          isHeaderRebuilt: isRebuilt,
        })
        expect(sight.length).toBe(sight.octets.length)
      }
      expect(channel.dropped()).toBe(0)
      expect(channel.fault()).toBeUndefined()
    })

    it('sends as many as it is told, in their order, and says how many', async () => {
      const channel = await open({ families })
      const syns = Array.from({ length: 150 }, (_, i) => synTo(pair, FIRST + i, ports.closed))
      expect(await channel.send(syns, 120)).toEqual({ sent: 120, fault: undefined })
      expect(await channel.send(syns.slice(149))).toEqual({ sent: 1, fault: undefined })
      const last = `RA ${ports.closed}>${FIRST + 149}`
      const sights = await gather(channel, (some) => wordsOf(some).includes(last))
      const sent = [...Array(120).keys()].map((i) => `RA ${ports.closed}>${FIRST + i}`)
      expect(wordsOf(sights)).toEqual([...sent, last])
    })

    it('sends nothing of nothing', async () => {
      const channel = await open({ families })
      expect(await channel.send([])).toEqual({ sent: 0, fault: undefined })
      expect(await channel.send([synTo(pair, FIRST, ports.closed)], 0)).toEqual({ sent: 0, fault: undefined })
    })

    it('stops at a packet that cannot be sent, says why, and sends those behind it when asked again', async () => {
      const channel = await open({ families })
      const nonsense = { octets: new Uint8Array(60), length: 60, interfaceIndex: 0 }
      const packets = [synTo(pair, FIRST, ports.closed), nonsense, synTo(pair, FIRST + 1, ports.closed)]
      const { sent, fault } = await channel.send(packets)
      expect(sent).toBe(1)
      expect(fault).toBeInstanceOf(LocalFault)
      expect(await channel.send(packets.slice(2))).toEqual({ sent: 1, fault: undefined })
      const sights = await gather(channel, (some) => some.length >= 2)
      expect(wordsOf(sights)).toEqual([`RA ${ports.closed}>${FIRST}`, `RA ${ports.closed}>${FIRST + 1}`])
    })

    it('refuses a packet whose length is more than it has', async () => {
      const channel = await open({ families })
      const syn = synTo(pair, FIRST, ports.closed)
      const { sent, fault } = await channel.send([{ ...syn, length: syn.octets.length + 1 }])
      expect([sent, fault?.code]).toEqual([0, 'EINVAL'])
    })

    it('does not look at a packet again after it was sent', async () => {
      const channel = await open({ families })
      const syn = synTo(pair, FIRST, ports.closed)
      await channel.send([syn])
      syn.octets.fill(0)
      const sights = await gather(channel, (some) => some.length > 0)
      expect(wordsOf(sights)).toEqual([`RA ${ports.closed}>${FIRST}`])
    })

    it('hands over at most as many as asked for, and keeps the rest', async () => {
      const channel = await open({ families })
      await channel.send([0, 1, 2, 3, 4].map((i) => synTo(pair, FIRST + i, ports.closed)))
      const seen: number[] = []
      const signal = AbortSignal.timeout(5000)
      while (seen.length < 5 && !signal.aborted) {
        let calls = 0
        const told = channel.drain(() => void calls++, 2)
        expect(told).toBe(calls)
        expect(told).toBeLessThanOrEqual(2)
        seen.push(...Array(told).fill(told))
        if (told === 0) await channel.ready(signal)
      }
      expect(seen).toHaveLength(5)
      expect(channel.drain(() => {})).toBe(0)
    })

    it('is ready when something comes, stays so until it is drained, and when the waiting is over', async () => {
      const channel = await open({ families })
      const never = new AbortController().signal
      const waiting = channel.ready(never)
      await channel.send([synTo(pair, FIRST, ports.closed)])
      await waiting
      await channel.ready(never)
      await gather(channel, (some) => some.length > 0)
      await channel.ready(AbortSignal.abort())
      const soon = new AbortController()
      const aborted = channel.ready(soon.signal)
      soon.abort()
      await aborted
      expect(channel.drain(() => {})).toBe(0)
    })

    it('cuts at the snap length and tells how long the packet was', async () => {
      const channel = await open({ families, interests: [{ protocol: 'icmp' }], snapLength: 64 })
      await channel.send([echoTo(pair, 77, 1, 200)])
      const isReply = (what: string): boolean => /^icmp (0|129) 77 1$/.test(what)
      const sights = incoming(await gather(channel, (some) => wordsOf(some).some(isReply)))
      const replies = sights.filter(({ what }) => isReply(what))
      const length = (familyOf(pair) === 4 ? 20 : 40) + 8 + 200
      expect(replies).toMatchObject([{ length }])
      expect(replies[0]?.octets).toHaveLength(64)
    })

    it('lets echo replies and errors in with an interest in TCP, and no port outside of it', async () => {
      const channel = await open({ families, interests: [tcpInterest(FIRST + 500, LAST)] })
      const stranger = synTo(pair, FIRST + 1, ports.open)
      await channel.send([stranger, echoTo(pair, 9, 2), synTo(pair, FIRST + 500, ports.rejecting)])
      await channel.send([stranger, synTo(pair, FIRST + 501, ports.open)])
      const sights = incoming(await gather(channel, (some) => incoming(some).length >= 3))
      expect([...wordsOf(sights)].sort()).toEqual([
        `SA ${ports.open}>${FIRST + 501}`,
        `error about ${FIRST + 500}>${ports.rejecting}`,
        `icmp ${familyOf(pair) === 4 ? 0 : 129} 9 2`,
      ])
    })

    it('lets in what comes from the ports of interest only', async () => {
      const interest = { protocol: 'tcp', remotePorts: [ports.open, ports.open] } as const
      const channel = await open({ families, interests: [interest] })
      await channel.send([synTo(pair, FIRST, ports.closed), synTo(pair, FIRST + 1, ports.open)])
      const answer = `SA ${ports.open}>${FIRST + 1}`
      const sights = incoming(await gather(channel, (some) => wordsOf(incoming(some)).includes(answer)))
      expect(wordsOf(sights)).not.toContain(`RA ${ports.closed}>${FIRST}`)
    })

    it('stamps what arrives between its probe and now, on the clock that it was given', async () => {
      const channel = await open({ families })
      const before = world.clock.nowNs()
      await channel.send([synTo(pair, FIRST, ports.closed)])
      const [sight] = await gather(channel, (some) => some.length > 0)
      // Half a millisecond for the difference of two clocks that are read one after the other.
      expect(sight?.timeNs).toBeGreaterThan(before - 500_000)
      expect(sight?.timeNs).toBeLessThan(world.clock.nowNs() + 500_000)
      const wallMs =
        Number(channel.wallOffsetNs() / 1000n + BigInt(Math.round((sight?.timeNs ?? 0) / 1000))) / 1000
      expect(Math.abs(wallMs - world.clock.wallMs())).toBeLessThan(10_000)
    })

    if (traits.departures) {
      it('sees its own packets leave, before their answers, when asked', async () => {
        const channel = await open({ families, departures: true })
        expect(channel.clock).toBe('packet')
        await channel.send([synTo(pair, FIRST, ports.closed)])
        const sights = await gather(channel, (some) => some.length >= 2)
        expect(sights.map(({ direction, what }) => `${direction} ${what}`)).toEqual([
          `out S ${FIRST}>${ports.closed}`,
          `in RA ${ports.closed}>${FIRST}`,
        ])
        const [departure, arrival] = sights
        expect(arrival?.timeNs).toBeGreaterThan(departure?.timeNs ?? Number.NaN)
        expect(arrival?.era).toBe(departure?.era)
      })
    }

    it('sees nothing leave when not asked to', async () => {
      const channel = await open({ families })
      expect(channel.clock).toBe('process')
      await channel.send([synTo(pair, FIRST, ports.closed)])
      const sights = await gather(channel, (some) => incoming(some).length > 0)
      expect(sights.map(({ direction }) => direction)).toEqual(['in'])
    })

    it('hears nothing where it only sends', async () => {
      const [mute, hearing] = [await open({ families, sendOnly: true }), await open({ families })]
      expect(await mute.send([synTo(pair, FIRST, ports.closed)])).toEqual({ sent: 1, fault: undefined })
      await gather(hearing, (some) => some.length > 0)
      expect(mute.drain(() => {})).toBe(0)
    })

    it('hears nothing and sends nothing once it is closed, and may be closed twice', async () => {
      const [channel, witness] = [await open({ families }), await open({ families })]
      const waiting = channel.ready(new AbortController().signal)
      await channel.send([synTo(pair, FIRST, ports.closed)])
      await gather(witness, (some) => some.length > 0)
      channel.close()
      channel.close()
      await waiting
      expect(channel.drain(() => {})).toBe(0)
      expect(await channel.send([synTo(pair, FIRST, ports.closed)])).toMatchObject({
        sent: 0,
        fault: expect.any(LocalFault),
      })
      expect(channel.dropped()).toBe(0)
    })

    it('may be closed while it hands packets over', async () => {
      const channel = await open({ families })
      const witness = await open({ families })
      await channel.send([0, 1, 2].map((i) => synTo(pair, FIRST + i, ports.closed)))
      await gather(witness, (some) => some.length >= 3)
      await channel.ready(AbortSignal.timeout(5000))
      expect(channel.drain(() => channel.close())).toBe(1)
    })

    it('knows no interface by a name that none has', async () => {
      for (const interfaceName of ['nosuch0', 'a-name-that-is-far-too-long', '']) {
        await expect(open({ families, interfaceName })).rejects.toMatchObject({ code: 'ENODEV' })
      }
    })
  })

  const [one, other] = world.pairs
  if (one !== undefined && other !== undefined && familyOf(one) !== familyOf(other)) {
    it(`${name} carries both families in one channel, in their order`, async () => {
      const { closed } = world.ports
      const channel = await open({ families: [4, 6] })
      const syns = [one, other, one, other, other].map((pair, i) => synTo(pair, FIRST + i, closed))
      expect(await channel.send(syns)).toEqual({ sent: 5, fault: undefined })
      const sights = await gather(channel, (some) => some.length >= 5)
      const heard = sights.map(({ what, source }) => `${what} ${source}`)
      const wanted = [one, other, one, other, other].map(
        ({ remote }, i) => `RA ${closed}>${FIRST + i} ${remote}`,
      )
      // Two sockets may be listening: only within a family there is an order.
      expect([...heard].sort()).toEqual([...wanted].sort())
    })
  }

  if (!traits.arp) {
    it(`${name} says that ARP takes koffi`, async () => {
      const opening = open({ families: [4], interests: [{ protocol: 'arp' }] })
      await expect(opening).rejects.toMatchObject({
        name: 'LocalFault',
        code: 'ENOTSUP',
        message: expect.stringContaining('koffi'),
      })
    })
  }
}
