import { readFileSync } from 'node:fs'
import { beforeAll, expect, it } from 'vitest'
import { recordsOf } from '../../core/test/tool-kit.ts'
import { BACKENDS, describeHping, must } from './hostile-kit.ts'

const TARGETS = { 4: '10.77.0.2', 6: 'fd77::2' } as const

/** What the target does at its ports, besides those of the world. */
const DROPPED = [30_000, 30_999] as const
const PROHIBITED = [31_000, 31_099] as const
const RULES = [
  'add table inet scan',
  'add chain inet scan input { type filter hook input priority -10; }',
  `add rule inet scan input meta l4proto { tcp, udp } th dport ${DROPPED.join('-')} drop`,
  `add rule inet scan input tcp dport ${PROHIBITED.join('-')} reject with icmpx admin-prohibited`,
]

/** What a row says about a TCP port of the target; undefined: it is silent. */
function wordsOf(port: number): string | undefined {
  const isIn = ([first, last]: readonly [number, number]): boolean => first <= port && port <= last
  if (port === 22 || port === 80) return '.S..A...'
  if (port === 137 || isIn(DROPPED)) return undefined
  if (port === 8 || isIn(PROHIBITED)) return 'ICMP Packet filtered from'
  return ERRORS[port] ?? '..R.A...'
}

const ERRORS: Readonly<Record<number, string>> = {
  10: 'ICMP Port Unreachable',
  11: 'ICMP Host Unreachable',
  12: 'ICMP Network Unreachable',
}

/** Rows about ports, as hping3 prints them. */
const rowsOf = (stdout: string): readonly string[] =>
  stdout
    .split('\n')
    .filter((line) => /^ *\d+ .*: /.test(line))
    .sort()

/** The table at the end, its columns one blank apart, without round trips. */
const tableOf = (stdout: string): readonly string[] =>
  (stdout.split(/^PORT .*\n/m)[1] ?? '')
    .split('\n')
    .filter((row) => row !== '')
    .map((row) => row.replace(/ +[\d./]+ms/, '').replace(/ +/g, ' '))

/** Port numbers that a list of hping3 or a table names. */
const portsOf = (rows: readonly string[]): readonly number[] =>
  rows.map((row) => Number(/^ *(\d+)/.exec(row)?.[1]))

interface Verdict {
  readonly type: string
  readonly port: number
}
const verdictsOf = (stdout: string): readonly Verdict[] =>
  (recordsOf(stdout) as unknown as readonly Verdict[]).filter(({ type }) => type === 'verdict')

describeHping('scans of hping-ts', ['nft', 'hping3'], (hostile) => {
  const { world } = hostile
  beforeAll(() => must(world.exec('nft', [RULES.join('; ')], { as: 'target' })))

  it('print the same rows as hping3 does', async () => {
    // Without ICMP answers, which abort it, and without ports whose names are not of TCP. It leaves out port 65535.
    const lists = ['20-30,80,111', '22', '80,79-81,22', '13-60,!22', '22,65535', '!22,20-25']
    const runs = lists.map((ports) => {
      const argv = ['-S', '-V', '-8', ports, TARGETS[4]]
      return Promise.all([world.exec('hping3', argv), hostile.run(argv.join(' '))])
    })
    for (const [theirs, ours] of await Promise.all(runs)) {
      expect(rowsOf(theirs.stdout).length).toBeGreaterThan(0)
      expect(rowsOf(ours.stdout).filter((row) => !row.startsWith('65535'))).toEqual(rowsOf(theirs.stdout))
      expect(ours.status).toBe(0)
    }
  })

  it.each(BACKENDS)('tell ICMP answers by their port, and go on behind them (%s)', async (backend) => {
    const runs = Object.values(TARGETS).map((target) =>
      hostile.run(`--backend ${backend} -S -V -8 8-12,22,137 ${target}`),
    )
    for (const [i, { stdout, stderr, status }] of (await Promise.all(runs)).entries()) {
      expect(portsOf(rowsOf(stdout)).toSorted((a, b) => a - b)).toEqual([8, 9, 10, 11, 12, 22])
      expect(stdout).toMatch(/^ +8 +: ICMP .* from ip=/m)
      expect(stdout).toContain('Not responding ports: (137 netbios-ns) \n')
      expect(tableOf(stdout)).toEqual([
        '8/tcp filtered admin-prohibited 1/1',
        '9/tcp discard closed reset 1/1',
        '10/tcp filtered port-unreach 1/1',
        '11/tcp systat filtered host-unreach 1/1',
        `12/tcp filtered ${i === 0 ? 'net-unreach' : 'no-route'} 1/1`,
        '22/tcp ssh open syn-ack 1/1',
        '137/tcp netbios-ns filtered no-response 0/3',
      ])
      expect(stderr).toContain('7 ports to scan')
      expect(status).toBe(0)
    }
  })

  it.each(BACKENDS)('ask with UDP what answers, refuses and drops (%s)', async (backend) => {
    const runs = Object.values(TARGETS).map((target) =>
      hostile.run(`--backend ${backend} -2 -8 7,8,111,137,65535 ${target}`),
    )
    for (const { stdout, status } of await Promise.all(runs)) {
      expect(tableOf(stdout)).toEqual([
        '7/udp echo open udp-response 1/1',
        '8/udp filtered admin-prohibited 1/1',
        '111/udp sunrpc closed port-unreach 1/1',
        '137/udp netbios-ns open|filtered no-response 0/3',
        '65535/udp closed port-unreach 1/1',
      ])
      expect(status).toBe(0)
    }
  })

  it('take lists, ranges backwards, known ports and exceptions, each port once', async () => {
    const services = readFileSync('/etc/services', 'utf8')
    const known = new Set([...services.matchAll(/^\S+\s+(\d+)\//gm)].map(([, port]) => Number(port)))
    const cases: readonly (readonly [string, readonly number[]])[] = [
      ['25-20,22,22', [20, 21, 22, 23, 24, 25]],
      ['20-25,!22-23', [20, 21, 24, 25]],
      ['known,!8,!137', [...known].filter((port) => port !== 8 && port !== 137).sort((a, b) => a - b)],
      ['known,65535,!known', [65_535]],
    ]
    const runs = cases.map(([list]) => hostile.run(`-S --json --retries 0 -8 ${list} ${TARGETS[4]}`))
    for (const [i, { stdout }] of (await Promise.all(runs)).entries()) {
      const ports = verdictsOf(stdout).map(({ port }) => port)
      expect(ports.toSorted((a, b) => a - b)).toEqual(cases[i]?.[1])
    }
  })

  it.each([4, 6] as const)(
    'find every one of 65,535 ports, a thousand of them silent (IPv%i)',
    async (family) => {
      const argv = `-S -V -8 1-65535 ${TARGETS[family]}`
      const { stdout, stderr, status } = await hostile.run(argv, { timeoutMs: 50_000 })
      expect(stderr).not.toContain('hping-ts:')
      const told = new Map(rowsOf(stdout).map((row) => [Number(row.slice(0, 5)), row.slice(19)]))
      const silent = /^Not responding ports: (.*)$/m.exec(stdout)?.[1] ?? ''
      const unheard = new Set([...silent.matchAll(/\((\d+) /g)].map(([, port]) => Number(port)))
      const wrong: string[] = []
      for (let port = 1; port <= 65_535; port++) {
        const wanted = wordsOf(port)
        const row = told.get(port)
        const isRight =
          wanted === undefined ? row === undefined && unheard.has(port) : row?.startsWith(wanted)
        if (isRight !== true) wrong.push(`${port}: ${row}`)
      }
      expect(wrong).toEqual([])
      expect(unheard.size).toBe(1 + DROPPED[1] - DROPPED[0] + 1)
      expect(rowsOf(stdout)).toHaveLength(65_535 - unheard.size)
      expect(status).toBe(0)
    },
  )
})
