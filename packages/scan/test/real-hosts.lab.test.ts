import { HOSTS, NETWORK, TRUTH } from '@portkit/lab/scan-world'
import { expect, it } from 'vitest'
import { AS_NOBODY, describeScans, mistakes, statesIn } from './scan-lab-kit.ts'

/** A scan of one host and the truth of it. */
interface Case {
  readonly name: string
  readonly args: string
  readonly host: keyof typeof HOSTS & keyof typeof TRUTH
  readonly scan: 'syn' | 'connect' | 'udp'
  readonly from?: number
  readonly to: number
  readonly family?: 6
}

const ALL = 65_535

const CASES: readonly Case[] = [
  { name: 'all ports of a host by SYN', args: '-sS', host: 'full', scan: 'syn', to: ALL },
  {
    name: 'all ports of a host by SYN over IPv6',
    args: '-6 -sS',
    host: 'full',
    scan: 'syn',
    to: ALL,
    family: 6,
  },
  { name: 'all ports of a host by connections', args: '-sT', host: 'full', scan: 'connect', to: ALL },
  {
    name: 'ports by connections over IPv6',
    args: '-6 -sT',
    host: 'full',
    scan: 'connect',
    to: 12_000,
    family: 6,
  },
  { name: 'UDP ports', args: '-sU', host: 'full', scan: 'udp', to: 6000 },
  { name: 'all ports of a stealth host', args: '-sS', host: 'stealth', scan: 'syn', to: ALL },
  { name: 'ports of a stealth host by connections', args: '-sT', host: 'stealth', scan: 'connect', to: 5000 },
  { name: 'a host that is not known to be there', args: '-sS -Pn', host: 'dropped', scan: 'syn', to: 3000 },
  { name: 'a way that loses 3 %, by SYN', args: '-sS', host: 'lossy', scan: 'syn', to: 20_000 },
  { name: 'a way that loses 3 %, by connections', args: '-sT', host: 'lossy', scan: 'connect', to: 5000 },
  { name: '500 resets a second, by SYN', args: '-sS', host: 'limited', scan: 'syn', to: 1500 },
  { name: '500 resets a second, by connections', args: '-sT', host: 'limited', scan: 'connect', to: 1500 },
  { name: 'a far host by SYN', args: '-sS', host: 'far', scan: 'syn', to: 3000 },
  {
    name: 'a far host by connections over IPv6',
    args: '-6 -sT',
    host: 'far',
    scan: 'connect',
    to: 3000,
    family: 6,
  },
  { name: 'a host that says yes to all', args: '-sS', host: 'everything', scan: 'syn', to: 3000 },
]

describeScans('portscan at real hosts', [], ({ world, scan, command }) => {
  it.each(CASES)('gets no port wrong: $name', async ({ args, host, scan: kind, to, family }) => {
    const address = family === 6 ? HOSTS[host].address6 : HOSTS[host].address4
    const { status, stderr, hosts } = await scan(`${args} -p 1-${to} ${address}`)
    expect(mistakes(hosts.get(address), { truth: TRUTH[host], scan: kind, from: 1, to })).toEqual([])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })

  it('gets no port wrong without any right', async () => {
    const { address4 } = HOSTS.full
    const [tool, ...words] = [
      ...AS_NOBODY,
      ...command(['-n', '-oX', '-', '-p', '1-20100', address4]),
    ] as const
    const { stdout, status } = await world.exec(tool, words, { timeoutMs: 50_000 })
    expect(status).toBe(0)
    expect(stdout).toContain('type="connect"')
    const states = statesIn(stdout).get(address4)
    expect(mistakes(states, { truth: TRUTH.full, scan: 'connect', from: 1, to: 20_100 })).toEqual([])
  })

  it.each(['-sS', '-sT'])(
    'gets no port wrong at the end of a long way that loses 1 % each way: %s',
    async (kind) => {
      await world.lengthen({ roundTripMs: 50, loss: 0.01 })
      const { address4 } = HOSTS.far
      const { hosts } = await scan(`${kind} -p 1-3000 ${address4}`)
      await world.lengthen({ roundTripMs: 50 })
      expect(mistakes(hosts.get(address4), { truth: TRUTH.far, scan: 'syn', from: 1, to: 3000 })).toEqual([])
    },
  )

  it.each(['-sS', '-sT'])('gets no port wrong of 256 hosts: %s', async (kind) => {
    const { hosts, stdout } = await scan(`${kind} -p 10-29 ${NETWORK}`)
    expect(hosts.size).toBe(256)
    for (const states of hosts.values()) {
      expect(mistakes(states, { truth: TRUTH.network, scan: 'syn', from: 10, to: 29 })).toEqual([])
    }
    expect(stdout).toContain('<hosts up="256" down="0" total="256"/>')
  })

  it('leaves a host that says yes to all when --max-open is over', async () => {
    const { hosts, stdout, status } = await scan(`-p 1-30000 --max-open 50 ${HOSTS.everything.address4}`)
    const states = [...(hosts.get(HOSTS.everything.address4)?.values() ?? [])]
    expect(new Set(states)).toEqual(new Set(['open']))
    expect(states.length).toBeGreaterThan(50)
    expect(states.length).toBeLessThan(5000)
    expect(status).toBe(0)
    expect(stdout).toContain('exit="success"')
  })
})
