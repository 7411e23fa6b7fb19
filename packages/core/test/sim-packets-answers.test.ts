import { describe, expect, it } from 'vitest'
import { arpRequest, icmp4Packet, icmp6Packet, simIo, tcpPacket, udpPacket } from '../src/sim/sim.ts'
import { decodeArp } from '../src/wire/arp.ts'
import { decodeIcmp4 } from '../src/wire/icmp4.ts'
import { decodeIcmp6 } from '../src/wire/icmp6.ts'
import { decodeIpv4, ipv4Checksum } from '../src/wire/ipv4.ts'
import { ipv4OptionOctets } from '../src/wire/ipv4-options.ts'
import { LINK_TYPE } from '../src/wire/link.ts'
import { addressOctets } from '../src/wire/octets.ts'
import { verifyTransport } from '../src/wire/seal.ts'
import { flagsOf, lettersOf } from '../src/wire/tcp-flags.ts'
import {
  exchange,
  HERE,
  OPEN,
  openChannel,
  seenBy,
  segment,
  sending,
  THERE,
  tcpOf,
  world,
} from './sim-packets-kit.ts'

describe('a segment', () => {
  // What Linux answered in recorded runs: flags, sequence number, acknowledgment number.
  it.each([
    ['SYN to an open port', 'S', 22, 'SA', undefined, 1001],
    ['SYN to a closed port', 'S', 111, 'RA', 0, 1001],
    ['FIN to a closed port', 'F', 111, 'RA', 0, 1001],
    ['segment without flags to a closed port', '', 111, 'RA', 0, 1000],
    ['Xmas segment to a closed port', 'FPU', 111, 'RA', 0, 1001],
    ['ACK to an open port', 'A', 22, 'R', 777, 0],
    ['ACK to a closed port', 'A', 111, 'R', 777, 0],
    ['Maimon segment to a closed port', 'FA', 111, 'R', 777, 0],
    ['SYN-ACK to an open port', 'SA', 22, 'R', 777, 0],
    ['SYN with ECN to an open port', 'SEC', 22, 'SAE', undefined, 1001],
  ])('gets the answer of Linux: %s', async (_, flags, port, letters, seq, ack) => {
    const [answer = expect.fail('no answer'), ...more] = await exchange({}, [
      segment({ flags, port, ack: 777 }),
    ])
    expect(more).toEqual([])
    const header = tcpOf(answer)
    expect(lettersOf(header.flags)).toBe(letters)
    expect(header).toMatchObject({ sourcePort: port, destinationPort: 40_000, ack })
    if (seq !== undefined) expect(header.seq).toBe(seq)
    expect(decodeIpv4(answer.octets)).toMatchObject({ ttl: 64, id: 0, dontFragment: true })
  })

  it.each([
    ['FIN to an open port', { flags: 'F' }],
    ['nothing to an open port', { flags: '' }],
    ['Xmas to an open port', { flags: 'FPU' }],
    ['SYN with FIN to an open port', { flags: 'SF' }],
    ['RST to an open port', { flags: 'R' }],
    ['RST to a closed port', { flags: 'R', port: 111 }],
    ['RST-ACK to a closed port', { flags: 'RA', port: 111 }],
    ['SYN to a port that drops', { port: 137 }],
  ])('gets no answer: %s', async (_, more) => {
    const ports = { '10.0.0.2:22': OPEN, '10.0.0.2:137': { does: 'drop' } } as const
    expect(await exchange({ ports }, [segment(more)])).toEqual([])
  })

  it('gets no answer when its checksum is wrong, open or closed', async () => {
    const probes = [22, 111].map((port) => segment({ port }))
    for (const { octets } of probes) octets[37] = (octets[37] ?? 0) ^ 1
    expect(await exchange({}, probes)).toEqual([])
  })

  it('gets an IP header that the kernel has sealed again, as raw sockets do', async () => {
    const probe = segment()
    probe.octets.fill(0, 10, 12)
    const io = world()
    const channel = await openChannel(io)
    await channel.send([probe])
    expect(await seenBy(io, channel)).toHaveLength(1)
    expect(ipv4Checksum(io.wire[0]?.octets ?? new Uint8Array())).toBe('good')
  })

  it('counts its data as acknowledged by a reset', async () => {
    const way = { source: HERE, destination: THERE }
    const ports = { sourcePort: 40_000, destinationPort: 111, seq: 0xffff_fffe, flags: flagsOf('F') }
    const [answer] = await exchange({}, [sending(tcpPacket(way, ports, new Uint8Array(5)))])
    expect(tcpOf(answer ?? expect.fail('no answer')).ack).toBe(4)
  })

  it('is offered the options that it offers, and the windows of Linux', async () => {
    const options = [
      { kind: 'mss', value: 1460 },
      { kind: 'sack-permitted' },
      { kind: 'timestamps', value: 7, echo: 0 },
      { kind: 'nop' },
      { kind: 'window-scale', shift: 7 },
    ] as const
    const header = { sourcePort: 40_000, destinationPort: 22, flags: flagsOf('S') }
    const like = tcpPacket({ source: HERE, destination: THERE }, { ...header, options })
    const [bare, full] = (await exchange({}, [segment(), sending(like)])).map(tcpOf)
    expect(bare).toMatchObject({ window: 64_240, options: [{ kind: 'mss', value: 1460 }] })
    expect(full?.window).toBe(65_160)
    expect(full?.options).toMatchObject([
      { kind: 'mss', value: 1460 },
      { kind: 'sack-permitted' },
      { kind: 'timestamps', echo: 7 },
      { kind: 'nop' },
      { kind: 'window-scale', shift: 10 },
    ])
  })

  it('meets the same world as a connect: ICMP errors, unreachable hosts, lost SYNs, attempts in their order', async () => {
    const io = world({
      ports: {
        '10.0.0.2:8': { does: 'icmp', afterMs: 0.3, type: 3, code: 13, from: '10.0.0.254' },
        '10.0.0.2:9': { does: 'unreachable', afterMs: 0.3, code: 'EHOSTUNREACH' },
        '10.0.0.2:10': { ...OPEN, lost: 1 },
        '10.0.0.2:11': [OPEN, { does: 'refuse', afterMs: 0.2 }],
      },
    })
    const channel = await openChannel(io)
    await channel.send([8, 9, 10, 10, 11, 11].map((port) => segment({ port })))
    const sights = await seenBy(io, channel)
    expect(sights.map(({ what, source }) => `${what} from ${source}`)).toEqual([
      'SA 10>40000 from 10.0.0.2',
      'SA 11>40000 from 10.0.0.2',
      'RA 11>40000 from 10.0.0.2',
      'error about 40000>8 from 10.0.0.254',
      'error about 40000>9 from 10.0.0.2',
    ])
    io.clock.go()
    const { fact } = await io.net.connect({ address: THERE, family: 4, port: 8, close: 'rst' }).answer
    expect(fact).toMatchObject({ kind: 'icmp-error', type: 3, code: 13, from: '10.0.0.254' })
  })

  it('gets its recorded route back, with the target twice in it, as Linux does', async () => {
    const optionOctets = ipv4OptionOctets([{ type: 7, data: Uint8Array.of(4, ...Array(12).fill(0)) }])
    const way = { source: HERE, destination: THERE, optionOctets }
    const io = world()
    const channel = await openChannel(io)
    const header = { sourcePort: 40_000, destinationPort: 22, flags: flagsOf('S') }
    await channel.send([sending(tcpPacket(way, header))])
    await seenBy(io, channel)
    const routes = io.wire.slice(1).map(({ octets }) => [...(decodeIpv4(octets)?.optionOctets ?? [])])
    const there = [10, 0, 0, 2, 10, 0, 0, 2]
    expect(routes).toEqual([
      [7, 15, 12, ...there, 0, 0, 0, 0, 0],
      [7, 15, 16, ...there, 10, 0, 0, 1, 0],
    ])
  })

  it('is put together from fragments', async () => {
    const { octets } = segment()
    const whole = octets.slice(20)
    const piece = (offset: number, to: number, more: boolean) => {
      const part = new Uint8Array([...octets.subarray(0, 20), ...whole.subarray(offset, to)])
      part[6] = more ? 0x20 : 0
      part[7] = offset / 8
      return sending(part)
    }
    expect(await exchange({}, [piece(8, 16, true), piece(16, 20, false)])).toEqual([])
    const all = [piece(16, 20, false), piece(8, 16, true), piece(0, 8, true)]
    expect((await exchange({}, all)).map(({ what }) => what)).toEqual(['SA 22>40000'])
  })
})

describe('a datagram', () => {
  const to = (port: number, text = 'hello') =>
    sending(
      udpPacket(
        { source: HERE, destination: THERE },
        { sourcePort: 40_000, destinationPort: port },
        new TextEncoder().encode(text),
      ),
    )

  it.each([
    ['is echoed', { does: 'echo' }, 'hello'],
    ['is answered', { does: 'answer', octets: 'pong' }, 'pong'],
    ['may be empty in both directions', { does: 'answer', octets: '' }, ''],
  ] as const)('%s', async (_, behaviour, text) => {
    const [answer] = await exchange({ datagrams: { '10.0.0.2:53': behaviour } }, [to(53)])
    const { octets } = answer ?? expect.fail('no answer')
    expect(new TextDecoder().decode(octets.subarray(28))).toBe(text)
    const ends = { source: addressOctets(THERE), destination: addressOctets(HERE) }
    expect(verifyTransport('udp', octets, 20, octets.length - 20, ends)).toBe('good')
  })

  it('to a closed port gets port unreachable with the whole packet quoted, to a silent one nothing', async () => {
    const sights = await exchange({ datagrams: { '10.0.0.2:9': { does: 'drop' } } }, [to(9), to(111)])
    expect(sights).toHaveLength(1)
    const { octets } = sights[0] ?? expect.fail('no answer')
    expect(decodeIpv4(octets)).toMatchObject({ tos: 0xc0, source: THERE })
    const icmp = decodeIcmp4(octets, 20)
    expect(icmp).toMatchObject({ kind: 'destination-unreachable', code: 3 })
    expect(octets.subarray(28)).toEqual(to(111).octets)
  })

  it('over IPv6 gets ICMPv6 type 1, code 4', async () => {
    const io = simIo({ ports: {}, addresses: ['fd00::1'] })
    const channel = await openChannel(io)
    const ports = { sourcePort: 40_000, destinationPort: 111 }
    await channel.send([sending(udpPacket({ source: 'fd00::1', destination: 'fd00::2' }, ports))])
    const [answer] = await seenBy(io, channel)
    const { octets } = answer ?? expect.fail('no answer')
    expect(decodeIcmp6(octets, 40)).toMatchObject({ kind: 'destination-unreachable', code: 4 })
    const ends = { source: addressOctets('fd00::2'), destination: addressOctets('fd00::1') }
    expect(verifyTransport('icmp6', octets, 40, octets.length - 40, ends)).toBe('good')
  })
})

describe('a machine', () => {
  const way = { source: HERE, destination: THERE }
  const echo = sending(
    icmp4Packet(way, { kind: 'echo-request', code: 0, id: 7, seq: 1 }, Uint8Array.of(1, 2, 3)),
  )
  const times = { originate: 5, receive: 0, transmit: 0 }
  const timestamp = sending(icmp4Packet(way, { kind: 'timestamp-request', code: 0, id: 7, seq: 2, ...times }))
  const mask = sending(icmp4Packet(way, { kind: 'mask-request', code: 0, id: 7, seq: 3, mask: '0.0.0.0' }))
  const interests = [{ protocol: 'icmp' }] as const

  it('answers echo and time stamp requests, and never those for masks', async () => {
    const sights = await exchange({}, [echo, timestamp, mask], { interests })
    const [first, second, ...none] = sights.map(({ octets }) => decodeIcmp4(octets, 20))
    expect(first).toMatchObject({ kind: 'echo-reply', id: 7, seq: 1 })
    expect(sights[0]?.octets.subarray(28)).toEqual(Uint8Array.of(1, 2, 3))
    // The world begins at midnight.
    expect(second).toMatchObject({ kind: 'timestamp-reply', originate: 5, receive: 0, transmit: 0 })
    expect(none).toEqual([])
  })

  it('does not where the world says so', async () => {
    const machines = { [THERE]: { echo: false, timestamp: false } }
    expect(await exchange({ machines }, [echo, timestamp], { interests })).toEqual([])
  })

  it('on the link answers ARP with its hardware address, unless nobody is there or a router is between', async () => {
    const asks = [THERE, '10.0.0.3', '10.0.0.4', '10.0.0.5', HERE].map((address) =>
      sending(arpRequest({ mac: '02:00:0a:00:00:01', address: HERE }, address).slice(14)),
    )
    const world = {
      machines: { '10.0.0.3': { mac: '02:00:00:00:00:03' }, '10.0.0.4': { isAbsent: true } },
      hops: { '10.0.0.5': [{ address: THERE }] },
    }
    const sights = await exchange(world, asks, { interests: [{ protocol: 'arp' }] })
    expect(sights.map(({ octets, linkType }) => [linkType, decodeArp(octets, 14)?.sender])).toEqual([
      [LINK_TYPE.ethernet, { hardware: '02:00:0a:00:00:02', protocol: THERE }],
      [LINK_TYPE.ethernet, { hardware: '02:00:00:00:00:03', protocol: '10.0.0.3' }],
    ])
  })

  it.each([
    ['answers', 255, ['neighbour-advertisement']],
    ['passes over what a router may have forwarded of', 64, []],
  ] as const)('%s neighbour solicitations', async (_, ttl, kinds) => {
    const io = simIo({ ports: {}, addresses: ['fd00::1'] })
    const channel = await openChannel(io, { interests, families: [6] })
    const group = { source: 'fd00::1', destination: 'ff02::1:ff00:2', ttl }
    const asked = { kind: 'neighbour-solicitation', code: 0, reserved: 0, target: 'fd00::2' } as const
    await channel.send([sending(icmp6Packet(group, { ...asked, options: [] }))])
    const sights = await seenBy(io, channel)
    const messages = sights.map(({ octets }) => decodeIcmp6(octets, 40))
    expect(messages.map((message) => message?.kind)).toEqual(kinds)
    for (const message of messages) {
      const options = [{ kind: 'target-link-layer', mac: '02:00:00:00:00:02' }]
      expect(message).toMatchObject({ target: 'fd00::2', isSolicited: true, options })
    }
  })

  it('that nobody is gets no packet: the kernel asks for it three times, and the probe never leaves', async () => {
    const io = world({ machines: { [THERE]: { isAbsent: true } } })
    const channel = await openChannel(io, { departures: true })
    expect(await channel.send([segment(), segment()])).toEqual({ sent: 2, fault: undefined })
    expect(await seenBy(io, channel)).toEqual([])
    expect(io.wire.map(({ timeNs, linkType }) => [timeNs, linkType])).toEqual([
      [0, LINK_TYPE.ethernet],
      [1e9, LINK_TYPE.ethernet],
      [2e9, LINK_TYPE.ethernet],
    ])
  })
})
