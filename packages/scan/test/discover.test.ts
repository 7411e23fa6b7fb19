import { decodeLink } from '@portkit/core/wire'
import { describe, expect, it } from 'vitest'
import { discoverIn, listed, world } from './discover-kit.ts'

const LOADED = [
  import('../src/hosts/packet-discovery.ts'),
  import('../src/hosts/ping-probes.ts'),
  import('../src/hosts/connect-discovery.ts'),
  import('../src/hosts/vendors.ts'),
  import('../src/guns/packet-trace.ts'),
]
await Promise.all(LOADED)

const OPEN = { does: 'accept', afterMs: 1 } as const
const ABSENT = { isAbsent: true } as const
const FAR_PORTS = { '10.9.0.1:443': { does: 'drop' }, '10.9.0.1:80': { does: 'drop' } } as const
const FAR = { hops: { '10.9.0.1': [{ address: '10.0.0.254' }], '10.9.0.2': [{ address: '10.0.0.254' }] } }

/** Packets that were sent: `arp`, or the protocol's number. */
function sentBy(io: ReturnType<typeof world>): readonly (number | 'arp')[] {
  return io.wire
    .filter(({ direction }) => direction === 'out')
    .map(({ linkType, octets }) => {
      const network = decodeLink(linkType, octets)?.network
      return network?.kind === 'ipv4' || network?.kind === 'ipv6' ? network.header.protocol : 'arp'
    })
}

describe('hosts on the link', () => {
  it('are asked by ARP, and down when nobody answers', async () => {
    const io = world({ machines: { '10.0.0.9': ABSENT, '10.0.0.2': { mac: '02:00:00:00:00:02' } } })
    const { hosts, told } = await discoverIn(io, ['10.0.0.2', '10.0.0.9', '10.0.0.3'])
    expect(told).toEqual([
      '10.0.0.2 up arp-response',
      '10.0.0.9 down no-response',
      '10.0.0.3 up arp-response',
    ])
    expect(hosts[0]).toMatchObject({ hardwareAddress: '02:00:00:00:00:02', status: { ttl: 0 } })
    expect(hosts[0]?.times).toEqual({ srttUs: 100, rttvarUs: 50, timeoutUs: 100_000 })
    expect(hosts[0]?.route).toMatchObject({ source: '10.0.0.1', destination: '10.0.0.2' })
    expect(hosts[1]?.times).toBeUndefined()
  })

  it('are asked by ARP also with -Pn', async () => {
    const io = world({ machines: { '10.0.0.9': ABSENT } })
    const { told } = await discoverIn(io, ['10.0.0.2', '10.0.0.9'], { isSkipped: true })
    expect(told).toEqual(['10.0.0.2 up arp-response', '10.0.0.9 down no-response'])
  })

  it('are asked by neighbour discovery over IPv6', async () => {
    const io = world({ addresses: ['10.0.0.1', 'fd00::1'], machines: { 'fd00::9': ABSENT } })
    const { told, hosts } = await discoverIn(io, ['fd00::2', 'fd00::9'])
    expect(told).toEqual(['fd00::2 up nd-response', 'fd00::9 down no-response'])
    expect(hosts[0]?.hardwareAddress).toMatch(/^[\da-f:]{17}$/)
  })

  it('are asked like others when the user wants no ARP', async () => {
    const io = world()
    const { told } = await discoverIn(io, ['10.0.0.2'], { usesLink: false })
    expect(told).toEqual(['10.0.0.2 up echo-reply'])
    expect(sentBy(io)).not.toContain('arp')
  })

  it('are not asked at all with -Pn when the user wants no ARP', async () => {
    const io = world({ machines: { '10.0.0.9': ABSENT } })
    const { told } = await discoverIn(io, ['10.0.0.9'], { usesLink: false, isSkipped: true })
    expect(told).toEqual(['10.0.0.9 up user-set'])
    expect(io.wire).toEqual([])
  })

  it('are asked once where they are listed twice', async () => {
    const io = world()
    const { told, hosts } = await discoverIn(io, ['10.0.0.2', '10.0.0.2'])
    expect(told).toEqual(['10.0.0.2 up arp-response', '10.0.0.2 up arp-response'])
    expect(hosts[1]?.times).toEqual(hosts[0]?.times)
    expect(sentBy(io)).toEqual(['arp'])
  })

  it('get another request when the first is lost', async () => {
    const io = world({ mischief: { '10.0.0.2': { lost: [0] } } })
    expect((await discoverIn(io, ['10.0.0.2'])).told).toEqual(['10.0.0.2 up arp-response'])
    expect(sentBy(io)).toEqual(['arp', 'arp'])
  })
})

describe('hosts behind a router', () => {
  it('are up by the answer that comes first, and their routers count', async () => {
    const io = world(FAR)
    const { told, hosts } = await discoverIn(io, ['10.9.0.1'])
    expect(told).toEqual(['10.9.0.1 up echo-reply'])
    expect(hosts[0]?.status.ttl).toBe(63)
    expect(hosts[0]?.hardwareAddress).toBeUndefined()
  })

  it.each([
    [
      'timestamp-reply',
      { echo: false },
      { '10.9.0.1:443': { does: 'drop' }, '10.9.0.1:80': { does: 'drop' } },
    ],
    ['syn-ack', { echo: false, timestamp: false }, { '10.9.0.1:443': OPEN, '10.9.0.1:80': { does: 'drop' } }],
    ['reset', { echo: false, timestamp: false }, { '10.9.0.1:443': { does: 'drop' } }],
  ] as const)('are up by %s where others get no answer', async (reason, machine, ports) => {
    const io = world({ ...FAR, machines: { '10.9.0.1': machine }, ports })
    expect((await discoverIn(io, ['10.9.0.1'])).told).toEqual([`10.9.0.1 up ${reason}`])
  })

  it('are down by what a router says', async () => {
    const error = { does: 'icmp', afterMs: 1, type: 3, code: 1, from: '10.0.0.254' } as const
    const io = world({
      ...FAR,
      machines: { '10.9.0.1': { echo: false, timestamp: false } },
      ports: { '10.9.0.1:443': error, '10.9.0.1:80': { does: 'drop' } },
    })
    const { hosts } = await discoverIn(io, ['10.9.0.1'])
    expect(hosts[0]?.status).toEqual({ state: 'down', reason: 'host-unreach', ttl: 64, from: '10.0.0.254' })
  })

  it('are asked by the probes of the user', async () => {
    const io = world({ ...FAR, datagrams: { '10.9.0.1:40125': { does: 'closed' } } })
    const probes = [{ kind: 'udp', ports: [40_125] }] as const
    expect((await discoverIn(io, ['10.9.0.1'], { probes })).told).toEqual(['10.9.0.1 up port-unreach'])
    expect(sentBy(io)).toEqual([17])
  })

  it('are user-set with -Pn, and no packet is sent', async () => {
    const io = world(FAR)
    expect((await discoverIn(io, ['10.9.0.1'], { isSkipped: true })).told).toEqual(['10.9.0.1 up user-set'])
    expect(io.wire).toEqual([])
  })
})

it('knows its own addresses without a packet', async () => {
  const io = world()
  const { told } = await discoverIn(io, ['127.0.0.1', '10.0.0.1'])
  expect(told).toEqual(['127.0.0.1 up localhost-response', '10.0.0.1 up localhost-response'])
  expect((await discoverIn(io, ['127.0.0.1'], { isSkipped: true })).told).toEqual(['127.0.0.1 up user-set'])
  expect(io.wire).toEqual([])
})

it('leaves out what there is no route to, with a warning', async () => {
  const io = world({ routes: { '192.0.2.1': 'ENETUNREACH' } })
  const { told, events } = await discoverIn(io, ['192.0.2.1', '10.0.0.2'])
  expect(told).toEqual(['10.0.0.2 up arp-response'])
  expect(events.find(({ kind }) => kind === 'warning')).toEqual({
    kind: 'warning',
    text: 'setup_target: failed to determine route to 192.0.2.1',
  })
})

it('leaves out what it has no address to ask from', async () => {
  const { told, events } = await discoverIn(world(), ['fd00::2'])
  expect(told).toEqual([])
  expect(events.map(({ kind }) => kind)).toEqual(['warning'])
})

it('tells its phases as nmap does, and hints of hosts that are up', async () => {
  const io = world({ ...FAR, machines: { '10.0.0.9': ABSENT } })
  const named = { ...listed('10.9.0.1'), name: 'far.example' }
  const { events } = await discoverIn(io, ['10.0.0.2', named, '10.0.0.9'])
  const told = events.map((event) => {
    if (event.kind === 'phase') return `${event.phase.title} | ${event.phase.subject}`
    if (event.kind === 'phase-end') return `${event.phase.title} done | ${event.phase.total}`
    return event.kind === 'hint' ? `${event.host.address} ${JSON.stringify(event.host.names)}` : event.kind
  })
  expect(told).toEqual([
    'ARP Ping Scan | 2 hosts [1 port/host]',
    '10.0.0.2 []',
    'ARP Ping Scan done | 2 total hosts',
    'Ping Scan | far.example (10.9.0.1) [4 ports]',
    '10.9.0.1 [{"name":"far.example","type":"user"}]',
    'Ping Scan done | 1 total hosts',
  ])
})

/** The lines of a trace without numbers that are drawn. */
async function traced(io: ReturnType<typeof world>, host: string): Promise<readonly string[]> {
  const { events } = await discoverIn(io, [host], { packetTrace: true })
  return events
    .flatMap((event) => (event.kind === 'trace' ? [event.text] : []))
    .map((line) => line.replace(/^(.{4}) \(\d\.\d{4}s\)/, '$1'))
    .map((line) =>
      line.replaceAll(/(id|seq|flow|recv|trans)=[\da-f]+|:6[1-5]\d{3}\b/g, (text) =>
        text.replace(/[=:].*/, '=N'),
      ),
    )
}

describe('the trace of packets is nmap’s', () => {
  it('for ARP', async () => {
    const io = world({ machines: { '10.0.0.2': { mac: '02:00:00:00:00:0b' } } })
    expect(await traced(io, '10.0.0.2')).toEqual([
      'SENT ARP who-has 10.0.0.2 tell 10.0.0.1',
      'RCVD ARP reply 10.0.0.2 is-at 02:00:00:00:00:0B',
    ])
  })

  it('for neighbour discovery', async () => {
    const io = world({
      addresses: ['10.0.0.1', 'fd00::1'],
      machines: { 'fd00::2': { mac: '02:00:00:00:00:0b' } },
    })
    expect(await traced(io, 'fd00::2')).toEqual([
      'SENT ICMPv6 (58) fd00::1 > ff02::1:ff00:2 (type=135/code=0) hopl=255 flow=N payloadlen=32',
      'RCVD neighbor advertisement fd00::2 > fd00::1 fd00::2 is at 02:00:00:00:00:0b',
    ])
  })

  it('for the usual four', async () => {
    const io = world({ ...FAR, machines: { '10.9.0.1': { echo: false, afterMs: 5 } }, ports: FAR_PORTS })
    expect(await traced(io, '10.9.0.1')).toEqual([
      'SENT ICMP [10.0.0.1 > 10.9.0.1 Echo request (type=8/code=0) id=N seq=N] IP [ttl=64 id=N iplen=28 ]',
      'SENT TCP 10.0.0.1=N > 10.9.0.1:443 S ttl=64 id=N iplen=44  seq=N win=1024 <mss 1460>',
      'SENT TCP 10.0.0.1=N > 10.9.0.1:80 A ttl=64 id=N iplen=40  seq=N win=1024 ',
      'SENT ICMP [10.0.0.1 > 10.9.0.1 Timestamp request (type=13/code=0) id=N seq=N ' +
        'orig=0 recv=N trans=N] IP [ttl=64 id=N iplen=40 ]',
      'RCVD ICMP [10.9.0.1 > 10.0.0.1 Timestamp reply (type=14/code=0) id=N seq=N ' +
        'orig=0 recv=N trans=N] IP [ttl=63 id=N iplen=40 ]',
    ])
  })
})

it('knows who made an interface by the table that nmap has installed', async () => {
  const files = { '/usr/share/nmap/nmap-mac-prefixes': '# a table\n020000 Example Works\n' }
  const io = world({ machines: { '10.0.0.2': { mac: '02:00:00:00:00:02' } }, files })
  expect((await discoverIn(io, ['10.0.0.2'])).hosts[0]?.vendor).toBe('Example Works')
})

it('calls hosts unknown that were not asked to the end', async () => {
  const control = new AbortController()
  const io = world({ machines: { '10.0.0.9': ABSENT } })
  const waiting = discoverIn(io, ['10.0.0.2', '10.0.0.9'], { signal: control.signal })
  void io.clock.sleep(50).then(() => control.abort('SIGINT'))
  expect((await waiting).told).toEqual(['10.0.0.2 up arp-response', '10.0.0.9 unknown no-response'])
})

it('looks for no more routes once it is interrupted, however large the block is', async () => {
  const control = new AbortController()
  const io = world()
  const block = Array.from({ length: 3000 }, (_, i) => `10.0.${i >> 8}.${i & 255}`)
  let asked = 0
  const route: typeof io.packets.route = (...args) => {
    asked += 1
    if (asked === 700) control.abort('SIGINT')
    return io.packets.route(...args)
  }
  const packets = { ...io.packets, route }
  const { told } = await discoverIn({ ...io, packets }, block, { signal: control.signal })
  expect([asked, told.length]).toEqual([700, 3000])
  expect(told.filter((line) => line.includes('unknown'))).toHaveLength(2999)
})

it('warns once of packets that this machine does not send', async () => {
  const failures = Array.from(
    { length: 20 },
    (_, packet) => ({ packet, does: 'fault', code: 'EPERM' }) as const,
  )
  const io = world({ ...FAR, link: { failures } })
  const { told, events } = await discoverIn(io, ['10.9.0.1', '10.9.0.2'])
  expect(told).toEqual(['10.9.0.1 down no-response', '10.9.0.2 down no-response'])
  expect(events.filter(({ kind }) => kind === 'warning')).toHaveLength(1)
})

it('rejects when the interface goes down', async () => {
  const io = world({ machines: { '10.0.0.9': ABSENT }, link: { downAtMs: 100 } })
  await expect(discoverIn(io, ['10.0.0.9'])).rejects.toThrow(/down/i)
})
