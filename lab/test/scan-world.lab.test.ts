import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { missing } from '../src/missing.mjs'
import { HOSTS, ScanWorld, TRUTH } from '../src/scan-world.mjs'

const lacks = missing(['nmap', 'ping', 'cc'])
const skipped = lacks.length > 0 ? ` (skipped: needs ${lacks.join(', ')})` : ''

/** Some of each kind. */
const PORTS = [
  8, 9, 21, 22, 80, 111, 137, 443, 10_000, 10_999, 11_000, 20_000, 20_009, 20_010, 30_000, 65_535,
]
const UDP_PORTS = [53, 123, 137, 161, 5353]

describe.skipIf(skipped !== '')(`the world of scanners${skipped}`, () => {
  const world = new ScanWorld({ far: { roundTripMs: 50 } })

  beforeAll(() => world.up())
  afterAll(() => world.remove())

  const nmap = async (...args: string[]) => {
    const scan = ['-n', '-Pn', '--max-retries', '10', '-oX', '-', ...args]
    const { stdout } = await world.exec('nmap', scan, { timeoutMs: 50_000 })
    const rows = [...stdout.matchAll(/portid="(\d+)"><state state="([^"]+)"/g)]
    return rows.map(([, port, state]) => [Number(port), state])
  }

  it.concurrent.each([
    'full',
    'limited',
    'lossy',
    'far',
    'stealth',
    'dropped',
    'elsewhere',
    'everything',
  ] as const)('has a host that is %s, by IPv4 and IPv6', async (name) => {
    const truths = PORTS.map((port) => [port, TRUTH[name](port, 'syn')])
    const { address4, address6 } = HOSTS[name]
    const said = [nmap('-sS', `-p${PORTS}`, address4), nmap('-6', '-sS', `-p${PORTS}`, address6)]
    expect(await Promise.all(said)).toEqual([truths, truths])
  })

  it('says to connect() what it says to a SYN, of which nmap knows no more than its error', async () => {
    const truths = PORTS.map((port) => [port, port === 8 ? 'closed' : TRUTH.full(port, 'connect')])
    const { address4, address6 } = HOSTS.full
    const said = [nmap('-sT', `-p${PORTS}`, address4), nmap('-6', '-sT', `-p${PORTS}`, address6)]
    expect(await Promise.all(said)).toEqual([truths, truths])
  })

  it('has UDP that answers, is dropped and is closed', async () => {
    const truths = UDP_PORTS.map((port) => [port, TRUTH.full(port, 'udp')])
    const { address4, address6 } = HOSTS.full
    const said = [nmap('-sU', `-p${UDP_PORTS}`, address4), nmap('-6', '-sU', `-p${UDP_PORTS}`, address6)]
    expect(await Promise.all(said)).toEqual([truths, truths])
  })

  it('has a network of 256 hosts with one open port', async () => {
    const said = await nmap('-sT', '-p22,80', '10.78.0.0/24')
    expect(said).toHaveLength(512)
    expect(said.every(([port, state]) => state === TRUTH.network(Number(port), 'connect'))).toBe(true)
  })

  it('has a host that is not there', async () => {
    const { stdout } = await world.exec('nmap', ['-n', '-p22', HOSTS.absent.address4])
    expect(stdout).toContain('(0 hosts up)')
  })

  it('kills a host and brings it back to life', async () => {
    await world.silence(HOSTS.full.address4)
    expect(await nmap('-p22', HOSTS.full.address4)).toEqual([[22, 'filtered']])
    await world.revive(HOSTS.full.address4)
    expect(await nmap('-p22', HOSTS.full.address4)).toEqual([[22, 'open']])
  })

  it('has a way that is as long as it is said to be, and loses what it is said to lose', async () => {
    const ping = async () => {
      const { stdout } = await world.exec('ping', ['-n', '-c50', '-i0.01', '-W2', HOSTS.far.address4])
      return [...stdout.matchAll(/ time=([\d.]+) ms/g)].map(([, ms]) => Number(ms))
    }
    const times = await ping()
    expect(times).toHaveLength(50)
    expect(Math.min(...times)).toBeGreaterThanOrEqual(50)
    await world.lengthen({ roundTripMs: 10, loss: 0.5 })
    const fewer = await ping()
    expect(Math.min(...fewer)).toBeGreaterThanOrEqual(10)
    expect(Math.min(...fewer)).toBeLessThan(50)
    expect(fewer.length).toBeLessThan(40)
  })

  it('leaves nothing behind', async () => {
    const other = new ScanWorld()
    await other.up()
    const paths = (['probe', 'target', 'hop2'] as const).flatMap((place) => [
      `/run/netns/${other.namespace(place)}`,
      `/etc/netns/${other.namespace(place)}`,
    ])
    expect(paths.every((path) => existsSync(path))).toBe(true)
    await other.remove()
    expect(paths.filter((path) => existsSync(path))).toEqual([])
  })
})
