import { type Behaviour, simIo, type World } from '@portkit/core/sim'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CLOSED, OPEN, PLAIN, type Ran, run, runOn, STEALTH, shotsOf, world } from './sim-kit.ts'

const THERE = '10.0.0.2'
const SERVICES = {
  '/etc/services': 'ssh 22/tcp\ntelnet 23/tcp\ndomain 53/tcp\ndomain 53/udp\nsyslog 514/udp\n',
}

/** The rows of the table: `22/tcp ssh open syn-ack 0.250ms 1/1`. */
function rowsOf({ stdout }: Pick<Ran, 'stdout'>): readonly string[] {
  const [, table = ''] = /\nPORT .*\n([\s\S]*)$/.exec(stdout) ?? []
  return table
    .split('\n')
    .filter(Boolean)
    .map((line) => line.replace(/ +/g, ' ').trim())
}

/** The states of the table by port; rows that stand for many ports are counted as `rest`. */
function statesOf(ran: Pick<Ran, 'stdout'>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    rowsOf(ran).flatMap((row) => {
      const [, port, state] =
        /^(\d+)\/(?:tcp|udp)(?: [a-z-]+)? (open|closed|filtered|open\|filtered|unfiltered) /.exec(row) ?? []
      return port === undefined || state === undefined ? [] : [[port, state]]
    }),
  )
}

/** The ports of the lines in hping3's form, in their order. */
function linesOf({ stdout }: Pick<Ran, 'stdout'>): readonly number[] {
  return [...stdout.matchAll(/^ *(\d+) .{11}: /gm)].map(([, port]) => Number(port))
}

function silentOf({ stdout }: Pick<Ran, 'stdout'>): readonly string[] {
  const [, list = ''] = /^Not responding ports: (.*)$/m.exec(stdout) ?? []
  return [...list.matchAll(/\(([^)]*)\)/g)].map(([, port = '']) => port)
}

function icmp(code: number, from = THERE): Behaviour {
  return { does: 'icmp', type: 3, code, from, afterMs: 0.4 }
}

/** So many at once, then so many a second. */
function bucket(burst: number, perSecond: number, nowMs: () => number): () => boolean {
  let tokens = burst
  let atMs = 0
  return () => {
    tokens = Math.min(burst, tokens + ((nowMs() - atMs) * perSecond) / 1000)
    atMs = nowMs()
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}

describe('a scan', () => {
  it.each([
    ['22', [22]],
    ['22,24,23', [22, 23, 24]],
    ['20-23', [20, 21, 22, 23]],
    ['23-20', [20, 21, 22, 23]],
    ['20-24,!22', [20, 21, 23, 24]],
    ['known', [22, 23, 53, 514]],
    ['known,!23', [22, 23, 53, 514].filter((port) => port !== 23)],
    ['0,65535', [0, 65535]],
  ])('asks the ports of %j once each, but for silent ones', async (list, ports) => {
    const { io } = await run(`--scan ${list} -S ${THERE}`, world({ files: SERVICES }))
    const asked = shotsOf(io).map(({ port }) => port)
    const isSilent = (port: number | undefined): boolean => port === 24
    expect(asked.filter((port) => !isSilent(port))).toEqual(ports.filter((port) => !isSilent(port)))
    expect(asked.filter(isSilent)).toHaveLength(ports.includes(24) ? 3 : 0)
  })

  it('comes from one source port', async () => {
    const { io } = await run(`--scan 20-40 -S -s 4000 ${THERE}`)
    expect(new Set(shotsOf(io).map(({ sourcePort }) => sourcePort))).toEqual(new Set([4000]))
  })

  it('finds ports 0 and 65535, too (hping3 never asks the last one)', async () => {
    const ports = { '10.0.0.2:65535': OPEN, '10.0.0.2:0': CLOSED }
    const ran = await run(`--scan 0,65535 -S ${THERE}`, world({ ports }))
    expect(statesOf(ran)).toEqual({ 0: 'closed', 65535: 'open' })
    expect(linesOf(ran)).toEqual([65535])
  })

  it('takes ICMP errors for answers (hping3 aborts)', async () => {
    const ports = { '10.0.0.2:22': icmp(13, '10.0.0.254'), '10.0.0.2:23': icmp(3), '10.0.0.2:25': OPEN }
    const ran = await run(`--scan 22-25 -S -V ${THERE}`, world({ ports, files: SERVICES }))
    expect(statesOf(ran)).toEqual({ 22: 'filtered', 23: 'filtered', 24: 'closed', 25: 'open' })
    expect(ran.stdout).toContain('   22 ssh        : ICMP Packet filtered from ip=10.0.0.254\n')
    expect(rowsOf(ran)).toContainEqual(
      expect.stringMatching(/^22\/tcp ssh filtered admin-prohibited 10\.0\.0\.254 /),
    )
    expect(silentOf(ran)).toEqual([])
  })

  it('by UDP tells open, closed and silent ports', async () => {
    const ran = await run(`--scan 53,69,70 -2 ${THERE}`, world({ files: SERVICES }))
    expect(statesOf(ran)).toEqual({ 53: 'open', 69: 'open|filtered', 70: 'closed' })
    expect(linesOf(ran)).toEqual([53])
    expect(silentOf(ran)).toEqual(['69 '])
    expect(ran.stdout).toContain('   53 domain     :           64 ')
  })

  it.each([
    ['-A', { 22: 'unfiltered', 24: 'filtered' }],
    ['-F', { 22: 'open|filtered', 23: 'closed' }],
  ])('judges by the flags: %s', async (flags, states) => {
    expect(statesOf(await run(`--scan 22-24 ${flags} ${THERE}`))).toMatchObject(states)
  })

  it('by IPv6', async () => {
    const ran = await run('--scan 22,23 -S fd00::2', world({ ports: { '[fd00::2]:22': OPEN } }))
    expect(statesOf(ran)).toEqual({ 22: 'open', 23: 'closed' })
  })

  it('shows every answer with -V, none with -q, and ends with the table in any case', async () => {
    const [plain, verbose, quiet] = await Promise.all(
      ['', '-V', '-q'].map((option) => run(`--scan 22-25 -S ${option} ${THERE}`)),
    )
    expect([plain, verbose, quiet].map((ran) => ran && linesOf(ran).toSorted())).toEqual([
      [22],
      [22, 23, 25],
      [],
    ])
    expect(plain && rowsOf(plain)).toEqual(verbose && rowsOf(verbose))
    expect(plain && rowsOf(plain)).toEqual(quiet && rowsOf(quiet))
  })

  it('knows the names of services, its own protocol first', async () => {
    const { stdout } = await run(`--scan 22,514 -S -V ${THERE}`, world({ files: SERVICES }))
    expect(stdout).toContain('   22 ssh        : .S..A...  64     0 64240    44\n')
    expect(stdout).toContain('  514 syslog     : ..R.A...  64     0     0    40\n')
  })

  it('puts many alike into one row', async () => {
    const ran = await run(`--scan 1-1000 -S ${THERE}`)
    const rows = rowsOf(ran)
    expect(rows.length).toBeLessThan(20)
    expect(rows.join('\n')).toMatch(/99\d/)
    expect(ran.io.wire.length).toBeGreaterThan(1000)
  })
})

describe('a scan through a bad network', () => {
  it.each([[[0]], [[0, 1]]])('finds every port though packets %j of each are lost', async (lost) => {
    const mischief = { [THERE]: { lost } }
    const ports = { '10.0.0.2:1007': OPEN, '10.0.0.2:1299': OPEN }
    const ran = await run(`--scan 1000-1299 -S -V ${THERE}`, world({ ports, mischief }))
    expect(linesOf(ran)).toHaveLength(300)
    expect(silentOf(ran)).toEqual([])
    expect(statesOf(ran)).toMatchObject({ 1007: 'open', 1299: 'open' })
  })

  it('calls nothing open or closed that never answered', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('open', 'closed', 'filtered', 'prohibited'), {
          minLength: 1,
          maxLength: 40,
        }),
        fc.constantFrom('', '-i 1ms', '-i u50'),
        async (states, interval) => {
          const behaviour = { open: OPEN, closed: CLOSED, filtered: STEALTH, prohibited: icmp(13) } as const
          const ports = Object.fromEntries(
            states.map((state, i) => [`${THERE}:${2000 + i}`, behaviour[state]]),
          )
          const last = 2000 + states.length - 1
          const ran = await run(
            `--scan 2000-${last} -S -V ${interval} --timeout 50ms ${THERE}`,
            world({ ports }),
          )
          const silent = states.flatMap((state, i) => (state === 'filtered' ? [`${2000 + i} `] : []))
          expect(silentOf(ran).map((port) => `${port.split(' ')[0]} `)).toEqual(silent)
          expect(linesOf(ran).toSorted()).toEqual(
            states.flatMap((state, i) => (state === 'filtered' ? [] : [2000 + i])),
          )
          expect(ran.status).toBe(silent.length === states.length ? 1 : 0)
        },
      ),
      { numRuns: 25, endOnFailure: true },
    )
  })

  it('asks again where only some answers a second are allowed', async () => {
    let nowMs = (): number => 0
    const allows = bucket(10, 100, () => nowMs())
    const script = (): Behaviour => (allows() ? CLOSED : STEALTH)
    const ports = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`${THERE}:${3000 + i}`, script]))
    const io = simIo(world({ ports }))
    nowMs = () => io.clock.nowNs() / 1e6
    const ran = await runOn(io, `--scan 3000-3059 -S -V ${THERE}`.split(' '))
    expect(linesOf(ran)).toHaveLength(60)
    expect(silentOf(ran)).toEqual([])
  })

  it('has no port silent whose answer came late', async () => {
    const mischief = { '10.0.0.2:22': { lateMs: 70 } }
    const ran = await run(`--scan 22-30 -S --timeout 50ms ${THERE}`, world({ mischief }))
    expect(linesOf(ran)).toEqual([22])
    expect(silentOf(ran)).toEqual(['24 '])
    expect(statesOf(ran)).toMatchObject({ 22: 'open', 24: 'filtered' })
  })

  it('tells a port once, however often it answers', async () => {
    const ran = await run(
      `--scan 22,23 -S -V ${THERE}`,
      world({ mischief: { [THERE]: { againMs: [0.01, 0.02] } } }),
    )
    expect(linesOf(ran).toSorted()).toEqual([22, 23])
  })
})

describe('a scan by a machine that cannot send', () => {
  const failures = (packets: readonly number[]) => ({
    link: { failures: packets.map((packet) => ({ packet, does: 'fault', code: 'EPERM' }) as const) },
  })

  it('says once what kept packets from leaving, and of how many ports', async () => {
    const { stderr, status } = await run(`--scan 22-25 -S ${THERE}`, world(failures([1, 3])))
    expect(stderr.match(/not permitted by this machine/g)).toHaveLength(1)
    expect(stderr).toContain('hping-ts: 2 ports could not be asked\n')
    expect(status).toBe(0)
  })

  it('ends with a fault when nothing left', async () => {
    const { stderr, status } = await run(`--scan 22 -S ${THERE}`, world(failures([0, 1, 2])))
    expect(stderr).toContain('hping-ts: 1 port could not be asked\n')
    expect(status).toBe(2)
  })

  it('keeps what it found when the interface goes down', async () => {
    const ran = await run(`--scan 22-40 -S -i 10ms ${THERE}`, world({ link: { downAtMs: 15 } }))
    expect(linesOf(ran)).toEqual([22])
    expect(statesOf(ran)).toEqual({ 22: 'open', 23: 'closed' })
    expect(ran.stderr).toMatch(/hping-ts: eth0: the network interface is down\n$/)
    expect(ran.stderr).not.toContain('All replies received')
    expect([ran.status, ran.io.packets.channels()]).toEqual([2, 0])
  })
})

describe('the exit status of a scan', () => {
  it.each<readonly [string, string, World, number]>([
    ['22-24', 'hping', PLAIN, 0],
    ['24', 'hping', PLAIN, 1],
    ['22-24', 'state', PLAIN, 0],
    ['23,24', 'state', PLAIN, 1],
    ['24', 'state', PLAIN, 2],
    ['22', 'state', world({ ports: { '10.0.0.2:22': icmp(13) } }), 2],
    ['22', 'state', world({ packetAccess: false }), 3],
    ['22', 'hping', world({ packetAccess: false }), 2],
  ])('of --scan %s by %s', async (list, by, there, status) => {
    expect((await run(`--scan ${list} -S --exit-code ${by} ${THERE}`, there)).status).toBe(status)
  })
})
