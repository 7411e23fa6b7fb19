import type { Behaviour } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { greets, look, run, SILENT, SSH, said, worldOf } from './kit.ts'

const DROP: Behaviour = { does: 'drop' }
const MPD = 'OK MPD 0.23.5\n'

/** The same behind so many ports from 40000 on. */
function many(count: number, behaviour: (at: number) => Behaviour) {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [40_000 + i, behaviour(i)]))
}

const named = (stdout: string, name: string): number => stdout.split(name).length - 1

describe('many ports of one host', () => {
  it('a thousand that answer at once have four connections at any moment', async () => {
    const world = worldOf(many(1000, () => greets(MPD)))
    const { stdout, tookMs, mostAtOnce, connections } = await look('40000-40999', world)
    expect(named(stdout, 'mpd ')).toBe(1000)
    expect(mostAtOnce()).toBe(4)
    expect(connections).toHaveLength(1000)
    expect(tookMs).toBeLessThan(1000)
  })

  it.each([
    [12, 600],
    [40, 255],
    [40, 1200],
    [100, 2000],
  ])('%i that all answer their SYN after %i ms are looked at, four at a time', async (count, afterMs) => {
    const world = worldOf(many(count, () => greets(MPD, afterMs)))
    const { stdout, tookMs, mostAtOnce, status } = await look(`40000-${39_999 + count}`, world)
    expect(named(stdout, 'mpd ')).toBe(count)
    expect(mostAtOnce()).toBeLessThanOrEqual(4)
    expect(tookMs).toBeLessThan((count / 4 + 3) * (afterMs + 250))
    expect(status).toBe(0)
  })

  it('stealth ones wait for their whole time together, and hold up nobody', async () => {
    const world = worldOf(many(60, (i) => (i < 30 ? DROP : greets(MPD))))
    const { stdout, tookMs, mostAtOnce } = await look('40000-40059', world)
    expect(named(stdout, 'stealth')).toBe(30)
    expect(named(stdout, 'mpd ')).toBe(30)
    expect(stdout.lastIndexOf('mpd ')).toBeLessThan(stdout.indexOf('stealth'))
    expect(tookMs).toBeLessThan(7500)
    expect(mostAtOnce()).toBeLessThanOrEqual(4)
  })

  it('one that answers its SYN late is still looked at', async () => {
    const world = worldOf({ ...many(30, () => greets(MPD)), 4030: greets(SSH, 2000) })
    const ran = await look('4030,40000-40029', world)
    expect(said(ran, 4030)).toMatch(/^open {2}ssh /)
    expect(ran.tookMs).toBeLessThan(4000)
  })

  it('one that answers late while four connections are open is tried again', async () => {
    const world = worldOf({ ...many(4, () => SILENT), 4010: greets(MPD, 400), 4011: greets(MPD) })
    const ran = await look('4011,4010,40000-40003', world)
    expect(said(ran, 4010)).toMatch(/^open {2}mpd /)
    expect(ran.connections.filter(({ port }) => port === 4010)).toHaveLength(2)
    expect(ran.mostAtOnce()).toBe(4)
  })

  it('silent ones of several hosts are worked on at the same time, no more than -c of them', async () => {
    const hosts = { a: ['10.0.0.3'], b: ['10.0.0.4'], c: ['10.0.0.5'] }
    const ports = Object.fromEntries(
      ['10.0.0.3', '10.0.0.4', '10.0.0.5'].flatMap((address) => [
        [`${address}:4000`, greets(MPD)],
        [`${address}:4001`, greets(MPD)],
        [`${address}:4002`, DROP],
      ]),
    )
    const { stdout, mostAtOnce } = await run('a:4000-4002 b:4000-4002 c:4000-4002 -c 2', { hosts, ports })
    const order = [...stdout.matchAll(/^([abc])\S+ +open/gm)].map(([, host]) => host)
    expect(order).toEqual(['a', 'b', 'c', 'a', 'b', 'c'])
    expect(mostAtOnce('10.0.0.3')).toBeLessThanOrEqual(2)
  })

  it('stealth ones of many hosts are knocked at no more than some hundred at a time', async () => {
    const addresses = Array.from({ length: 30 }, (_, i) => `10.0.1.${i}`)
    const open = addresses.map((address) => [`${address}:3999`, greets(MPD)] as const)
    const stealth = addresses.flatMap((address) =>
      Array.from({ length: 60 }, (_, i) => [`${address}:${40_000 + i}`, DROP] as const),
    )
    const hosts = Object.fromEntries(addresses.map((address, i) => [`h${i}`, [address]]))
    const names = Object.keys(hosts).map((name) => `${name}:3999,40000-40059`)
    const { stdout, io } = await run(names.join(' '), {
      hosts,
      ports: Object.fromEntries([...open, ...stealth]),
    })
    expect(named(stdout, 'stealth')).toBe(1800)
    const at = io.net.attempts.map(({ atNs }) => atNs)
    const inFlight = at.map((nowNs) => at.filter((ns) => ns > nowNs - 5e9 && ns <= nowNs).length)
    expect(Math.max(...inFlight)).toBeLessThan(600)
  })

  it('-c 1 has one connection at a time', async () => {
    const world = worldOf(many(10, () => SILENT))
    const { mostAtOnce, tookMs } = await look('40000-40009 -c 1', world)
    expect(mostAtOnce()).toBe(1)
    expect(tookMs).toBeGreaterThan(10_000)
  })

  it('--rate spaces the beginnings of connections, also of further ones to one port', async () => {
    const { io } = await look('40000-40004 -R 2', worldOf(many(5, () => SILENT)))
    const at = io.net.attempts.map(({ atNs }) => atNs / 1e6)
    expect(at.length).toBeGreaterThan(5)
    for (const [i, ms] of at.entries()) if (i > 0) expect(ms - (at[i - 1] ?? 0)).toBeGreaterThanOrEqual(499)
  })

  it('a fault of this machine ends the run with one line, after what is known', async () => {
    const fault: Behaviour = { does: 'fault', code: 'EMFILE', message: 'too many open files' }
    const world = worldOf({ ...many(3, () => greets(MPD)), 40003: greets(MPD, 100), 40004: fault })
    const { stdout, stderr, status } = await look('40000-40004', world)
    expect(named(stdout, 'mpd ')).toBeGreaterThanOrEqual(1)
    expect(stderr).toBe('banner: too many open files\n')
    expect(status).toBe(2)
  })

  it('closed, unreachable and resetting ports are what they are', async () => {
    const ports = {
      4000: { does: 'refuse', afterMs: 0.3 },
      4001: { does: 'icmp', afterMs: 1, type: 3, code: 1, from: '10.0.0.254' },
      4002: { does: 'accept', afterMs: 0.2, reset: true },
    } as const
    const ran = await look('4000-4002', worldOf(ports))
    expect(said(ran, 4000)).toBe('closed')
    expect(said(ran, 4001)).toMatch(/^unreachable .*10\.0\.0\.254/)
    expect(said(ran, 4002)).toMatch(/^open .*accepted, then reset/)
    expect(ran.status).toBe(1)
  })
})
