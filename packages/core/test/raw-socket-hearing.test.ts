import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Interest, PacketChannel } from '../src/io/packets.ts'
import { listenedFor, mayAnswer } from '../src/io/raw-socket/answers.ts'
import { createOwnSources } from '../src/io/raw-socket/own-sources.ts'
import { echoTo, familyOf, sightOf, synTo, wordsOf } from './packet-kit.ts'
import { BACK6, octetsOf, open, PAIR, PAIR6, played, reply, SEND } from './raw-socket-kit.ts'

describe('hearing by raw-socket', () => {
  const wordsIn = (channel: PacketChannel): readonly string[] => {
    const sights: ReturnType<typeof sightOf>[] = []
    channel.drain((seen) => void sights.push(sightOf(seen)))
    return wordsOf(sights)
  }

  it('copies what the next packet will overwrite', async () => {
    const { raw, socketOf } = played()
    const channel = await open(raw)
    const shared = new Uint8Array(200)
    for (const port of [40_000, 40_001]) {
      shared.set(reply(port))
      socketOf(6).emit('message', shared.subarray(0, 40), '10.0.0.2')
    }
    shared.fill(0xff)
    expect(wordsIn(channel)).toEqual(['S 80>40000', 'S 80>40001'])
    channel.close()
  })

  it('wakes who waits when its own call is over', async () => {
    const { raw, socketOf } = played()
    const channel = await open(raw)
    let isAwake = false
    const waiting = channel.ready(new AbortController().signal).then(() => {
      isAwake = true
    })
    socketOf(6).emit('message', reply(40_000), '10.0.0.2')
    await Promise.resolve()
    expect(isAwake).toBe(false)
    await waiting
    expect(wordsIn(channel)).toHaveLength(1)
    channel.close()
  })

  it('keeps so many packets and no more, and counts the others', async () => {
    const { raw, socketOf } = played()
    const channel = await open(raw)
    for (let i = 0; i < 20_000; i++) socketOf(6).emit('message', reply(40_000), '10.0.0.2')
    expect(channel.dropped()).toBe(20_000 - 16_384)
    let drained = 0
    for (let some = channel.drain(() => {}); some > 0; some = channel.drain(() => {})) {
      expect(some).toBeLessThanOrEqual(4096)
      drained += some
    }
    expect(drained).toBe(16_384)
    socketOf(6).emit('message', reply(40_000), '10.0.0.2')
    expect(wordsIn(channel)).toHaveLength(1)
    channel.close()
  })

  it('keeps so many octets and no more', async () => {
    const { raw, socketOf } = played()
    const channel = await open(raw, { snapLength: 65_535 })
    const long = reply(40_000, 60_000)
    for (let i = 0; i < 700; i++) socketOf(6).emit('message', long, '10.0.0.2')
    expect(700 - channel.dropped()).toBe(Math.floor((32 << 20) / long.length))
    channel.close()
  })

  it('puts a header in front of IPv6, with the address that the checksum fits', async () => {
    const { raw, socketOf } = played()
    const channel = await open(raw)
    const others = ['fd00::1', 'fd00::1:1', 'fd00::7']
    const sending = channel.send(others.map((local) => synTo({ ...PAIR6, local }, 40_000, 80)))
    const { sent } = socketOf(SEND, 2)
    for (let i = 0; i < 3; i++) sent[i]?.after(null, 60)
    await sending
    for (const remote of others) {
      const whole = octetsOf(synTo({ ...BACK6, remote }, 80, 40_000))
      socketOf(6, 2).emit('message', whole.subarray(40), 'fd00::2')
    }
    const sights: ReturnType<typeof sightOf>[] = []
    channel.drain((seen) => void sights.push(sightOf(seen)))
    expect(sights.map(({ destination }) => destination)).toEqual(others)
    expect(sights[0]).toMatchObject({
      source: 'fd00::2',
      length: 60,
      isHeaderRebuilt: true,
      what: 'S 80>40000',
    })
    channel.close()
  })

  it('survives whatever comes, on every socket', async () => {
    const { raw, sockets } = played()
    const channel = await open(raw, {
      interests: [{ protocol: 'tcp' }, { protocol: 'udp' }, { protocol: 'icmp' }],
    })
    const property = fc.property(fc.uint8Array({ maxLength: 120 }), (octets) => {
      for (const socket of sockets) {
        const source = socket.asked.addressFamily === 1 ? '10.0.0.2' : 'fe80::2'
        socket.emit('message', octets, source)
      }
      channel.drain((seen) => {
        expect(seen.to - seen.from).toBeLessThanOrEqual(Math.min(100, seen.length))
        sightOf(seen)
      })
    })
    fc.assert(property, { numRuns: 300 })
    channel.close()
  })

  it('goes on after a packet with a wrong checksum, and tells what it cannot go on after', async () => {
    const { raw, socketOf } = played()
    const channel = await open(raw)
    socketOf(6).emit('error', new Error('Resource temporarily unavailable'))
    expect(channel.fault()).toBeUndefined()
    const waiting = channel.ready(new AbortController().signal)
    socketOf(6).emit('error', new Error('Network is down'))
    await waiting
    expect(channel.fault()).toMatchObject({ code: 'ENETDOWN', message: expect.stringContaining('down') })
    channel.close()
  })
})

describe('answers', () => {
  it.each([
    ['tcp', ['tcp', 'icmp'], ['tcp', 'icmp6']],
    ['udp', ['udp', 'icmp'], ['udp', 'icmp6']],
    ['icmp', ['icmp'], ['icmp6']],
    ['arp', [], []],
  ] as const)('to %s are listened for as %j, and over IPv6 as %j', (protocol, four, six) => {
    expect([listenedFor(4, [{ protocol }]), listenedFor(6, [{ protocol }])]).toEqual([four, six])
  })

  const interest: Interest = { protocol: 'udp', localPorts: [100, 200], remotePorts: [53, 53] }
  const udp = (from: number, to: number): Uint8Array =>
    Uint8Array.of(from >> 8, from, to >> 8, to, 0, 8, 0, 0)
  it.each([
    [53, 100, true],
    [53, 200, true],
    [53, 201, false],
    [53, 99, false],
    [54, 150, false],
  ])('over UDP from port %i to ours, %i: %s', (from, to, expected) => {
    expect(mayAnswer('udp', udp(from, to), 0, [interest])).toBe(expected)
    expect(mayAnswer('tcp', udp(from, to), 0, [interest])).toBe(false)
  })

  it('are no requests, whoever sent them', () => {
    for (const pair of [PAIR, PAIR6]) {
      const isIpv4 = familyOf(pair) === 4
      const { octets } = echoTo(pair, 1, 1)
      expect(mayAnswer(isIpv4 ? 'icmp' : 'icmp6', octets, isIpv4 ? 20 : 40, [])).toBe(false)
    }
  })

  it.each([
    ['icmp', 3, true, true],
    ['icmp', 18, false, true],
    ['icmp', 8, false, false],
    ['icmp6', 129, true, true],
    ['icmp6', 136, false, true],
    ['icmp6', 135, false, false],
  ] as const)(
    'of %s with type %i: %s with an interest in TCP, %s with one in ICMP',
    (listened, type, any, asked) => {
      const octets = Uint8Array.of(type, 0, 0, 0, 0, 0, 0, 0)
      const wanted = (protocol: Interest['protocol']) => mayAnswer(listened, octets, 0, [{ protocol }])
      expect([wanted('tcp'), wanted('icmp')]).toEqual([any, asked])
    },
  )

  it('that are cut before their ports are none', () => {
    expect(mayAnswer('tcp', new Uint8Array(3), 0, [{ protocol: 'tcp' }])).toBe(false)
    expect(mayAnswer('icmp', new Uint8Array(), 0, [])).toBe(false)
  })
})

describe('the own address of an IPv6 message', () => {
  const message = octetsOf(synTo(BACK6, 80, 40_000)).subarray(40)

  it('is one of the machine as long as nothing was sent', () => {
    const addresses = ['fd00::9', 'fd00::1']
    expect(createOwnSources(() => addresses).destinationOf('tcp', message, 'fd00::2')).toBe('fd00::1')
    expect(createOwnSources(() => []).destinationOf('tcp', message, 'fd00::2')).toBeUndefined()
  })

  it('is the one that was sent from last where no checksum fits', () => {
    const sources = createOwnSources(() => [])
    for (const local of ['fd00::8', 'fd00::9']) sources.sent(synTo({ ...PAIR6, local }, 1, 2).octets)
    expect(sources.destinationOf('tcp', message, 'fd00::2')).toBe('fd00::9')
  })
})
