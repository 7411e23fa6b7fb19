import { createIo, type Io } from '@portkit/core'
import { describeLab } from '@portkit/lab/vitest'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { discover, type FoundHost } from '../src/hosts/discover.ts'
import type { ScanEvent } from '../src/model/event.ts'
import { listed, optionsFor, toldOf, type Wishes } from './discover-kit.ts'
import { enterNamespace } from './namespace-kit.ts'

describeLab('host discovery', { needs: ['nmap'] }, (lab) => {
  let io: Io
  let leave: () => void
  beforeAll(async () => {
    leave = enterNamespace(lab.namespace('probe'))
    io = createIo()
    await lab.tun.configure({
      seed: 1,
      rules: [
        { to: '10.79.0.5', ports: '80,443', does: 'closed' },
        { to: '10.79.0.9', does: 'stealth' },
      ],
    })
  })
  afterAll(() => leave?.())

  const find = async (
    hosts: readonly string[],
    wishes: Wishes = {},
  ): Promise<{ readonly found: readonly FoundHost[]; readonly events: readonly ScanEvent[] }> => {
    const events: ScanEvent[] = []
    const net = await io.openNet('auto')
    return { found: await discover(hosts.map(listed), optionsFor(io, net, wishes, events)), events }
  }

  it('finds neighbours by ARP and neighbour discovery, with their hardware addresses', async () => {
    const { address4, address6 } = lab.target
    const { found } = await find([address4, '10.78.0.77', address6, 'fd78::77', 'fe80::2%lab0'])
    expect(toldOf(found)).toEqual([
      `${address4} up arp-response`,
      '10.78.0.77 down no-response',
      `${address6} up nd-response`,
      'fd78::77 down no-response',
      'fe80::2%lab0 up nd-response',
    ])
    for (const host of [found[0], found[2], found[4]]) {
      expect(host?.hardwareAddress).toBe('02:00:0a:4e:00:02')
      expect(host?.times?.srttUs).toBeGreaterThan(0)
      expect(host?.times?.srttUs).toBeLessThan(500_000)
    }
  })

  it('asks others by several probes, and takes errors for what they are', async () => {
    const { found } = await find(['10.79.0.5', '10.79.0.9', '10.80.0.1'])
    expect(found.map(({ status: { state } }) => state)).toEqual(['up', 'down', 'down'])
    expect(found[1]?.status.reason).toBe('no-response')
    expect(found[2]?.status).toMatchObject({ reason: 'net-unreach', from: '10.79.0.254' })
    expect(found[0]?.hardwareAddress).toBeUndefined()
  })

  it('says the same as nmap of hosts that it asks as nmap does', async () => {
    const { address4, address6 } = lab.target
    for (const [host, family] of [
      [address4, []],
      [address6, ['-6']],
    ] as const) {
      const { stdout } = await lab.exec('nmap', [
        ...family,
        '-n',
        '-sn',
        '--disable-arp-ping',
        '--reason',
        host,
      ])
      const [, reason, ttl] = /Host is up, received (\S+) ttl (\d+)/.exec(stdout) ?? []
      const { found } = await find([host], { usesLink: false })
      expect(found[0]?.status).toEqual({ state: 'up', reason, ttl: Number(ttl) })
    }
  })

  it('asks nobody for addresses of this machine', async () => {
    const { address4 } = lab.probe
    const { found, events } = await find([address4, '127.0.0.1', '::1'])
    expect(found.every(({ status }) => status.reason === 'localhost-response')).toBe(true)
    expect(events).toEqual([])
  })

  it('finds hosts by connections where it may send no packets', async () => {
    const { address4, address6 } = lab.target
    const { found } = await find([address4, address6, '10.79.0.9'], { usesPackets: false })
    expect(toldOf(found)).toEqual([
      `${address4} up syn-ack`,
      `${address6} up syn-ack`,
      '10.79.0.9 down no-response',
    ])
  })

  it('warns of a network that there is no route to', async () => {
    const { found, events } = await find(['192.0.2.1'])
    expect(found).toEqual([])
    expect(events).toEqual([
      { kind: 'warning', text: 'setup_target: failed to determine route to 192.0.2.1' },
    ])
  })
})
