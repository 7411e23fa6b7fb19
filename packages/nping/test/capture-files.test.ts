import { LINK_TYPE } from '@portkit/core'
import type { World } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { comparable, packetsIn, readOn } from './capture-kit.ts'
import { PLAIN, run } from './sim-kit.ts'

const words = (command: string): readonly string[] => command.split(' ').filter(Boolean)

function writtenBy({ written }: { readonly written: ReadonlyMap<string, string> }, path = 'a.pcap') {
  return packetsIn(new Uint8Array(Buffer.from(written.get(path) ?? '', 'latin1')))
}

/** Its routers, and everything that goes wrong with answers. */
const FAR: World = {
  ...PLAIN,
  hops: { '10.0.0.2': [{ address: '10.0.0.254' }, {}, { address: '10.1.0.254' }] },
}
const ODD: World = {
  ...PLAIN,
  mischief: {
    '10.0.0.2:22': { againMs: [5, 7] },
    '10.0.0.2:23': { lateMs: 60 },
    '10.0.0.2:53': { lost: [0] },
  },
}
const SIX: World = { ...PLAIN, ports: { '[fd00::2]:22': { does: 'accept', afterMs: 0.2 } } }

describe('what --write wrote, --read reports as the live run did', () => {
  it.each<readonly [string, string, World]>([
    ['--tcp -p 22-24 -c 3 --delay 10ms 10.0.0.2', '', PLAIN],
    ['--tcp -p 22-24 -c 3 --delay 10ms --clock process 10.0.0.2', '', PLAIN],
    ['--tcp --like-system -p 22-24 -c 2 --delay 10ms 10.0.0.2', '', PLAIN],
    ['--tcp --flags ack -p 22-24 -c 3 --delay 10ms 10.0.0.2', '--flags ack', PLAIN],
    ['--tcp --flags fin -p 22-24 -c 3 --delay 10ms 10.0.0.2', '', PLAIN],
    ['--tcp --flags none -p 22-24 -c 3 --delay 10ms 10.0.0.2', '', PLAIN],
    ['--tcp --data-string hello -p 22-24 -c 2 --delay 10ms 10.0.0.2', '', PLAIN],
    ['--udp -p 53,69,70 -c 3 --delay 10ms 10.0.0.2', '', PLAIN],
    ['--udp -g 4000 --data-string hello -p 53,69,70 -c 3 --delay 10ms 10.0.0.2', '', PLAIN],
    ['--icmp -c 3 --delay 10ms 10.0.0.2', '', PLAIN],
    ['--icmp --icmp-type timestamp -c 3 --delay 10ms 10.0.0.2', '', PLAIN],
    ['--arp -c 3 --delay 10ms 10.0.0.2', '', PLAIN],
    ['--arp -c 3 --delay 10ms fd00::2', '', PLAIN],
    ['--icmp -c 3 --delay 10ms fd00::2', '', PLAIN],
    ['--tcp -p 22,23 -c 3 --delay 10ms fd00::2', '', SIX],
    ['--tcp -p 22-24 -c 3 --delay 100ms --timeout 40ms 10.0.0.2', '--timeout 40ms', ODD],
    ['--tcp --traceroute -p 22 --delay 10ms 10.0.0.2', '--traceroute', FAR],
    ['--icmp --traceroute --delay 10ms 10.0.0.2', '--traceroute', FAR],
    ['--tcp -p 22-24 -c 2 --delay 10ms 10.0.0.2,3', '', PLAIN],
  ])('nping-ts %s', async (command, andRead, world) => {
    const live = await run(`--privileged ${command} --rtt --write a.pcap`, world)
    expect(live.stderr).toBe('')
    const again = await readOn(live.io, words(`--read a.pcap --rtt ${andRead}`))
    expect(again.stderr).toBe('')
    expect(comparable(again.stdout)).toEqual(comparable(String(live.stdout)))
    expect(again.status).toBe(live.status)
  })
})

describe('--write', () => {
  it('has what was on the wire, packet by packet, in order and with its times', async () => {
    const { io } = await run('--privileged --tcp -p 22-24 -c 3 --delay 10ms --write a.pcap 10.0.0.2')
    const { linkType, packets } = writtenBy(io)
    expect(linkType).toBe(LINK_TYPE.raw)
    // The kernel resets what it did not ask for; that is not of this run.
    const ours = io.wire.filter(({ direction, octets }) => direction === 'in' || octets[33] !== 4)
    expect(packets.map(({ octets }) => Buffer.from(octets).toString('hex'))).toEqual(
      ours.map(({ octets }) => Buffer.from(octets).toString('hex')),
    )
    const first = packets[0]?.timeNs ?? 0n
    const times = packets.map(({ timeNs }) => Number(timeNs - first))
    expect(times).toEqual(ours.map(({ timeNs }) => timeNs - (ours[0]?.timeNs ?? 0)))
    expect(Number(first / 1_000_000n)).toBe(Math.floor(io.clock.wallMs() - io.clock.nowNs() / 1e6))
  })

  it.each([
    ['--tcp -p 22-24 --delay 10ms', 'packet'],
    ['--tcp -p 22-24 --delay 10ms --clock process', 'process'],
    ['--tcp -p 22-24 --delay 10ms --no-capture', 'nobody listens'],
  ])('has each packet that was sent once: %s', async (command) => {
    const world = {
      ...PLAIN,
      mischief: { '10.0.0.2:22': { departures: 0 }, '10.0.0.2:23': { departures: 2 } },
    }
    const { io, status } = await run(`--privileged ${command} -c 2 --write a.pcap 10.0.0.2`, world)
    expect(status).not.toBe(2)
    const ids = writtenBy(io).packets.flatMap(({ octets }) =>
      octets[12] === 10 && octets[15] === 1 ? [`${octets[4]}.${octets[5]}`] : [],
    )
    expect(ids).toHaveLength(6)
    expect(new Set(ids).size).toBe(6)
  })

  it('has repeated and late answers, and no strangers', async () => {
    const { io } = await run(
      '--privileged --tcp -p 22-24 -c 1 --delay 100ms --timeout 40ms --write a.pcap 10.0.0.2',
      ODD,
    )
    const back = writtenBy(io).packets.filter(({ octets }) => octets[15] === 2)
    expect(back.map(({ octets }) => (octets[20] ?? 0) * 256 + (octets[21] ?? 0))).toEqual([22, 22, 22, 23])
  })

  it('has fragments where they were sent', async () => {
    const { io, stderr } = await run(
      `--privileged --udp -p 69 -c 1 --mtu 8 --data-length 20 --write a.pcap 10.0.0.2`,
    )
    expect(stderr).toBe('')
    const sent = io.wire.filter(({ direction }) => direction === 'out').map(({ octets }) => octets)
    expect(sent.length).toBeGreaterThan(2)
    expect(writtenBy(io).packets.map(({ octets }) => [...octets])).toEqual(sent.map((octets) => [...octets]))
  })

  it('says what is in front of ARP, and lays IPv6 beside it', async () => {
    const { io } = await run('--privileged --arp -c 1 --delay 10ms --write a.pcap 10.0.0.2 fd00::2')
    const { linkType, packets } = writtenBy(io)
    expect(linkType).toBe(LINK_TYPE.ethernet)
    const types = packets.map(({ octets }) => Buffer.from(octets.slice(12, 14)).toString('hex'))
    expect(types).toEqual(['0806', '0806', '86dd', '86dd'])
  })

  it('sends nothing when the file cannot be made', async () => {
    const world = { ...PLAIN, unwritable: { 'a.pcap': 'EACCES' } }
    const { io, status, stdout, stderr } = await run(
      '--privileged --tcp -p 22 --write a.pcap 10.0.0.2',
      world,
    )
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/cannot write a\.pcap: permission denied/)
    expect(io.wire).toEqual([])
  })

  it('does not touch the file when nothing can be sent', async () => {
    const world = { ...PLAIN, packetAccess: false } as const
    const { io, status } = await run('--privileged --tcp -p 22 --write a.pcap 10.0.0.2', world)
    expect(status).toBe(2)
    expect(io.written.has('a.pcap')).toBe(false)
  })

  it('keeps what there is when Ctrl-C comes', async () => {
    const { io } = await run('--privileged --tcp -p 22 -c 0 --delay 10ms --write a.pcap 10.0.0.2', PLAIN, 35)
    expect(writtenBy(io).packets).toHaveLength(8)
  })

  it('orders thousands of packets by their times', async () => {
    const ports = '--privileged --tcp -p 1000-6000 -c 1 --rate 100000 --timeout 50ms --write a.pcap 10.0.0.2'
    const { io } = await run(ports, {
      ...PLAIN,
      mischief: { '10.0.0.2': { departures: 0, lost: { every: 3 } } },
    })
    const { packets } = writtenBy(io)
    expect(packets.length).toBeGreaterThan(8000)
    const times = packets.map(({ timeNs }) => timeNs)
    expect(times.findIndex((timeNs, i) => timeNs < (times[i - 1] ?? 0n))).toBe(-1)
  })
})
