import { createIo, type Io } from '@portkit/core'
import { describeLab, PORTS } from '@portkit/lab/vitest'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openPacketGun, type PacketGun } from '../src/guns/packet-gun.ts'
import type { PacketKind } from '../src/guns/packet-probes.ts'
import { enterNamespace } from './namespace-kit.ts'

const KINDS_OF_TCP = ['syn', 'ack', 'window', 'fin', 'null', 'xmas', 'maimon'] as const
const LETTER = { syn: 'S', ack: 'A', window: 'W', fin: 'F', null: 'N', xmas: 'X', maimon: 'M' } as const
const ASKED = [7, 8, 9, 10, 11, 22, 80, 111, 137]
const PASSES = 16

describeLab('the packet gun', { needs: ['nmap'] }, (lab) => {
  let io: Io
  let leave: () => void
  beforeAll(() => {
    leave = enterNamespace(lab.namespace('probe'))
    io = createIo()
  })
  afterAll(() => leave?.())

  const open = (
    kind: PacketKind,
    hosts: readonly string[],
    ports: readonly number[],
    port?: number,
  ): Promise<PacketGun> => {
    const group = {
      hosts: hosts.map((address) => ({
        address,
        family: address.includes(':') ? (6 as const) : (4 as const),
      })),
      ports: Uint16Array.from(ports),
    }
    return openPacketGun({ kind, group, io, source: { badSum: false, port } })
  }
  /** Asks pass by pass until so many ports have answered. */
  const ask = async (
    kind: PacketKind,
    host: string,
    ports: readonly number[],
    answers: number,
    from?: number,
  ): Promise<ReadonlyMap<number, string>> => {
    const gun = await open(kind, [host], ports, from)
    const told = new Map<number, string>()
    const signal = new AbortController().signal
    const hear = (): number =>
      gun.collect(({ port, verdict, from: sender }) => {
        told.set(
          ports[port] ?? 0,
          `${verdict.state} ${verdict.reason}${sender === undefined ? '' : ` from ${sender}`}`,
        )
      })
    for (let pass = 0; pass < PASSES && told.size < answers; pass += 1) {
      for (const port of ports.keys()) expect(gun.fire(0, port, pass)).toBeUndefined()
      expect(await gun.flush()).toBe(0)
      for (let i = 0; i < 20 && told.size < answers; i += 1) {
        await gun.ready(50, signal)
        hear()
      }
    }
    expect([gun.fault(), gun.dropped()]).toEqual([undefined, 0])
    gun.close()
    return new Map([...told].sort(([a], [b]) => a - b))
  }
  /** What nmap says of the ports that answer. */
  const nmap = async (kind: keyof typeof LETTER, host: string): Promise<ReadonlyMap<number, string>> => {
    const family = host.includes(':') ? ['-6'] : []
    const asked = ['-p', ASKED.join(','), '--reason', '-T4', '--max-retries', '3', host]
    const { stdout } = await lab.exec('nmap', [...family, '-n', `-s${LETTER[kind]}`, ...asked], {
      timeoutMs: 60_000,
    })
    const rows = [...stdout.matchAll(/^(\d+)\/tcp +(\S+) +\S+ +(\S+)(?: ttl \d+)?( from \S+)?/gm)]
    return new Map(
      rows
        .filter(([, , , reason]) => reason !== 'no-response')
        .map(([, port, state, reason, from = '']) => [Number(port), `${state} ${reason}${from}`]),
    )
  }

  it.each(KINDS_OF_TCP)('judges by a %s scan as nmap does beside it, over both families', async (kind) => {
    const hosts = [lab.target.address4, lab.target.address6]
    const theirs = await Promise.all(hosts.map((host) => nmap(kind, host)))
    for (const [i, host] of hosts.entries()) {
      expect(await ask(kind, host, ASKED, theirs[i]?.size ?? 0)).toEqual(theirs[i])
      expect(theirs[i]?.has(PORTS.stealth.port)).toBe(false)
    }
  })

  it('asks this machine itself, also the port that it asks from', async () => {
    for (const host of [lab.probe.address4, lab.probe.address6, '127.0.0.1', '::1']) {
      expect(Object.fromEntries(await ask('syn', host, [22, 61_500], 2, 61_500))).toEqual({
        22: 'closed reset',
        61500: 'closed reset',
      })
      expect(Object.fromEntries(await ask('udp', host, [53, 61_500], 2, 61_500))).toEqual({
        53: 'closed port-unreach',
        61500: 'closed port-unreach',
      })
    }
  })

  it('asks addresses that mean something on one link only', async () => {
    const told = await ask('syn', 'fe80::2%lab0', [22, 111], 2)
    expect(Object.fromEntries(told)).toEqual({ 22: 'open syn-ack', 111: 'closed reset' })
  })

  it('asks UDP ports', async () => {
    const answering = `
      const socket = require('node:dgram').createSocket('udp4', (octets, to) => socket.send('here', to.port, to.address))
      socket.bind(53, () => console.log('ready'))`
    const server = lab.spawn('node', ['-e', answering], { as: 'target' })
    await server.until(/ready/)
    const told = await ask('udp', lab.target.address4, [53, 161], 2)
    expect(Object.fromEntries(told)).toEqual({ 53: 'open udp-response', 161: 'closed port-unreach' })
    server.kill('SIGTERM')
    await server.done
  })

  it('gives the fault of probes that a local firewall forbids, and sends the others', async () => {
    const rule = `add table inet own; add chain inet own out { type filter hook output priority 0; }; add rule inet own out tcp dport 111 drop`
    expect(await lab.exec('nft', [rule])).toMatchObject({ status: 0 })
    const gun = await open('syn', [lab.target.address4], [22, 111, 80])
    const refused: string[] = []
    for (const port of [0, 1, 2]) gun.fire(0, port, 0)
    expect(await gun.flush((_host, port, _pass, { code }) => refused.push(`${port} ${code}`))).toBe(0)
    expect(refused).toEqual(['1 EPERM'])
    const heard = new Set<number>()
    const signal = new AbortController().signal
    for (let i = 0; i < 100 && heard.size < 2; i += 1) {
      await gun.ready(100, signal)
      gun.collect(({ port }) => heard.add(port))
    }
    gun.close()
    await lab.exec('nft', ['delete table inet own'])
    expect([...heard].sort()).toEqual([0, 2])
  })

  it('counts what it sends, and finds every port of a host', async () => {
    const ports = Array.from({ length: 2000 }, (_, i) => i + 1)
    const gun = await open('syn', [lab.target.address4], ports)
    const signal = new AbortController().signal
    const answered = new Set<number>()
    const hear = (): number => gun.collect(({ port }) => answered.add(ports[port] ?? 0))
    for (let pass = 0; pass < PASSES && answered.size < 1998; pass += 1) {
      for (const port of ports.keys()) {
        if (answered.has(ports[port] ?? 0)) continue
        while (gun.fire(0, port, pass) === 'full') {
          await gun.flush()
          hear()
        }
      }
      await gun.flush()
      await gun.ready(200, signal)
      hear()
    }
    // Dropped, and with a full queue.
    expect(ports.filter((port) => !answered.has(port))).toEqual([15, 137])
    const { sent, sentOctets, received } = gun.counts()
    expect(sentOctets).toBe(sent * 44)
    expect([sent >= 2000, received >= 1998]).toEqual([true, true])
    gun.close()
  })
})
