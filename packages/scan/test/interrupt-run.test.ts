import type { World } from '@portkit/core/sim'
import fc from 'fast-check'
import { XMLValidator } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { readResult } from '../src/results/read-result.ts'
import { OPEN, PLAIN_USER, portsOf, range, rejects, STEALTH, scan, worldOf } from './kit.ts'

const SLOW_SSH = {
  does: 'accept',
  afterMs: 5,
  peer: { kind: 'greeting', text: 'SSH-2.0-x\r\n' },
} as const

/** Names, hosts that are down, beyond routers, silent ports, services that take their time. */
const WORLD: World = worldOf(
  {
    ...portsOf('10.0.0.2', range(1, 30), STEALTH),
    '10.0.0.2:22': SLOW_SSH,
    '10.0.0.2:25': rejects(),
    ...portsOf('10.9.9.9', range(1, 20), OPEN),
    '[fd00::2]:22': OPEN,
  },
  {
    addresses: ['10.0.0.1', 'fd00::1'],
    hosts: { 'db.lan': ['10.0.0.2'] },
    names: { '10.0.0.2': 'ptr.lan' },
    machines: { '10.0.0.99': { isAbsent: true } },
    hops: { '10.9.9.9': [{ address: '10.0.0.254', afterMs: 3 }] },
    datagrams: { '10.0.0.2:53': { does: 'echo' }, '10.0.0.2:7': { does: 'drop' } },
  },
)
const HOSTS = 'db.lan 10.0.0.99 10.9.9.9 fd00::2'

const RUNS = [
  ['-p 1-40', WORLD],
  ['-sT -p 1-40', { ...WORLD, ...PLAIN_USER }],
  ['-sSU -p 1-40', WORLD],
  ['-sV -p 1-40', WORLD],
  ['-sn -R', WORLD],
  ['-sL', WORLD],
  ['-p 1-40 -v --stats-every 1s --max-rate 20', WORLD],
  ['-p 1-40 --packet-trace', { ...WORLD, terminal: { columns: 60, rows: 20 } }],
] as const

const FILES = '-oN a.nmap -oX a.xml -oG a.gnmap -oJ a.json -oD a.ndjson --checkpoint a.state'

describe('Ctrl-C', () => {
  it.each(RUNS)('at any moment of %s ends it with whole files, and what is known', async (words, world) => {
    const whole = await scan(`${words} ${HOSTS}`, world)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1100 }), async (permille) => {
        const interruptMs = (permille / 1000) * whole.elapsedMs
        const { status, out, err, file, elapsedMs } = await scan(`${words} ${HOSTS} ${FILES}`, world, {
          interruptMs,
        })
        const isCut = out.includes('Stopped early (SIGINT)')
        expect(status).toBe(isCut ? 130 : 0)
        expect(err).not.toMatch(/internal|undefined|NaN/)
        // Nobody waits for answers any more.
        if (isCut) expect(elapsedMs).toBeLessThanOrEqual(interruptMs + 1)
        await expectWholeFiles(file, isCut)
      }),
      { numRuns: 10, endOnFailure: true },
    )
  })

  it('tells the states that are known, and how many ports have none', async () => {
    const { out, file } = await scan('-n -p 1-40 10.0.0.2 -oJ a.json', WORLD, { interruptMs: 60 })
    expect(out).toContain('Interrupted while scanning 10.0.0.2: 28 of 40 ports without a verdict.\n')
    expect(out).toContain('22/tcp open ')
    const { hosts } = await readResult(file('a.json'), 'a.json')
    expect(hosts[0]).toMatchObject({ ended: 'interrupted', unasked: 28 })
  })

  it.each([
    ['targets', '-p 22 db.lan'],
    ['hosts', '-p 22 10.0.0.2'],
    ['hosts that are listed only', '-sL 10.0.0.2-9'],
  ])('while names of %s are asked for does not wait for the answers', async (_, words) => {
    const happening = { interruptMs: 1000, namesAfterMs: Number.POSITIVE_INFINITY }
    const { status, elapsedMs, out, file } = await scan(`${words} ${FILES}`, WORLD, happening)
    expect(status).toBe(130)
    expect(elapsedMs).toBeLessThan(1001)
    expect(out).toContain('Stopped early (SIGINT)')
    await expectWholeFiles(file, true)
  })

  it('while targets are typed does not wait for more of them', async () => {
    const world: World = { ...WORLD, stdin: [{ write: '10.0.0.2\n' }, 'open'] }
    const { status, elapsedMs } = await scan('-n -sn -iL -', world, { interruptMs: 1000 })
    expect(status).toBe(130)
    expect(elapsedMs).toBeLessThan(1001)
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('or %s has its own status', async (signal, status) => {
    const ran = await scan('-n -p 1-40 10.0.0.2', WORLD, { interruptMs: 50, signal })
    expect(ran.status).toBe(status)
    expect(ran.out).toContain(`Stopped early (${signal})`)
  })

  it('before anything began asks nothing', async () => {
    const { status, io, out } = await scan(`-p 1-40 ${HOSTS}`, WORLD, { interruptMs: 0 })
    expect(status).toBe(130)
    expect(io.wire.length).toBeLessThanOrEqual(8)
    expect(out).not.toContain(' open ')
  })
})

async function expectWholeFiles(file: (path: string) => string, isCut: boolean): Promise<void> {
  expect(XMLValidator.validate(file('a.xml'))).toBe(true)
  const results = await Promise.all(
    ['a.xml', 'a.json', 'a.ndjson'].map(async (name) => readResult(file(name), name)),
  )
  for (const { end, warnings } of results) {
    expect(warnings).toEqual([])
    expect(end?.cut).toBe(isCut ? 'SIGINT' : undefined)
  }
  const [, json, ndjson] = results.map(({ hosts }) =>
    hosts.map(({ address, ports }) => [address, [...(ports?.rows() ?? [])].length]),
  )
  expect(ndjson).toEqual(json)
  for (const name of ['a.nmap', 'a.gnmap']) expect(file(name)).toMatch(/\n# (Nmap done|Stopped early).*\n$/)
}
