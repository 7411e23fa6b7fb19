import type { Behaviour, DatagramBehaviour, Mischief, World } from '@portkit/core/sim'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readResult } from '../src/results/read-result.ts'
import { OPEN, PLAIN_USER, rejects, type Scanned, STEALTH, scan, worldOf } from './kit.ts'

type Does = 'open' | 'closed' | 'silent' | 'rejected'
type Trouble = 'none' | 'lost' | 'again' | 'late'

/** A port: what it does, and what goes wrong on the way to it or back. */
const PORT = fc.record({
  port: fc.integer({ min: 1, max: 65_535 }),
  does: fc.constantFrom<Does>('open', 'closed', 'silent', 'rejected'),
  trouble: fc.constantFrom<Trouble>('none', 'none', 'none', 'lost', 'again', 'late'),
})
type Port = typeof PORT extends fc.Arbitrary<infer T> ? T : never

const HOST = fc.constantFrom('10.0.0.2', '10.9.9.9', 'fd00::2')
const PORTS = fc.uniqueArray(PORT, { minLength: 1, maxLength: 80, selector: ({ port }) => port })

const KINDS = {
  '-sS': { open: 'open', closed: 'closed', silent: 'filtered', rejected: 'filtered' },
  '-sT': { open: 'open', closed: 'closed', silent: 'filtered', rejected: 'filtered' },
  '-sA': { open: 'unfiltered', closed: 'unfiltered', silent: 'filtered', rejected: 'filtered' },
  '-sF': { open: 'open|filtered', closed: 'closed', silent: 'open|filtered', rejected: 'filtered' },
  '-sU': { open: 'open', closed: 'closed', silent: 'open|filtered', rejected: 'filtered' },
} as const satisfies Record<string, Record<Does, string>>
type Kind = keyof typeof KINDS
const KIND = fc.constantFrom<Kind>('-sS', '-sT', '-sA', '-sF', '-sU')

const TROUBLE: Readonly<Record<Trouble, Mischief>> = {
  none: {},
  lost: { lost: [0] },
  again: { againMs: [0.05, 20] },
  late: { lateMs: 60 },
}

function worldWith(address: string, ports: readonly Port[]): World {
  const isSix = address.includes(':')
  const at = (port: number): string => (isSix ? `[${address}]:${port}` : `${address}:${port}`)
  const router = isSix ? 'fd00::fe' : '10.0.0.254'
  const icmp = rejects(isSix ? 1 : 13, router)
  const tcp: Record<Does, Behaviour> = {
    open: OPEN,
    closed: { does: 'refuse', afterMs: 0.2 },
    silent: STEALTH,
    rejected: icmp,
  }
  const udp: Record<Does, DatagramBehaviour> = {
    open: { does: 'echo' },
    closed: { does: 'closed' },
    silent: { does: 'drop' },
    rejected: { does: 'icmp', type: isSix ? 1 : 3, code: isSix ? 1 : 13, from: router },
  }
  const connects = (port: Port): Behaviour | readonly Behaviour[] =>
    port.trouble === 'lost' ? [STEALTH, tcp[port.does]] : tcp[port.does]
  return {
    addresses: ['10.0.0.1', 'fd00::1'],
    hops: { '10.9.9.9': [{ address: '10.0.0.254' }] },
    datagrams: Object.fromEntries(ports.map(({ port, does }) => [at(port), udp[does]])),
    mischief: Object.fromEntries(ports.map(({ port, trouble }) => [at(port), TROUBLE[trouble]])),
    ports: Object.fromEntries(ports.map((port) => [at(port.port), connects(port)])),
  }
}

/** Packets meet mischief, connections what their first attempt meets. */
function packetWorld(address: string, ports: readonly Port[]): World {
  const plain = ports.map((port) => ({ ...port, trouble: 'none' }) as const)
  return { ...worldWith(address, ports), ports: worldWith(address, plain).ports }
}

function run(kind: Kind, address: string, ports: readonly Port[], more = ''): Promise<Scanned> {
  const world = kind === '-sT' ? { ...worldWith(address, ports), ...PLAIN_USER } : packetWorld(address, ports)
  const spec = ports.map(({ port }) => port).join(',')
  return scan(`-Pn -n ${kind} -p ${spec} ${address} -oJ a.json ${more}`, worldOf(world.ports, world))
}

async function statesOf({ file }: Scanned, name: string): Promise<readonly string[]> {
  const { hosts, end } = await readResult(file(name), name)
  expect(end?.cut).toBeUndefined()
  return [...(hosts[0]?.ports?.rows() ?? [])].map(({ port, state }) => `${port} ${state}`)
}

describe('a scan', () => {
  it('of any kind has no state wrong, whatever is lost once, comes again or late', async () => {
    await fc.assert(
      fc.asyncProperty(KIND, HOST, PORTS, async (kind, address, ports) => {
        const ran = await run(kind, address, ports)
        const truth = [...ports]
          .sort((a, b) => a.port - b.port)
          .map(({ port, does }) => `${port} ${KINDS[kind][does]}`)
        expect(await statesOf(ran, 'a.json')).toEqual(truth)
        expect(ran.status).toBe(0)
        // Where most first probes were lost, many more may follow in vain.
        expect(ran.err).toMatch(/^(\S+: giving up on .* tr(?:y|ies), though answers still came\n)?$/)
        expect(ran.elapsedMs).toBeLessThan(60_000)
      }),
      { numRuns: 60 },
    )
  })

  it('tells the same in every format', async () => {
    await fc.assert(
      fc.asyncProperty(KIND, HOST, PORTS, async (kind, address, ports) => {
        const ran = await run(kind, address, ports, '-oX a.xml -oD a.ndjson -oG a.gnmap')
        const states = await statesOf(ran, 'a.json')
        expect(await statesOf(ran, 'a.xml')).toEqual(states)
        expect(await statesOf(ran, 'a.ndjson')).toEqual(states)
        const greppable = [...ran.file('a.gnmap').matchAll(/(?<=[ ,])(\d+)\/([a-z|]+)\/(?:tcp|udp)\//g)]
        const shown = greppable.map(([, port, state]) => `${port} ${state}`)
        expect(states).toEqual(expect.arrayContaining(shown))
        expect(shown.filter((one) => one.endsWith(' open'))).toEqual(
          states.filter((one) => one.endsWith(' open')),
        )
      }),
      { numRuns: 25 },
    )
  })

  it('tells the same however often it is run, and whatever the seed', async () => {
    await fc.assert(
      fc.asyncProperty(
        KIND,
        HOST,
        PORTS,
        fc.integer({ min: 0, max: 1e9 }),
        async (kind, address, ports, seed) => {
          const [one, other] = [
            await run(kind, address, ports),
            await run(kind, address, ports, `--seed ${seed}`),
          ]
          expect(await statesOf(other, 'a.json')).toEqual(await statesOf(one, 'a.json'))
        },
      ),
      { numRuns: 15 },
    )
  })
})
