import type { World } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { OPEN, portsOf, range, rejects, rowsOf, STEALTH, scan, timeless, worldOf } from './kit.ts'

const FOUR = '10.0.0.2'
const SIX = 'fd00::2'

/** One port of each kind, the same at an address of each family. 23 refuses. */
const WORLD = worldOf(
  {
    [`${FOUR}:22`]: OPEN,
    [`${FOUR}:24`]: STEALTH,
    [`${FOUR}:25`]: rejects(13),
    [`${FOUR}:26`]: rejects(1),
    [`${FOUR}:27`]: rejects(3, FOUR),
    [`[${SIX}]:22`]: OPEN,
    [`[${SIX}]:24`]: STEALTH,
    [`[${SIX}]:25`]: rejects(1, 'fd00::fe'),
    [`[${SIX}]:26`]: rejects(3, 'fd00::fe'),
    [`[${SIX}]:27`]: rejects(4, SIX),
  },
  {
    addresses: ['10.0.0.1', 'fd00::1'],
    datagrams: {
      [`${FOUR}:53`]: { does: 'echo' },
      [`${FOUR}:69`]: { does: 'drop' },
      [`${FOUR}:70`]: { does: 'icmp', type: 3, code: 13, from: '10.0.0.254' },
      [`[${SIX}]:53`]: { does: 'echo' },
      [`[${SIX}]:69`]: { does: 'drop' },
      [`[${SIX}]:70`]: { does: 'icmp', type: 1, code: 1, from: 'fd00::fe' },
    },
  },
)

const REJECTED = {
  4: [
    '25/tcp filtered smtp admin-prohibited ttl 64 from 10.0.0.254',
    '26/tcp filtered unknown host-unreach ttl 64 from 10.0.0.254',
    '27/tcp filtered unknown port-unreach ttl 64',
  ],
  6: [
    '25/tcp filtered smtp admin-prohibited ttl 64 from fd00::fe',
    '26/tcp filtered unknown host-unreach ttl 64 from fd00::fe',
    '27/tcp filtered unknown port-unreach ttl 64',
  ],
} as const

const KINDS = [
  ['-sS', 'open syn-ack ttl 64', 'closed reset ttl 64', 'filtered no-response'],
  ['-sA', 'unfiltered reset ttl 64', 'unfiltered reset ttl 64', 'filtered no-response'],
  ['-sW', 'closed reset ttl 64', 'closed reset ttl 64', 'filtered no-response'],
  ['-sF', 'open|filtered no-response', 'closed reset ttl 64', 'open|filtered no-response'],
  ['-sN', 'open|filtered no-response', 'closed reset ttl 64', 'open|filtered no-response'],
  ['-sX', 'open|filtered no-response', 'closed reset ttl 64', 'open|filtered no-response'],
  ['-sM', 'closed reset ttl 64', 'closed reset ttl 64', 'open|filtered no-response'],
] as const

/** `open syn-ack` as `22/tcp open ssh syn-ack`. */
function row(port: number, name: string, verdict: string): string {
  const [state, ...reason] = verdict.split(' ')
  return [`${port}/tcp`, state, name, ...reason].join(' ')
}

describe.each([
  [4, FOUR],
  [6, SIX],
] as const)('over IPv%i', (family, address) => {
  it.each(KINDS)(
    '%s calls open ports %s, closed ones %s, stealth ones %s',
    async (kind, open, closed, silent) => {
      const { out, err, status } = await scan(`${kind} -n --reason -p 22-27 ${address}`, WORLD)
      expect(rowsOf(out)).toEqual([
        row(22, 'ssh', open),
        row(23, 'telnet', closed),
        row(24, 'unknown', silent),
        ...REJECTED[family],
      ])
      expect([err, status]).toEqual(['', 0])
    },
  )

  it('-sU tells apart who replies, who refuses, who is silent and who is hidden', async () => {
    const { out } = await scan(`-sU -n --reason -p 53,68-70 ${address}`, WORLD)
    expect(rowsOf(out)).toEqual([
      '53/udp open domain udp-response ttl 64',
      '68/udp closed unknown port-unreach ttl 64',
      '69/udp open|filtered unknown no-response',
      `70/udp filtered unknown admin-prohibited ttl 64 from ${family === 4 ? '10.0.0.254' : 'fd00::fe'}`,
    ])
  })

  it('-sS and -sU go together, TCP first', async () => {
    const { out } = await scan(`-sSU -n -p T:22,U:53 ${address}`, WORLD)
    expect(rowsOf(out)).toEqual(['22/tcp open ssh', '53/udp open domain'])
  })
})

describe('the report of a SYN scan', () => {
  it("is nmap's, to the letter", async () => {
    const { out } = await scan(`-n -p 22-27 ${FOUR}`, WORLD)
    expect(timeless(out)).toBe(`Starting portscan 1.2.3 ( portkit ) at TIME
Nmap scan report for 10.0.0.2
Host is up (Ns latency).

PORT   STATE    SERVICE
22/tcp open     ssh
23/tcp closed   telnet
24/tcp filtered unknown
25/tcp filtered smtp
26/tcp filtered unknown
27/tcp filtered unknown
MAC Address: 02:00:0A:00:00:02 (Unknown)

Nmap done: 1 IP address (1 host up) scanned in N seconds
`)
  })

  it('mixes both families in one run, in the order of the targets', async () => {
    const { out } = await scan(`-n -p 22 ${SIX} ${FOUR}`, WORLD)
    expect(timeless(out).split('\n').slice(1, -2).join('\n')).toBe(`Nmap scan report for fd00::2
Host is up (Ns latency).

PORT   STATE SERVICE
22/tcp open  ssh
MAC Address: 02:00:00:00:00:02 (Unknown)

Nmap scan report for 10.0.0.2
Host is up (Ns latency).

PORT   STATE SERVICE
22/tcp open  ssh
MAC Address: 02:00:0A:00:00:02 (Unknown)
`)
  })

  const many: World = worldOf({
    [`${FOUR}:22`]: OPEN,
    ...portsOf(FOUR, range(1000, 1026), STEALTH),
    ...portsOf(FOUR, [1027, 1028], rejects(13)),
    [`${FOUR}:1029`]: rejects(1),
  })

  it('gathers more than 25 ports of a state, by falling count, with their reasons', async () => {
    const { out } = await scan(`-n -p 22,1000-1100 ${FOUR}`, many)
    expect(out).toContain(
      'Not shown: 71 closed tcp ports (reset), 27 filtered tcp ports (no-response), 2 filtered tcp ports (admin-prohibited), 1 filtered tcp ports (host-unreach)\nPORT   STATE SERVICE\n22/tcp open  ssh\n',
    )
  })

  it('lists 25 of a state, and gathers 26', async () => {
    const few = await scan(`-n -p 2000-2024 ${FOUR}`, WORLD)
    expect(rowsOf(few.out)).toHaveLength(25)
    const more = await scan(`-n -p 2000-2025 ${FOUR}`, WORLD)
    expect(more.out).toContain(
      'All 26 scanned ports on 10.0.0.2 are in ignored states.\nNot shown: 26 closed tcp ports (reset)\n',
    )
  })

  it('gathers later with -v and -vv', async () => {
    const listed = async (words: string) => rowsOf((await scan(`-n ${words} ${FOUR}`, WORLD)).out).length
    expect(await listed('-v -p 2000-2049')).toBe(50)
    expect(await listed('-v -p 2000-2050')).toBe(0)
    expect(await listed('-vv -p 2000-2074')).toBe(75)
    expect(await listed('-vv -p 2000-2075')).toBe(0)
  })
})
