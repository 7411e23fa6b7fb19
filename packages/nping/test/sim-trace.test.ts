import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FAR, FAR_WORLD } from '../../core/test/trace-world.ts'
import { countsOf, run, shotsOf } from './sim-kit.ts'

/** The hops of the table, their cells put together with one blank between. */
function hopsOf(stdout: string): readonly string[] {
  const [, table = ''] = /\nHOP .*\n((?: +\d+ .*\n)+)/.exec(stdout) ?? []
  return table
    .split('\n')
    .filter(Boolean)
    .map((line) => line.trim().replace(/ +/g, ' '))
}

describe('a traceroute', () => {
  it.each(['0', '1ms', '50ms', '1'])(
    'shows each hop once and stops at the target, %s apart',
    async (delay) => {
      const { stdout, status, io } = await run(`--tcp --tr -p 80 --delay ${delay} ${FAR}`, FAR_WORLD)
      expect(hopsOf(stdout)).toEqual([
        '1 10.0.0.254 0.200ms',
        '2 * *',
        '3 10.0.2.1 0.700ms',
        '4 10.0.9.9 1.000ms',
      ])
      expect(status).toBe(0)
      const ttls = shotsOf(io).map(({ ttl }) => ttl)
      expect(ttls).toEqual(ttls.map((_, i) => i + 1))
      if (delay !== '0' && delay !== '1ms') expect(ttls).toEqual([1, 2, 3, 4])
      expect(io.packets.channels()).toBe(0)
    },
  )

  it.each([
    ['--icmp', 0],
    ['--udp -p 33434', 1],
    ['--tcp -p 81', 1],
  ])('with %s reaches the target as well', async (mode, status) => {
    const ran = await run(`${mode} --tr --delay 20ms ${FAR}`, FAR_WORLD)
    expect(hopsOf(ran.stdout).map((hop) => hop.split(' ')[1])).toEqual(['10.0.0.254', '*', '10.0.2.1', FAR])
    expect(ran.status).toBe(status)
    expect(shotsOf(ran.io).filter(({ destination }) => destination === FAR)).toHaveLength(4)
  })

  it('goes by IPv6', async () => {
    const { stdout } = await run('--tcp --tr -p 80 --delay 20ms fd00::9', FAR_WORLD)
    expect(hopsOf(stdout)).toEqual(['1 fd00::fe 0.200ms', '2 fd00::9 0.250ms'])
  })

  it('never skips a hop, wherever routers are silent or answers are lost', async () => {
    const hop = fc.constantFrom(true, false)
    await fc.assert(
      fc.asyncProperty(
        fc.array(hop, { minLength: 1, maxLength: 12 }),
        fc.uniqueArray(fc.nat(11)),
        fc.constantFrom('5ms', '80ms'),
        async (speak, lost, delay) => {
          const hops = speak.map((does, i) => (does ? { address: `10.0.7.${i + 1}` } : {}))
          const world = { ...FAR_WORLD, hops: { [FAR]: hops }, mischief: { '10.0.9.9:80': { lost } } }
          const { stdout, io } = await run(
            `--tcp --tr -p 80 -c 20 --delay ${delay} --timeout 100ms ${FAR}`,
            world,
          )
          const numbers = hopsOf(stdout).map((line) => Number(line.split(' ')[0]))
          expect(numbers).toEqual(numbers.map((_, i) => i + 1))
          const ttls = shotsOf(io).map(({ ttl }) => ttl)
          expect(ttls).toEqual(ttls.map((_, i) => i + 1))
          const reached = Array.from({ length: 20 }, (_, i) => i).find(
            (i) => i >= hops.length && !lost.includes(i),
          )
          expect(numbers).toHaveLength((reached ?? 19) + 1)
        },
      ),
      { numRuns: 40, endOnFailure: true },
    )
  })

  it('follows every target and port until its own end', async () => {
    const { stdout, io } = await run(`--tcp --tr -p 80,81 --delay 10ms ${FAR} 10.0.0.2`, FAR_WORLD)
    expect(stdout.match(/^Way to .*$/gm)).toEqual([
      'Way to 10.0.9.9 port 80:',
      'Way to 10.0.9.9 port 81:',
      'Way to 10.0.0.2 port 80:',
      'Way to 10.0.0.2 port 81:',
    ])
    const count = (host: string) => shotsOf(io).filter(({ destination }) => destination === host).length
    expect([count(FAR), count('10.0.0.2')]).toEqual([8, 2])
  })

  it('gives up after as many hops as it was told, or 48', async () => {
    const few = await run('--tcp --tr -p 24 -c 3 --delay 5ms 10.0.0.2', FAR_WORLD)
    expect(countsOf(few.stdout)).toEqual({ sent: 3, received: 0, lost: 3 })
    expect(few.status).toBe(1)
    const usual = await run('--tcp --tr -p 24 --delay 5ms 10.0.0.2', FAR_WORLD)
    expect(shotsOf(usual.io).map(({ ttl }) => ttl)).toEqual(Array.from({ length: 48 }, (_, i) => i + 1))
  })

  it('begins where --ttl says', async () => {
    const { io } = await run(`--tcp --tr -p 80 --ttl 3 --delay 20ms ${FAR}`, FAR_WORLD)
    expect(shotsOf(io).map(({ ttl }) => ttl)).toEqual([3, 4])
  })

  it('cuts its packets, too', async () => {
    const { io, stdout } = await run(
      `--tcp --tr -p 80 --mtu 8 --data-length 4 --delay 20ms ${FAR}`,
      FAR_WORLD,
    )
    expect(io.wire.filter(({ direction, octets }) => direction === 'out' && octets.length > 28 + 20)).toEqual(
      [],
    )
    expect(hopsOf(stdout).at(-1)).toContain(FAR)
  })
})
