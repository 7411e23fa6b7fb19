import { decodeTcp } from '@portkit/core/wire'
import { expect, it } from 'vitest'
import type { PacketKind } from '../src/guns/packet-probes.ts'
import { askAll, gunIn, gunWorld, heardBy, inTime, PLAIN, settle, THERE } from './packet-gun-kit.ts'

const PORTS = {
  '10.0.0.2:22': { does: 'accept', afterMs: 0.2 },
  '10.0.0.2:111': { does: 'refuse', afterMs: 0.2 },
  '10.0.0.2:137': { does: 'drop' },
  '10.0.0.2:8': { does: 'icmp', afterMs: 0.2, type: 3, code: 3, from: '10.0.0.2' },
  '10.0.0.2:9': { does: 'icmp', afterMs: 0.2, type: 3, code: 1, from: '10.0.0.254' },
  '10.0.0.2:20000': { does: 'icmp', afterMs: 0.2, type: 3, code: 13, from: '10.0.0.2' },
} as const
const ASKED = [22, 111, 137, 8, 9, 20_000]

/** What each port is, and which reason is given, as recorded of nmap 7.93; silence has none. */
const ERRORS = {
  8: 'filtered port-unreach',
  9: 'filtered host-unreach',
  20000: 'filtered admin-prohibited',
} as const
const SILENT_IF_OPEN = { 111: 'closed reset', ...ERRORS } as const
const RECORDED = {
  syn: { 22: 'open syn-ack', 111: 'closed reset', ...ERRORS },
  ack: { 22: 'unfiltered reset', 111: 'unfiltered reset', ...ERRORS },
  window: { 22: 'closed reset', 111: 'closed reset', ...ERRORS },
  fin: SILENT_IF_OPEN,
  null: SILENT_IF_OPEN,
  xmas: SILENT_IF_OPEN,
  maimon: { 22: 'closed reset', 111: 'closed reset', ...ERRORS },
} as const satisfies Partial<Record<PacketKind, Readonly<Record<number, string>>>>

it.each(Object.keys(RECORDED) as (keyof typeof RECORDED)[])(
  'judges the ports of a host by a %s scan as nmap does',
  async (kind) => {
    const io = gunWorld({ ports: PORTS })
    const gun = await gunIn(io, [THERE], ASKED, { kind })
    const { heard, refused } = await askAll(io, gun, 1, ASKED.length)
    const told = heard.map(({ port, verdict: { state, reason } }) => [ASKED[port], `${state} ${reason}`])
    expect(Object.fromEntries(told)).toEqual(RECORDED[kind])
    expect(refused).toEqual([])
    gun.close()
    expect(io.packets.channels()).toBe(0)
  },
)

it('tells who sent an error only when it was not the host itself', async () => {
  const io = gunWorld({ ports: PORTS })
  const gun = await gunIn(io, [THERE], ASKED)
  const { heard } = await askAll(io, gun, 1, ASKED.length)
  expect(heard.map(({ port, from }) => [ASKED[port], from]).filter(([, from]) => from !== undefined)).toEqual(
    [[9, '10.0.0.254']],
  )
  expect(heard.find(({ port }) => ASKED[port] === 22)).toMatchObject({ ttl: 64, pass: 0, host: 0 })
})

it('asks UDP ports their usual questions, and knows answers by address and port', async () => {
  const io = gunWorld({
    ports: {},
    datagrams: {
      '10.0.0.2:53': { does: 'answer', octets: 'here', afterMs: 1 },
      '10.0.0.3:53': { does: 'drop' },
    },
  })
  const gun = await gunIn(io, [THERE, '10.0.0.3'], [53, 161], { kind: 'udp' })
  const { heard } = await askAll(io, gun, 2, 2)
  const told = heard.map(({ host, port, verdict: { state, reason } }) => [host, port, state, reason])
  expect(told.sort()).toEqual([
    [0, 0, 'open', 'udp-response'],
    [0, 1, 'closed', 'port-unreach'],
    [1, 1, 'closed', 'port-unreach'],
  ])
})

it('asks hosts of both families in one group', async () => {
  const io = gunWorld({
    addresses: ['10.0.0.1', 'fd00::1'],
    ports: { '10.0.0.2:22': { does: 'accept', afterMs: 1 }, '[fd00::2]:22': { does: 'accept', afterMs: 1 } },
  })
  const gun = await gunIn(io, [THERE, 'fd00::2'], [22, 23])
  const { heard } = await askAll(io, gun, 2, 2)
  const told = heard.map(({ host, port, verdict }) => `${host} ${port} ${verdict.state}`)
  expect(told.sort()).toEqual(['0 0 open', '0 1 closed', '1 0 open', '1 1 closed'])
})

it('knows which pass was answered, and how long that took', async () => {
  const io = gunWorld({ ports: { '10.0.0.2:22': { does: 'accept', afterMs: 40 } } })
  const gun = await gunIn(io, [THERE], [22])
  for (const pass of [0, 1, 15]) expect(gun.fire(0, 0, pass)).toBeUndefined()
  await gun.flush()
  await io.runUntilIdle(new Promise(() => {}))
  const heard = heardBy(gun)
  expect(heard.map(({ pass }) => pass)).toEqual([0, 1, 15])
  for (const { rttNs } of heard) expect(Math.round((rttNs ?? 0) / 1e6)).toBe(40)
})

it('hears an answer that comes again only once', async () => {
  const io = gunWorld({ ports: PORTS, mischief: { [THERE]: { againMs: [1, 2] } } })
  const gun = await gunIn(io, [THERE], [22, 111])
  expect((await askAll(io, gun, 1, 2)).heard).toHaveLength(2)
})

it('hears nobody else: neither answers from elsewhere nor to numbers that were never sent', async () => {
  const mischief = { '10.0.0.2:22': { from: '10.0.0.3' }, '10.0.0.2:111': { ackOff: 7 } }
  const io = gunWorld({ ports: PORTS, mischief })
  const gun = await gunIn(io, [THERE, '10.0.0.3'], [22, 111])
  const { heard } = await askAll(io, gun, 2, 2)
  expect(heard.filter(({ host }) => host === 0)).toEqual([])
  expect(heard.filter(({ host }) => host === 1).map(({ port, verdict }) => [port, verdict.state])).toEqual([
    [0, 'closed'],
    [1, 'closed'],
  ])
})

it('tells of a probe that the system refuses, and sends the others', async () => {
  const io = gunWorld({ ports: PORTS, link: { failures: [{ packet: 1, does: 'fault', code: 'EPERM' }] } })
  const gun = await gunIn(io, [THERE], [22, 111, 8])
  const { heard, refused } = await askAll(io, gun, 1, 3)
  expect(refused.map(({ host, port, fault }) => [host, port, fault.code])).toEqual([[0, 1, 'EPERM']])
  expect(heard.map(({ port }) => port)).toEqual([0, 2])
})

it('says how many of the last probes found no room, and takes them again', async () => {
  const io = gunWorld({ ports: PORTS, link: { failures: [{ packet: 1, does: 'no-room', forMs: 5 }] } })
  const gun = await gunIn(io, [THERE], [22, 111, 8])
  for (const port of [0, 1, 2]) gun.fire(0, port, 0)
  expect(await gun.flush()).toBe(2)
  await io.clock.sleep(10)
  for (const port of [1, 2]) gun.fire(0, port, 0)
  expect(await gun.flush()).toBe(0)
  await settle(io)
  expect(heardBy(gun).map(({ port }) => port)).toEqual([0, 1, 2])
})

it('gives the fault of a host that there is no route to', async () => {
  const io = gunWorld({ ports: PORTS, routes: { '192.0.2.1': 'ENETUNREACH' } })
  const gun = await gunIn(io, ['192.0.2.1', THERE], [22])
  const { heard, refused } = await askAll(io, gun, 2, 1)
  expect(refused.map(({ host, fault }) => [host, fault.code])).toEqual([[0, 'ENETUNREACH']])
  expect(heard).toHaveLength(1)
})

it('works without system calls, where sending takes its time', async () => {
  const io = gunWorld({ ports: PORTS, packetAccess: 'raw-socket' })
  const gun = await gunIn(io, [THERE], [22, 111])
  expect(gun.fire(0, 0, 0)).toBeUndefined()
  const flushed = gun.flush()
  expect(gun.fire(0, 1, 0)).toBe('full')
  expect(await flushed).toBe(0)
  expect(gun.fire(0, 1, 0)).toBeUndefined()
  expect(await gun.flush()).toBe(0)
  await settle(io)
  expect(heardBy(gun).map(({ verdict }) => verdict.state)).toEqual(['open', 'closed'])
})

it('honours time to live, data and wrong checksums of the user', async () => {
  const io = gunWorld({ ports: PORTS })
  const source = { badSum: true, ttl: 9, dataLength: 100, port: 4444 }
  const gun = await gunIn(io, [THERE], [22], { source })
  gun.fire(0, 0, 0)
  await gun.flush()
  const [sent] = io.wire
  const right = decodeTcp(sent?.octets ?? new Uint8Array(), 20)
  expect(sent?.octets[8]).toBe(9)
  expect(sent?.octets.length).toBe(20 + 24 + 100)
  expect(right).toMatchObject({ sourcePort: 4444, destinationPort: 22 })
  await settle(io)
  expect(heardBy(gun)).toEqual([])
})

it('writes each packet as nmap does', async () => {
  const io = gunWorld({ ports: PORTS })
  const lines: string[] = []
  const trace = { startNs: io.clock.nowNs(), say: (text: string) => lines.push(text) }
  const gun = await gunIn(io, [THERE], [22, 9], { trace, source: { ...PLAIN, port: 61_234 } })
  await askAll(io, gun, 1, 2)
  expect(lines.map((line) => line.replaceAll(/(id|seq)=\d+/g, '$1=N'))).toEqual([
    'SENT (0.0000s) TCP 10.0.0.1:61234 > 10.0.0.2:22 S ttl=64 id=N iplen=44  seq=N win=1024 <mss 1460>',
    'SENT (0.0000s) TCP 10.0.0.1:61234 > 10.0.0.2:9 S ttl=64 id=N iplen=44  seq=N win=1024 <mss 1460>',
    'RCVD (0.0002s) TCP 10.0.0.2:22 > 10.0.0.1:61234 SA ttl=64 id=N iplen=44  seq=N win=64240 <mss 1460>',
    'RCVD (0.0002s) ICMP [10.0.0.254 > 10.0.0.1 Host 10.0.0.2 unreachable (type=3/code=1) ] ' +
      'IP [ttl=64 id=N iplen=72 ]',
  ])
})

it('sends the same packets for the same seed, others for another', async () => {
  const sentBy = async (seed: number): Promise<string> => {
    const io = gunWorld()
    await askAll(io, await gunIn(io, [THERE], [22, 80], { seed, kind: 'ack' }), 1, 2)
    const sent = io.wire.filter(({ direction }) => direction === 'out')
    return sent.map(({ octets }) => Buffer.from(octets).toString('hex')).join(' ')
  }
  expect(await sentBy(7)).toBe(await sentBy(7))
  expect(await sentBy(7)).not.toBe(await sentBy(8))
})

it('opens nothing for a group that has more probes than numbers', async () => {
  const io = gunWorld()
  const hosts = Array.from({ length: 257 }, (_, i) => `10.1.${i >> 8}.${i & 255}`)
  const ports = Array.from({ length: 65_536 }, (_, i) => i)
  const many = Array.from({ length: 16 }, () => hosts).flat()
  await expect(gunIn(io, many, ports)).rejects.toThrow(RangeError)
  expect(io.packets.channels()).toBe(0)
})

it('wakes up when something comes, when the time is over, and when it is told to', async () => {
  const io = gunWorld({ ports: { '10.0.0.2:22': { does: 'accept', afterMs: 30 } } })
  const gun = await gunIn(io, [THERE], [22])
  gun.fire(0, 0, 0)
  await gun.flush()
  const control = new AbortController()
  await inTime(io, gun.ready(1000, control.signal))
  expect(Math.round(io.clock.nowNs() / 1e6)).toBe(30)
  expect(heardBy(gun)).toHaveLength(1)
  await inTime(io, gun.ready(5, control.signal))
  expect(Math.round(io.clock.nowNs() / 1e6)).toBe(35)
  const waiting = gun.ready(1000, control.signal)
  control.abort()
  await inTime(io, waiting)
  expect(Math.round(io.clock.nowNs() / 1e6)).toBe(35)
})

it('takes a batch of 64 and says full until that is flushed', async () => {
  const io = gunWorld()
  const gun = await gunIn(
    io,
    [THERE],
    Array.from({ length: 70 }, (_, i) => i + 1),
  )
  for (let port = 0; port < 64; port += 1) expect(gun.fire(0, port, 0)).toBeUndefined()
  expect(gun.fire(0, 64, 0)).toBe('full')
  expect(await gun.flush()).toBe(0)
  expect(gun.fire(0, 64, 0)).toBeUndefined()
})

it('counts packets and octets as they are on the wire', async () => {
  const io = gunWorld({ ports: PORTS })
  const gun = await gunIn(io, [THERE], [22, 111, 137])
  await askAll(io, gun, 1, 3)
  expect(gun.counts()).toEqual({ sent: 3, sentOctets: 3 * 44, received: 2, receivedOctets: 44 + 40 })
})
