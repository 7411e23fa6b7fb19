import { chmodSync, cpSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeLab, type Lab, PORTS } from '@portkit/lab/vitest'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PacketRequest } from '../src/io/packets.ts'
import { encodeArp } from '../src/wire/arp.ts'
import { encodeIcmp4 } from '../src/wire/icmp4.ts'
import { encodeIpv4 } from '../src/wire/ipv4.ts'
import { encodeIpv6 } from '../src/wire/ipv6.ts'
import { decodeLink, LINK_TYPE } from '../src/wire/link.ts'
import { addressOctets } from '../src/wire/octets.ts'
import { decodeTcp, encodeTcp } from '../src/wire/tcp.ts'
import { lettersOf } from '../src/wire/tcp-flags.ts'
import type { Exchange, Told } from './kernel-packets-program.ts'

let folder = ''
/** The program with koffi in a folder of its own: the checkout may be closed to users without rights. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'portkit-packets-'))
  chmodSync(folder, 0o755)
  await build({
    entryPoints: [fileURLToPath(new URL('kernel-packets-program.ts', import.meta.url))],
    outfile: join(folder, 'program.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['koffi'],
    define: { 'import.meta.url': '__filename' },
  })
  const koffi = realpathSync(fileURLToPath(new URL('../node_modules/koffi', import.meta.url)))
  const natives = join(dirname(koffi), '@koromix')
  cpSync(koffi, join(folder, 'node_modules', 'koffi'), { recursive: true })
  for (const native of readdirSync(natives)) {
    const from = realpathSync(join(natives, native))
    cpSync(from, join(folder, 'node_modules', '@koromix', native), { recursive: true })
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a task of the program beside the lab, behind whatever commands come first. */
async function run(lab: Lab, task: string, argument: unknown = {}, first: readonly string[] = []) {
  const [command = '', ...args] = [...first, process.execPath, join(folder, 'program.cjs'), task]
  const { stdout, stderr, status } = await lab.exec(command, [...args, JSON.stringify(argument)], {
    timeoutMs: 30_000,
  })
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  return JSON.parse(stdout)
}

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex')
const LOCAL_PORT = 40_001

function synHex(source: string, destination: string, destinationPort: number): string {
  const isV4 = !destination.includes(':')
  const from = isV4 ? 20 : 40
  const octets = new Uint8Array(from + 20)
  const ends = { source: addressOctets(source), destination: addressOctets(destination), payloadLength: 0 }
  const tcp = { sourcePort: LOCAL_PORT, destinationPort, seq: 7, ack: 0, reserved: 0, flags: 2, window: 1024 }
  encodeTcp({ ...tcp, urgent: 0, options: [] }, octets, from, ends)
  const common = { protocol: 6, source, destination }
  const four = { tos: 0, id: 7, isReservedSet: false, dontFragment: false, moreFragments: false, ttl: 64 }
  if (isV4) {
    encodeIpv4({ ...common, ...four, fragmentOffset: 0, optionOctets: new Uint8Array() }, octets, 0, 20)
  } else {
    encodeIpv6({ ...common, trafficClass: 0, flowLabel: 0, hopLimit: 64, extensions: [] }, octets, 0, 20)
  }
  return hex(octets)
}

const request: PacketRequest = {
  backend: 'kernel',
  families: [4, 6],
  interests: [{ protocol: 'tcp', localPorts: [LOCAL_PORT, LOCAL_PORT], departingFlags: 2 }],
  departures: true,
  snapLength: 128,
}

interface Outcome {
  readonly told: readonly Told[]
  readonly clock: string
  readonly sent: number
  readonly fault?: string
  readonly message?: string
  /** The process's clock around the call that sent. */
  readonly beforeNs: number
  readonly afterNs: number
}
const exchange = (lab: Lab, packets: Exchange['packets'], most: number, more: Partial<PacketRequest> = {}) =>
  run(lab, 'exchange', { request: { ...request, ...more }, packets, most, waitMs: 3000 }) as Promise<Outcome>

/** `out S 22`: direction, flags and the other's port. */
function story({ linkType, hex: text, direction }: Told): string {
  const octets = Buffer.from(text, 'hex')
  const network = decodeLink(linkType, octets)?.network
  if (network?.kind === 'arp') return `${direction} arp ${network.header.operation}`
  if (network?.kind !== 'ipv4' && network?.kind !== 'ipv6') return 'nothing'
  const { protocol, payload } = network.header
  const tcp = protocol === 6 ? decodeTcp(octets, payload.from, payload.to) : undefined
  if (tcp === undefined) return `${direction} protocol ${protocol} type ${octets[payload.from]}`
  return `${direction} ${lettersOf(tcp.flags)} ${direction === 'out' ? tcp.destinationPort : tcp.sourcePort}`
}

describeLab('packets by system calls', { needs: ['tcpdump', 'setpriv', 'nft'] }, (lab) => {
  const { probe, target } = lab
  const ports = { open: 22, closed: 111, stealth: PORTS.stealth.port }

  it('stamp the very first packet when it leaves, on the clock of the process', async () => {
    const packets = [{ hex: synHex(probe.address4, target.address4, ports.open) }]
    const { told, beforeNs, afterNs } = await exchange(lab, packets, 2)
    expect(told.map(story)).toEqual(['out S 22', 'in SA 22'])
    const [left] = told
    // The two clocks cannot be read at the same moment.
    expect(left?.timeNs).toBeGreaterThan(beforeNs - 50_000)
    expect(left?.timeNs).toBeLessThan(afterNs + 50_000)
  })

  it.each([
    ['IPv4', probe.address4, target.address4],
    ['IPv6', probe.address6, target.address6],
  ])(
    'see an open, a closed and a stealth port over %s, and agree with tcpdump on the times',
    async (_, from, to) => {
      const capture = await lab.capture()
      const packets = Object.values(ports).map((port) => ({ hex: synHex(from, to, port) }))
      const { told, clock, sent } = await exchange(lab, packets, 5)
      const segments = await capture.stop()
      expect({ clock, sent }).toEqual({ clock: 'packet', sent: 3 })
      expect(told.map(story).sort()).toEqual(['in RA 111', 'in SA 22', 'out S 111', 'out S 137', 'out S 22'])
      expect(new Set(told.map(({ era }) => era))).toEqual(new Set([0]))
      for (const port of [ports.open, ports.closed]) {
        const ours = rttNs(told, port)
        const [left, came] = [
          segments.find(({ dport, flags }) => dport === port && flags === 'S'),
          segments.find(({ sport, flags }) => sport === port && flags.includes('A')),
        ]
        const theirs = Number((came?.tNs ?? 0n) - (left?.tNs ?? 0n))
        expect(ours).toBeGreaterThan(0)
        expect(Math.abs(ours - theirs)).toBeLessThan(1e6)
        const wall = told.find((some) => story(some) === `out S ${port}`)?.wallNs ?? '0'
        expect(Math.abs(Number(BigInt(wall) - (left?.tNs ?? 0n)))).toBeLessThan(1e6)
      }
    },
  )

  it('see nothing leave where that is not wanted, nor the resets of the system ever', async () => {
    const packets = [{ hex: synHex(probe.address4, target.address4, ports.open) }]
    const { told, clock } = await exchange(lab, packets, 1, { departures: false })
    expect({ clock, seen: told.map(story) }).toEqual({ clock: 'process', seen: ['in SA 22'] })
    const both = (await run(lab, 'exchange', {
      request: { ...request, families: [4] },
      packets,
      most: 9,
      waitMs: 300,
    })) as Outcome
    expect(both.told.map(story)).toEqual(['out S 22', 'in SA 22'])
  })

  it('cut what is longer than wanted and tell its length', async () => {
    const octets = new Uint8Array(1000)
    encodeIcmp4({ kind: 'echo-request', code: 0, id: 1, seq: 1 }, octets, 20, { payloadLength: 972 })
    const four = { tos: 0, id: 7, isReservedSet: false, dontFragment: false, moreFragments: false, ttl: 64 }
    const ends = { source: probe.address4, destination: target.address4 }
    const header = { ...four, ...ends, fragmentOffset: 0, protocol: 1, optionOctets: new Uint8Array() }
    encodeIpv4(header, octets, 0, 980)
    const { told } = await exchange(lab, [{ hex: hex(octets) }], 2, {
      interests: [{ protocol: 'icmp' }],
      snapLength: 64,
    })
    expect(told.map(story)).toEqual(['out protocol 1 type 8', 'in protocol 1 type 0'])
    for (const { length, hex: text } of told) expect([length, text.length / 2]).toEqual([1000, 64])
  })

  it('carry ARP, in front of which they put the Ethernet header again', async () => {
    const octets = new Uint8Array(28)
    const sender = { hardware: '02:00:0a:4e:00:01', protocol: probe.address4 }
    const unknown = { hardware: '00:00:00:00:00:00', protocol: target.address4 }
    const header = {
      hardwareType: 1,
      protocolType: 0x0800,
      hardwareLength: 6,
      protocolLength: 4,
      operation: 1,
    }
    encodeArp({ ...header, sender, target: unknown }, octets, 0)
    const packets = [{ hex: hex(octets), mac: 'ffffffffffff' }]
    const more = { interests: [{ protocol: 'arp' }], interfaceName: 'lab0' } as const
    const { told, sent } = await exchange(lab, packets, 2, more)
    expect({ sent, seen: told.map(story) }).toEqual({ sent: 1, seen: ['out arp 1', 'in arp 2'] })
    const ends = told.map((some) => decodeLink(some.linkType, Buffer.from(some.hex, 'hex'))?.link)
    expect(ends).toMatchObject([
      {
        kind: 'ethernet',
        header: { source: sender.hardware, destination: 'ff:ff:ff:ff:ff:ff', type: 0x0806 },
      },
      {
        kind: 'ethernet',
        header: { source: '02:00:0a:4e:00:02', destination: sender.hardware, type: 0x0806 },
      },
    ])
    expect(told.every(({ linkType, length }) => linkType === LINK_TYPE.ethernet && length >= 42)).toBe(true)
  })

  it('leave by the interface that a link-local address belongs to', async () => {
    const [route] = await run(lab, 'routes', [{ address: 'fe80::2%lab0', family: 6 }])
    const packets = [{ hex: synHex('fe80::1', 'fe80::2', 111), index: route.interfaceIndex }]
    expect((await exchange(lab, packets, 2)).told.map(story)).toEqual(['out S 111', 'in RA 111'])
  })

  it('send families in any order, and leave out the one packet that cannot go', async () => {
    const four = { hex: synHex(probe.address4, target.address4, 111) }
    const six = { hex: synHex(probe.address6, target.address6, 111) }
    const mixed = await exchange(lab, [four, six, four, four, six], 10)
    expect({ sent: mixed.sent, seen: mixed.told.length }).toEqual({ sent: 5, seen: 10 })
    const nowhere = { hex: synHex(probe.address4, '192.0.2.1', 1) }
    expect(await exchange(lab, [four, four, nowhere, four], 4)).toMatchObject({
      sent: 2,
      fault: 'ENETUNREACH',
      message: expect.stringContaining('192.0.2.1'),
    })
    const long = { hex: `${four.hex}${'00'.repeat(3000)}` }
    expect(await exchange(lab, [four, long], 2)).toMatchObject({ sent: 1, fault: 'EMSGSIZE' })
    expect(await exchange(lab, [{ hex: '00' }], 0)).toMatchObject({ sent: 0, fault: 'EINVAL' })
  })

  it('name a packet that the local firewall forbids', async () => {
    const rules =
      'table inet forbid { chain out { type filter hook output priority 0; tcp dport 4444 drop; }; }'
    await lab.exec('nft', ['-f', '-'], { stdin: rules })
    const packets = [{ hex: synHex(probe.address4, target.address4, 4444) }]
    const { sent, fault } = await exchange(lab, packets, 0)
    await lab.exec('nft', ['delete', 'table', 'inet', 'forbid'])
    expect({ sent, fault }).toEqual({ sent: 0, fault: 'EPERM' })
  })

  it('hear the answer to each of 65,535 SYNs, none of them before its SYN', async () => {
    const { drop, ...icmp } = { drop: [PORTS.stealth.port, 15], host: 7, port: 8, admin: 9, net: 10 }
    const silent = [...Object.values(icmp), ...drop].sort((a, b) => a - b)
    const { missing, ...rest } = await run(lab, 'sweep', { silent: silent.length })
    expect(rest).toEqual({ departed: 65_535, early: 0, eras: 1, dropped: 0 })
    expect(missing).toEqual(silent)
  })

  it('count what was lost because nobody drained', async () => {
    const { early, dropped, seen, closed } = await run(lab, 'overrun')
    expect(early).toBeGreaterThan(0)
    expect(dropped + seen).toBe(2000)
    expect(closed).toBe(2)
  })

  it('leave no descriptor behind, however a channel ends', async () => {
    const { before, after, faults } = await run(lab, 'descriptors')
    expect({ after, faults }).toEqual({ after: before, faults: ['ENODEV'] })
  })

  it('need CAP_NET_RAW and nothing else', async () => {
    const nobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups']
    const capable = [
      '--inh-caps',
      '-all,+net_raw',
      '--ambient-caps',
      '-all,+net_raw',
      '--bounding-set',
      '-all,+net_raw',
    ]
    const refused = await run(lab, 'tryOpen', {}, nobody)
    expect(refused).toMatchObject({ name: 'LocalFault', code: 'EPERM', left: 0 })
    expect(refused.message).toMatch(/^[^\n]*CAP_NET_RAW[^\n]*setcap[^\n]*--cap-add[^\n]*$/)
    expect(await run(lab, 'tryOpen', {}, [...nobody, ...capable])).toEqual({ sent: 1, seen: 2 })
  })
})

function rttNs(told: readonly Told[], port: number): number {
  const at = (way: string): number =>
    told.find((some) => story(some).startsWith(way) && story(some).endsWith(` ${port}`))?.timeNs ?? 0
  return at('in') - at('out')
}

describeLab('a queue that is full', { needs: ['tc'] }, (lab) => {
  it('is no fault: the rest has to wait', async () => {
    const slow = [
      'qdisc',
      'replace',
      'dev',
      'lab0',
      'root',
      'tbf',
      'rate',
      '8kbit',
      'burst',
      '1540',
      'limit',
      '3000',
    ]
    expect(await lab.exec('tc', slow)).toMatchObject({ status: 0 })
    const packets = Array(1000).fill({ hex: synHex(lab.probe.address4, lab.target.address4, 22) })
    const { sent, fault } = await exchange(lab, packets, 0)
    expect(fault).toBeUndefined()
    expect(sent).toBeGreaterThan(0)
    expect(sent).toBeLessThan(1000)
  })
})

describeLab('a bridge', { needs: [] }, (lab) => {
  it('does not make two answers of one', async () => {
    const { address4: to } = lab.target
    const commands = [
      '(ip link show br0 >/dev/null 2>&1 || ip link add br0 type bridge)',
      'ip link set lab0 master br0 && ip address flush dev lab0',
      `ip address add ${lab.probe.address4}/24 dev br0 && ip link set br0 up`,
      `ip neighbour replace ${to} lladdr 02:00:0a:4e:00:02 dev br0 nud permanent`,
    ]
    const { status, stderr } = await lab.exec('sh', ['-ec', commands.join(' && ')])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const packets = [{ hex: synHex(lab.probe.address4, to, 111) }]
    const both = await run(lab, 'exchange', {
      request: { ...request, families: [4] },
      packets,
      most: 9,
      waitMs: 500,
    })
    expect((both as Outcome).told.map(story)).toEqual(['out S 111', 'out S 111', 'in RA 111'])
  })
})

describeLab('a link that goes down', { needs: [] }, (lab) => {
  it('is told once, and nobody waits for it in circles', async () => {
    const { refused, ...rest } = await run(lab, 'linkDown')
    expect(rest).toEqual({ fault: 'ENETDOWN', sent: 0, spins: false, isOver: true })
    expect(['ENETDOWN', 'ENETUNREACH', 'ENODEV']).toContain(refused)
  })
})

describeLab('the way to an address', { routed: true, needs: [] }, (lab) => {
  const near = { interfaceName: 'lab0', hardwareAddress: '02000a4e0001' }
  it('is that of the routing tables, for every family and kind of address', async () => {
    const found = await run(lab, 'routes', [
      { address: lab.target.address4, family: 4 },
      { address: lab.target.address6, family: 6 },
      { address: '10.78.0.254', family: 4 },
      { address: 'fe80::fe%lab0', family: 6 },
      { address: 'fe80::fe', family: 6, by: 'lab0' },
      { address: lab.probe.address4, family: 4 },
      { address: '::1', family: 6 },
      { address: '127.0.0.1', family: 4, source: '127.0.0.9' },
    ])
    expect(found).toMatchObject([
      { ...near, family: 4, source: lab.probe.address4, gateway: '10.78.0.254' },
      { ...near, family: 6, source: lab.probe.address6, gateway: 'fd78::fe' },
      { ...near, source: lab.probe.address4, destination: '10.78.0.254' },
      { ...near, source: 'fe80::1', destination: 'fe80::fe' },
      { ...near, source: 'fe80::1', destination: 'fe80::fe' },
      { interfaceName: 'lo', source: lab.probe.address4, hardwareAddress: '' },
      { interfaceName: 'lo', source: '::1', hardwareAddress: '' },
      { interfaceName: 'lo', source: '127.0.0.9' },
    ])
    for (const { gateway } of found.slice(2)) expect(gateway).toBeUndefined()
    for (const { interfaceIndex } of found) expect(interfaceIndex).toBeGreaterThan(0)
  })

  it('takes packets as long as its interface does, or as its route says', async () => {
    const links = JSON.parse((await lab.exec('ip', ['-json', 'link', 'show'])).stdout)
    const mtuOf = (name: string): number =>
      links.find(({ ifname }: { ifname: string }) => ifname === name)?.mtu ?? Number.NaN
    const script = [
      'route add 198.51.100.9 via 10.78.0.254 mtu 1300',
      'route add 2001:db8::9 via fd78::fe mtu 1290',
    ]
    const { status } = await lab.exec('ip', ['-batch', '-'], { stdin: `${script.join('\n')}\n` })
    expect(status).toBe(0)
    const asked = [
      { address: lab.target.address4, family: 4 },
      { address: 'fe80::fe%lab0', family: 6 },
      { address: '127.0.0.1', family: 4 },
      { address: '198.51.100.9', family: 4 },
      { address: '2001:db8::9', family: 6 },
    ]
    const interfaces = [mtuOf('lab0'), mtuOf('lab0'), mtuOf('lo')]
    const mtus = ({ mtu }: { readonly mtu: number }): number => mtu
    expect((await run(lab, 'routes', asked)).map(mtus)).toEqual([...interfaces, 1300, 1290])
    // Without system calls only the interface is known.
    expect((await run(lab, 'udpRoutes', asked)).map(mtus)).toEqual([
      ...interfaces,
      mtuOf('lab0'),
      mtuOf('lab0'),
    ])
  })

  it('is refused with the reason where there is none', async () => {
    const script = ['route add prohibit 198.51.100.1', 'route add blackhole 198.51.100.2']
    const more = [
      'route add unreachable 198.51.100.3',
      'route add prohibit 2001:db8::1',
      'route add blackhole 2001:db8::2',
    ]
    const { status } = await lab.exec('ip', ['-batch', '-'], {
      stdin: `${[...script, ...more].join('\n')}\n`,
    })
    expect(status).toBe(0)
    const ways = [
      ['198.51.100.1', 'EACCES'],
      ['198.51.100.2', 'EACCES'],
      ['198.51.100.3', 'EHOSTUNREACH'],
      ['2001:db8::1', 'EACCES'],
      ['2001:db8::2', 'EACCES'],
      ['203.0.113.1', 'ENETUNREACH'],
      ['2001:db8::3', 'ENETUNREACH'],
    ] as const
    const asked = ways.map(([address]) => ({ address, family: address.includes(':') ? 6 : 4 }))
    const found = (await run(lab, 'routes', asked)) as readonly { code: string }[]
    expect(found.map(({ code }) => code)).toEqual(ways.map(([, code]) => code))
    expect(
      await run(lab, 'routes', [
        { address: '10.78.0.254', family: 4, source: '192.0.2.7' },
        { address: 'fd78::fe', family: 6, source: '2001:db8::7' },
        { address: '10.78.0.254', family: 4, by: 'none0' },
        { address: 'fe80::1%none0', family: 6 },
        { address: 'nonsense', family: 4 },
      ]),
    ).toEqual([
      { code: 'EADDRNOTAVAIL', about: 'source' },
      { code: 'EADDRNOTAVAIL', about: 'source' },
      { code: 'ENODEV', about: 'interfaceName' },
      { code: 'ENODEV', about: 'interfaceName' },
      { code: 'ENETUNREACH' },
    ])
  })
})
