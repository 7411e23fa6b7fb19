import { describeLab, PORTS } from '@portkit/lab/vitest'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { nodeClock } from '../src/io/node/node-clock.ts'
import { createPackets } from '../src/io/packets-io.ts'
import type { PortState } from '../src/model/observation.ts'
import { classify } from '../src/model/verdict.ts'
import { runScan, type ScanOutcome } from '../src/run/exchange/scan.ts'
import { NEVER, syns } from './exchange-kit.ts'
import { enter } from './namespace-kit.ts'

type State = PortState | 'silent'

const ALL = 65_535
const DROPPED = Array.from({ length: 1000 }, (_, i) => 10_000 + i)

/** What a prober sees of the lab's ports. */
const SEEN_OF = {
  hold: 'open',
  http: 'open',
  tls: 'open',
  reset: 'open',
  silent: 'open',
  late: 'open',
  chatty: 'open',
  full: 'silent',
  nothing: 'closed',
  'tcp-reset': 'closed',
  stealth: 'silent',
  'host-unreachable': 'filtered',
  'port-unreachable': 'filtered',
  'admin-prohibited': 'filtered',
  'no-route': 'filtered',
} as const satisfies Record<(typeof PORTS)[keyof typeof PORTS]['does'], State>

/** The ports from 1 on that are not closed, with their states. */
function notClosed(count: number, dropped: readonly number[]): ReadonlyMap<number, State> {
  const special = Object.values(PORTS).map(({ port, does }) => [port, SEEN_OF[does]] as const)
  const all = [...special, ...dropped.map((port) => [port, 'silent'] as const)]
  return new Map(all.filter(([port, state]) => port <= count && state !== 'closed').sort(([a], [b]) => a - b))
}

describeLab('a scan of a real host', { needs: ['nft'] }, (lab) => {
  const packets = createPackets(nodeClock)
  const nft = async (...rules: readonly string[]): Promise<void> => {
    const { status, stderr } = await lab.exec('nft', [rules.join('; ')], { as: 'target' })
    expect([status, stderr]).toEqual([0, ''])
  }
  const out = (rule: string): Promise<void> =>
    nft(
      'add table inet scanned',
      'add chain inet scanned out { type filter hook output priority 0; policy accept; }',
      `add rule inet scanned out ${rule}`,
    )
  let leave: () => void
  beforeAll(async () => {
    await nft(`add element inet lab stealth { ${DROPPED.join(', ')} }`)
    leave = enter(lab.namespace('probe'))
  })
  afterAll(() => leave?.())
  afterEach(() => nft('add table inet scanned', 'delete table inet scanned'))

  const scan = async (
    to: string,
    count: number,
  ): Promise<{ outcome: ScanOutcome; found: ReadonlyMap<number, State> }> => {
    const family = to.includes(':') ? 6 : 4
    const route = await packets.route({ address: to, family }, {})
    const probe = syns()
    const interests = [probe.interest]
    const request = { backend: 'kernel', interests, departures: true, snapLength: 256 } as const
    const channel = await packets.open({ ...request, families: [family] })
    const states = new Map<number, State>()
    const outcome = await runScan({
      channel,
      clock: nodeClock,
      probes: [probe],
      count,
      aimOf: (k) => ({ probe, route, port: k + 1, ttl: 64 }),
      listener: (shotOf) => ({
        answered(index, { kind, observe }) {
          const port = shotOf(index)?.port ?? 0
          if (kind !== 'again') states.set(port, classify(observe(), probe.method).state)
        },
      }),
      signal: NEVER,
    })
    expect(channel.fault()).toBeUndefined()
    channel.close()
    const found = new Map<number, State>()
    for (let port = 1; port <= count; port++) {
      const state = states.get(port) ?? 'silent'
      expect(outcome.fateOf(port - 1)).toBe(state === 'silent' ? 'unanswered' : 'answered')
      if (state !== 'closed') found.set(port, state)
    }
    return { outcome, found }
  }

  it.each([
    ['IPv4', lab.target.address4],
    ['IPv6', lab.target.address6],
  ])('finds each of 65,535 ports, a thousand of them dropped, over %s', async (_, address) => {
    const { outcome, found } = await scan(address, ALL)
    expect(found).toEqual(notClosed(ALL, DROPPED))
    expect(outcome).toMatchObject({ end: 'complete', unanswered: DROPPED.length + 2, refused: 0 })
  })

  it('finds each where three answers in a hundred are lost', async () => {
    await out('numgen random mod 100 < 3 drop')
    const { outcome, found } = await scan(lab.target.address4, 20_000)
    expect(found).toEqual(notClosed(20_000, DROPPED))
    expect(outcome.passes).toBeGreaterThan(3)
  })

  it.each([50, 5])('finds each where 500 resets a second are sent, %d at once', async (burst) => {
    await out(`tcp flags & rst == rst limit rate over 500/second burst ${burst} packets drop`)
    const { outcome, found } = await scan(lab.target.address4, 2000)
    expect(found).toEqual(notClosed(2000, []))
    expect(outcome.passes).toBeGreaterThan(3)
  })
})
