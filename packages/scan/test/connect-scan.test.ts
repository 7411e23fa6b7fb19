import type { World } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { OPEN, PLAIN_USER, portsOf, range, rejects, rowsOf, STEALTH, scan, timeless, worldOf } from './kit.ts'

const FOUR = '10.0.0.2'
const SIX = 'fd00::2'

function portsAt(address: string, router: string): World['ports'] {
  const at = (port: number): string => (address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`)
  return {
    [at(22)]: OPEN,
    [at(24)]: STEALTH,
    [at(25)]: rejects(router.includes(':') ? 1 : 13, router),
    [at(26)]: { does: 'unreachable', afterMs: 0.2, code: 'EHOSTUNREACH' },
    [at(27)]: { does: 'accept', afterMs: 0.2, reset: true },
    [at(80)]: [STEALTH, OPEN],
  }
}

const WORLD = worldOf(
  { ...portsAt(FOUR, '10.0.0.254'), ...portsAt(SIX, 'fd00::fe') },
  { ...PLAIN_USER, addresses: ['10.0.0.1', 'fd00::1'] },
)

describe.each([
  [4, FOUR, '10.0.0.254'],
  [6, SIX, 'fd00::fe'],
] as const)('over IPv%i', (_, address, router) => {
  it.each(['-sT', '', '--unprivileged'])('tells every state by connections with %s', async (option) => {
    const { out, err, status } = await scan(`${option} -Pn -n --reason -p 22-27,80 ${address}`, WORLD)
    expect(rowsOf(out)).toEqual([
      '22/tcp open ssh syn-ack',
      '23/tcp closed telnet conn-refused',
      '24/tcp filtered unknown no-response',
      `25/tcp filtered smtp admin-prohibited from ${router}`,
      '26/tcp filtered unknown host-unreach',
      '27/tcp open unknown syn-ack',
      '80/tcp open http syn-ack',
    ])
    expect([err, status]).toEqual(['', 0])
  })
})

it("writes nmap's report, to the letter", async () => {
  const { out } = await scan(`-n -p 22-24 ${FOUR}`, { ...WORLD, hosts: {} })
  // Whoever refuses port 80 or 443 is up.
  expect(timeless(out)).toBe(`Starting portscan 1.2.3 ( portkit ) at TIME
Nmap scan report for 10.0.0.2
Host is up (Ns latency).

PORT   STATE    SERVICE
22/tcp open     ssh
23/tcp closed   telnet
24/tcp filtered unknown

Nmap done: 1 IP address (1 host up) scanned in N seconds
`)
})

it('asks all 65,535 ports with -p-', async () => {
  const world = worldOf({ [`${FOUR}:65535`]: OPEN, [`${FOUR}:1`]: STEALTH }, PLAIN_USER)
  const { out } = await scan(`-n -p- ${FOUR}`, world)
  expect(out).toContain('Not shown: 65533 closed tcp ports (conn-refused)\n')
  expect(rowsOf(out)).toEqual(['1/tcp filtered unknown', '65535/tcp open unknown'])
}, 60_000)

it('finds out by a connection that fails that the host is up', async () => {
  const { out } = await scan(`-n --reason -p 22 ${FOUR}`, WORLD)
  expect(timeless(out)).toContain('Host is up, received conn-refused (Ns latency).')
})

describe('without the right to send packets', () => {
  it.each(['-sS', '-sU', '-sA', '-sF', '-sN', '-sX', '-sM', '-sW', '-sSU', '-sS --unprivileged'])(
    '%s is refused in the words of nmap',
    async (option) => {
      const { out, err, status } = await scan(`${option} -n -p 22 ${FOUR}`, WORLD)
      expect(err).toBe('You requested a scan type which requires root privileges.\nQUITTING!\n')
      expect([out, status]).toEqual(['', 1])
    },
  )

  it('with it, --unprivileged refuses them all the same', async () => {
    const { err, status } = await scan(`-sS --unprivileged ${FOUR}`, worldOf({}))
    expect(err).toContain('requires root privileges')
    expect(status).toBe(1)
  })

  it('--privileged says why that cannot be', async () => {
    const { err, status } = await scan(`--privileged -p 22 ${FOUR}`, WORLD)
    expect(err).toMatch(/CAP_NET_RAW[^\n]*\nQUITTING!\n$/)
    expect(status).toBe(1)
  })

  it('options that need packets are refused, not passed over', async () => {
    const { err, status, out } = await scan(`-p 22 --data-length 5 ${FOUR}`, WORLD)
    expect(err).toContain('QUITTING!')
    expect([status, out]).toEqual([1, ''])
  })
})

describe('a system that has no room', () => {
  const fault = { does: 'fault', code: 'EMFILE', message: 'too many open files' } as const

  it('makes no verdict of it, and is asked again', async () => {
    const starved = Object.fromEntries(
      range(1, 300).map((port) => [`${FOUR}:${port}`, port % 3 === 0 ? [fault, OPEN] : [OPEN]]),
    )
    const { out, err } = await scan(`-Pn -n -p 1-300 ${FOUR}`, worldOf(starved, PLAIN_USER))
    expect(rowsOf(out).filter((row) => row.includes(' open '))).toHaveLength(300)
    expect(err).toBe('')
  })

  it('ends the run where it lasts, with what is known', async () => {
    const { out, err, status } = await scan(
      `-Pn -n -p 1-30 ${FOUR}`,
      worldOf(portsOf(FOUR, range(1, 30), fault), PLAIN_USER),
    )
    expect(err).toContain('too many open files')
    expect(rowsOf(out)).toEqual([])
    expect(status).toBe(1)
  })

  it('is not asked for more than the file limit allows', async () => {
    const limits = 'Max open files            64                   64                   files     \n'
    const world = worldOf(portsOf(FOUR, range(1, 300), STEALTH), {
      ...PLAIN_USER,
      files: { '/proc/self/limits': limits },
    })
    const { io, out } = await scan(`-Pn -n -p 1-300 ${FOUR}`, world)
    expect(out).toContain('300 filtered tcp ports (no-response)')
    expect(mostAtOnce(io.net.attempts.map(({ atNs }) => atNs))).toBeLessThanOrEqual(64)
  })
})

/** Attempts that begin within 100 ms, which is the shortest time that one waits. */
function mostAtOnce(starts: readonly number[]): number {
  return Math.max(...starts.map((from) => starts.filter((at) => at >= from && at < from + 99e6).length))
}
