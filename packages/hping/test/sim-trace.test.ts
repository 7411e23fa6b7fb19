import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FAR, FAR_WORLD } from '../../core/test/trace-world.ts'
import { countsOf, type Ran, run, shotsOf, verdictsOf } from './sim-kit.ts'

function ttlsOf({ io }: Pick<Ran, 'io'>): readonly number[] {
  return shotsOf(io).map(({ ttl }) => ttl)
}

/** The hops that are told: `1 10.0.0.254 0.200`. */
function hopsOf({ stdout }: Pick<Ran, 'stdout'>): readonly string[] {
  return [
    ...stdout.matchAll(/hop=(\d+) TTL 0 during transit from ip=(\S+).*\n(?:hop=\d+ hoprtt=([\d.]+) ms)?/g),
  ].map(([, ttl, from, ms]) => [ttl, from, ms].filter(Boolean).join(' '))
}

describe('a traceroute', () => {
  it('climbs with each answer, passes a silent hop over after three packets, and stays with the target', async () => {
    const ran = await run(`-T -S -p 80 -c 8 -i 20ms -n ${FAR}`, FAR_WORLD)
    expect(ttlsOf(ran)).toEqual([1, 2, 2, 2, 3, 4, 4, 4])
    expect(hopsOf(ran)).toEqual(['1 10.0.0.254 0.200', '3 10.0.2.1 0.700'])
    expect(ran.stdout.match(/flags=SA/g)).toHaveLength(3)
    expect(verdictsOf(ran)).toEqual(['port 80: open (syn-ack), 5 of 8 answered'])
    expect(ran.status).toBe(0)
  })

  it.each([
    ['-S -p 80', 'port 80: open (syn-ack), 3 of 6 answered', 0],
    ['-S -p 81', 'port 81: closed (reset), 3 of 6 answered', 0],
    ['-2 -p 33434', 'udp port 33434: closed (port-unreach), 3 of 6 answered', 0],
    ['-1', '10.0.9.9: up (echo-reply), 3 of 6 answered', 0],
  ])('with %s --tr-stop ends when the target answers', async (mode, verdict, status) => {
    const ran = await run(`-T ${mode} --tr-stop -i 20ms -n ${FAR}`, FAR_WORLD)
    expect(ttlsOf(ran)).toEqual([1, 2, 2, 2, 3, 4])
    expect(verdictsOf(ran)).toEqual([verdict])
    expect(ran.status).toBe(status)
    expect(ran.tookMs).toBeLessThan(102)
    expect(ran.io.packets.channels()).toBe(0)
  })

  it('goes by IPv6', async () => {
    const ran = await run('-T -S -p 80 --tr-stop -i 20ms -n fd00::9', FAR_WORLD)
    expect(hopsOf(ran)).toEqual(['1 fd00::fe 0.200'])
    expect(ttlsOf(ran)).toEqual([1, 2])
  })

  it('watches one router with --tr-keep-ttl', async () => {
    const ran = await run(`-T -S -p 80 --tr-keep-ttl -t 3 -c 4 -i 20ms -n ${FAR}`, FAR_WORLD)
    expect(ttlsOf(ran)).toEqual([3, 3, 3, 3])
    expect(hopsOf(ran)).toEqual(Array.from({ length: 4 }, () => '3 10.0.2.1 0.700'))
    expect(verdictsOf(ran)).toEqual(['port 80: unknown (time-exceeded from 10.0.2.1), 4 of 4 answered'])
    const silent = await run(`-T -S -p 80 --tr-keep-ttl -t 2 -c 5 -i 20ms -n ${FAR}`, FAR_WORLD)
    expect(ttlsOf(silent)).toEqual([2, 2, 2, 2, 2])
  })

  it('begins where -t says', async () => {
    expect(ttlsOf(await run(`-T -S -p 80 -t 3 --tr-stop -i 20ms ${FAR}`, FAR_WORLD))).toEqual([3, 4])
  })

  it('does not begin at 0', async () => {
    const { stderr, status } = await run(`-T -S -p 80 -t 0 ${FAR}`, FAR_WORLD)
    expect(stderr).toMatch(/^hping-ts: -T and -t 0 do not go together: hops count from 1\n/)
    expect(status).toBe(2)
  })

  it('tells no round trips with --tr-no-rtt', async () => {
    const ran = await run(`-T -S -p 80 --tr-no-rtt --tr-stop -i 20ms -n ${FAR}`, FAR_WORLD)
    expect(hopsOf(ran)).toEqual(['1 10.0.0.254', '3 10.0.2.1'])
    expect(ran.stdout).not.toContain('hoprtt')
  })

  it('looks up the names of routers, each once', async () => {
    const names = { '10.0.0.254': 'gate.lan' }
    const { stdout } = await run(`-T -S -p 80 --tr-stop -i 20ms ${FAR}`, { ...FAR_WORLD, names })
    expect(stdout).toContain('name=gate.lan\nhop=1 hoprtt=0.200 ms\n')
    expect(stdout).toContain('name=UNKNOWN\nhop=3 hoprtt=0.700 ms\n')
  })

  it('does not climb twice for a hop whose answers come late or again', async () => {
    const late = { ...FAR_WORLD, mischief: { '10.0.9.9:80': { lateMs: 50, probes: [0] } } }
    const ran = await run(`-T -S -p 80 --tr-stop -i 20ms -n ${FAR}`, late)
    // Two more packets for the first hop go out before its answer to the first one comes, and are answered sooner.
    expect(ttlsOf(ran)).toEqual([1, 1, 2, 2, 2, 3, 4])
    expect(hopsOf(ran).toSorted()).toEqual(['1 10.0.0.254 0.200', '1 10.0.0.254 50.200', '3 10.0.2.1 0.700'])
    const again = { ...FAR_WORLD, mischief: { '10.0.9.9:80': { againMs: [1, 2] } } }
    expect(ttlsOf(await run(`-T -S -p 80 --tr-stop -i 20ms -n ${FAR}`, again))).toEqual([1, 2, 2, 2, 3, 4])
  })

  it('passes no hop over, wherever routers are silent, and answers lost or late', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 10 }),
        fc.uniqueArray(fc.nat(20)),
        fc.array(fc.nat(20)),
        fc.constantFrom('5ms', '80ms'),
        fc.boolean(),
        async (speak, lost, probes, interval, stops) => {
          const hops = speak.map((does, i) => (does ? { address: `10.0.7.${i + 1}` } : {}))
          const mischief = { '10.0.9.9:80': { lost, lateMs: 60, probes: [...probes, ...lost] } }
          const command = `-T -S -p 80 -c 40 -n -i ${interval}${stops ? ' --tr-stop' : ''} ${FAR}`
          const ran = await run(command, { ...FAR_WORLD, hops: { [FAR]: hops }, mischief })
          const ttls = ttlsOf(ran)
          expect(ttls[0]).toBe(1)
          for (const [i, ttl] of ttls.slice(1).entries()) expect([0, 1]).toContain(ttl - (ttls[i] ?? 0))
          for (let ttl = 1; ttl < Math.max(...ttls); ttl++) {
            const asked = ttls.filter((each) => each === ttl).length
            const isTold = hopsOf(ran).some((hop) => hop.startsWith(`${ttl} `))
            // A target whose answers are late lets the climb go on behind it.
            if (!isTold && ttl <= hops.length) expect(asked).toBe(3)
            expect(asked).toBeLessThanOrEqual(3)
          }
          const { sent, received } = countsOf(ran.stderr)
          expect(sent).toBe(ttls.length)
          expect(received).toBeLessThanOrEqual(sent)
          if (stops && received > 0 && ran.stdout.includes('flags=SA'))
            expect(ran.stdout.match(/flags=SA/g)).toHaveLength(1)
        },
      ),
      { numRuns: 40, endOnFailure: true },
    )
  })

  it('stays at the highest TTL there is', async () => {
    const { io } = await run('-T -S -p 24 -t 254 -c 9 -i 5ms 10.0.0.2', FAR_WORLD)
    expect(ttlsOf({ io })).toEqual([254, 254, 254, 255, 255, 255, 255, 255, 255])
  })

  it('is led by Ctrl-Z', async () => {
    const ran = await run(`-T -S -p 80 -c 5 -i 100ms -n ${FAR}`, FAR_WORLD, { suspendMs: [50] })
    expect(ran.taken).toEqual([true])
    // The answer of the first hop raised it to 2, the stroke to 3.
    expect(ttlsOf(ran)).toEqual([1, 3, 4, 4, 4])
    expect(ran.stdout).toContain('\b\b\b\b\b\b\b\b\b3: hop=3 ')
  })
})
