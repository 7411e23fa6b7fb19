import type { World } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { OPEN, PLAIN_USER, rowsOf, STEALTH, scan, timeless, worldOf } from './kit.ts'

const NEAR = '10.0.0.2'
const FAR = '10.9.9.9'
/** Answers no echo and no time stamp, and drops what discovery usually asks. */
const SHY = '10.9.9.8'
const GONE = '10.0.0.99'

const WORLD: World = worldOf(
  {
    [`${NEAR}:22`]: OPEN,
    [`${FAR}:22`]: OPEN,
    [`${SHY}:22`]: OPEN,
    [`${SHY}:80`]: STEALTH,
    [`${SHY}:443`]: STEALTH,
    '[fd00::2]:22': OPEN,
  },
  {
    addresses: ['10.0.0.1', 'fd00::1'],
    datagrams: { [`${SHY}:53`]: { does: 'drop' } },
    machines: {
      [GONE]: { isAbsent: true },
      'fd00::99': { isAbsent: true },
      [SHY]: { echo: false, timestamp: false },
    },
    hops: { [FAR]: [{ address: '10.0.0.254' }], [SHY]: [{ address: '10.0.0.254' }] },
  },
)

/** `10.0.0.2 arp-response` for each host that is reported; the note about hosts that are down besides. */
function hostsOf(out: string): readonly string[] {
  const hosts: string[] = []
  for (const line of out.split('\n')) {
    const [, address] = /^Nmap scan report for (.*)$/.exec(line) ?? []
    const [, reason] = /^Host is up, received (.*?)(?: \([\d.]+s latency\))?\.$/.exec(line) ?? []
    if (address !== undefined) hosts.push(address)
    if (reason !== undefined) hosts.push(`${hosts.pop()} ${reason}`)
  }
  return hosts
}

describe('-sn', () => {
  it('tells which hosts are up, on the link and beyond, and asks no ports', async () => {
    const { out, status } = await scan(`-sn -n ${NEAR} ${GONE} ${FAR} ${SHY} fd00::2 fd00::99`, WORLD)
    expect(timeless(out)).toBe(`Starting portscan 1.2.3 ( portkit ) at TIME
Nmap scan report for 10.0.0.2
Host is up (Ns latency).
MAC Address: 02:00:0A:00:00:02 (Unknown)
Nmap scan report for 10.9.9.9
Host is up (Ns latency).
Nmap scan report for fd00::2
Host is up (Ns latency).
MAC Address: 02:00:00:00:00:02 (Unknown)
Nmap done: 6 IP addresses (3 hosts up) scanned in N seconds
`)
    expect(status).toBe(0)
  })

  it.each([
    ['', [`${NEAR} arp-response`, `${FAR} echo-reply ttl 63`]],
    ['-PS22', [`${NEAR} arp-response`, `${FAR} syn-ack ttl 63`, `${SHY} syn-ack ttl 63`]],
    ['-PS23', [`${NEAR} arp-response`, `${FAR} reset ttl 63`, `${SHY} reset ttl 63`]],
    ['-PA22', [`${NEAR} arp-response`, `${FAR} reset ttl 63`, `${SHY} reset ttl 63`]],
    ['-PU53', [`${NEAR} arp-response`, `${FAR} port-unreach ttl 63`]],
    ['-PE --disable-arp-ping', [`${NEAR} echo-reply ttl 64`, `${FAR} echo-reply ttl 63`]],
    ['-PP --disable-arp-ping', [`${NEAR} timestamp-reply ttl 64`, `${FAR} timestamp-reply ttl 63`]],
  ])('with %s finds those that answer that', async (probes, hosts) => {
    const { out } = await scan(`-sn -n --reason ${probes} ${NEAR} ${FAR} ${SHY}`, WORLD)
    expect(hostsOf(out)).toEqual(hosts)
  })

  it('lists the others with -v', async () => {
    const { out } = await scan(`-sn -n -v ${NEAR} ${GONE} ${SHY}`, WORLD)
    expect(out).toContain(`Nmap scan report for ${GONE} [host down]\n`)
    expect(out).toContain(`Nmap scan report for ${SHY} [host down]\n`)
    expect(out).toContain('Nmap done: 3 IP addresses (1 host up) scanned')
  })

  it('asks by connections where packets may not be sent', async () => {
    const world = worldOf(
      { '10.0.0.2:443': STEALTH, '10.0.0.3:80': STEALTH, '10.0.0.3:443': STEALTH },
      PLAIN_USER,
    )
    const { out } = await scan('-sn -n --reason 10.0.0.2 10.0.0.3', world)
    expect(hostsOf(out)).toEqual(['10.0.0.2 conn-refused'])
  })
})

describe('a host that is down', () => {
  it("is not scanned, and nmap's note says what to do", async () => {
    const { out, status, io } = await scan(`-n -p 22 ${GONE}`, WORLD)
    expect(timeless(out)).toBe(`Starting portscan 1.2.3 ( portkit ) at TIME
Note: Host seems down. If it is really up, but blocking our ping probes, try -Pn
Nmap done: 1 IP address (0 hosts up) scanned in N seconds
`)
    expect(status).toBe(0)
    expect(io.net.attempts).toEqual([])
  })

  it('counts as up with -Pn, unless the link says that nobody is there', async () => {
    const { out } = await scan(`-n -Pn --reason -p 22 ${SHY} ${GONE}`, WORLD)
    expect(hostsOf(out)).toEqual([`${SHY} user-set`])
    expect(rowsOf(out)).toEqual(['22/tcp open ssh syn-ack ttl 63'])
    expect(out).toContain('2 IP addresses (1 host up)')
  })

  it('of the whole network leaves a report without hosts', async () => {
    const machines = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [`10.0.0.${i + 64}`, { isAbsent: true }]),
    )
    const { out } = await scan('-n -p 22 10.0.0.64-93', { ...WORLD, machines })
    expect(out).toContain('Nmap done: 30 IP addresses (0 hosts up) scanned')
    expect(out).not.toContain('Note:')
  })
})

it('does not ask this machine itself whether it is up', async () => {
  const { out } = await scan('-sn -n --reason 10.0.0.1 127.0.0.1 ::1', WORLD)
  expect(hostsOf(out)).toEqual(
    ['10.0.0.1', '127.0.0.1', '::1'].map((address) => `${address} localhost-response`),
  )
})

it('finds the hosts of a network, and scans those', async () => {
  const { out } = await scan('-n -p 22 --exclude 10.0.0.0,10.0.0.1 10.0.0.0/30', WORLD)
  expect(hostsOf(out)).toEqual(['10.0.0.2', '10.0.0.3'])
  expect(rowsOf(out)).toEqual(['22/tcp open ssh', '22/tcp closed ssh'])
})

it('scans a host twice that is named twice', async () => {
  const { out } = await scan(`-n -p 22 ${NEAR} ${NEAR}`, WORLD)
  expect(hostsOf(out)).toEqual([NEAR, NEAR])
  expect(rowsOf(out)).toHaveLength(2)
})
