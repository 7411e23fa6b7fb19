import { describe, expect, it } from 'vitest'
import { nodeClock } from '../src/io/node/node-clock.ts'
import { createRandom } from '../src/io/node/random.ts'
import type { BackendChoice, PacketBackend, PacketChannel, PacketRequest, Route } from '../src/io/packets.ts'
import { createPackets, type PacketSources } from '../src/io/packets-io.ts'
import { capabilityMissing, privilegeOf } from '../src/io/privilege.ts'
import { LocalFault } from '../src/model/errors.ts'

const WHY = 'the package raw-socket is not installed'
const WAY: Route = {
  family: 4,
  source: '10.0.0.1',
  destination: '10.0.0.2',
  interfaceName: undefined,
  interfaceIndex: 0,
  gateway: undefined,
  hardwareAddress: undefined,
  mtu: 1500,
}

function channelOf(backend: PacketBackend): PacketChannel {
  return {
    backend,
    clock: 'process',
    wallOffsetNs: () => 0n,
    send: () => ({ sent: 0, fault: undefined }),
    drain: () => 0,
    ready: async () => {},
    dropped: () => 0,
    fault: () => undefined,
    close: () => {},
  }
}

/** Which backends are there, and what was looked at. */
function sourcesWith(present: readonly PacketBackend[], hasNetRaw = true) {
  const looked: string[] = []
  const sources: PacketSources = {
    async kernel() {
      looked.push('kernel')
      if (!present.includes('kernel')) return undefined
      const route = async () => ({ ...WAY, gateway: '10.0.0.254' })
      return { open: async () => channelOf('kernel'), route }
    },
    async rawSocket() {
      looked.push('raw-socket')
      if (!present.includes('raw-socket')) return { kind: 'missing', why: WHY }
      return { kind: 'ready', open: async () => channelOf('raw-socket') }
    },
    route: async () => WAY,
    privilege: async () => ({ hasNetRaw, isRoot: false, why: capabilityMissing({ isRoot: false }) }),
  }
  return { packets: createPackets(nodeClock, sources), sources, looked }
}

const request = (backend: BackendChoice): PacketRequest => ({
  backend,
  families: [4],
  interests: [{ protocol: 'tcp' }],
  departures: false,
  snapLength: 128,
})

describe('the choice of a backend', () => {
  it.each([
    ['auto', ['kernel', 'raw-socket'], 'kernel', ['kernel']],
    ['auto', ['raw-socket'], 'raw-socket', ['kernel', 'raw-socket']],
    ['kernel', ['kernel', 'raw-socket'], 'kernel', ['kernel']],
    ['raw-socket', ['kernel', 'raw-socket'], 'raw-socket', ['raw-socket']],
  ] as const)(
    'takes for %s, where there are %j, %s and looks at no more than %j',
    async (choice, present, backend, seen) => {
      const { packets, looked } = sourcesWith(present)
      expect((await packets.open(request(choice))).backend).toBe(backend)
      expect(looked).toEqual(seen)
      expect(await packets.obstacle(choice)).toBeUndefined()
    },
  )

  it.each([
    [
      'auto',
      [],
      [
        /CAP_NET_RAW/,
        /koffi/,
        /raw-socket is not installed/,
        /--include=optional/,
        /a mode that needs no raw packets/,
      ],
    ],
    ['kernel', ['raw-socket'], [/the kernel backend/, /koffi/, /Linux/]],
    ['raw-socket', ['kernel'], [/the raw-socket backend/, /raw-socket is not installed/]],
  ] as const)(
    'says for %s, where there are %j, what is missing and what to do',
    async (choice, present, patterns) => {
      const { packets } = sourcesWith(present)
      const obstacle = await packets.obstacle(choice)
      expect(obstacle).toMatchObject({ name: 'LocalFault', code: 'ENOTSUP' })
      for (const pattern of patterns) expect(obstacle?.message).toMatch(pattern)
      expect(obstacle?.message).not.toContain('\n')
      await expect(packets.open(request(choice))).rejects.toEqual(obstacle)
    },
  )

  it('names the privilege only where a backend is there', async () => {
    const codes = await Promise.all(
      ([['kernel'], []] as const).map(
        async (present) => (await sourcesWith(present, false).packets.obstacle('auto'))?.code,
      ),
    )
    expect(codes).toEqual(['EPERM', 'ENOTSUP'])
  })

  it.each([
    ['a privilege that is missing', false, 'EPERM', /^raw packets need CAP_NET_RAW/],
    ['a privilege that is there and of no use', true, 'EPERM', /^theirs$/],
    ['anything else', false, 'ENODEV', /^theirs$/],
  ])('tells of %s when a backend cannot be opened', async (_, hasNetRaw, code, words) => {
    const { sources } = sourcesWith(['kernel'], hasNetRaw)
    const open = () => Promise.reject(new LocalFault(code, 'theirs'))
    const packets = createPackets(nodeClock, {
      ...sources,
      kernel: async () => ({ open, route: async () => WAY }),
    })
    const opening = packets.open(request('auto'))
    await expect(opening).rejects.toMatchObject({ code, message: expect.stringMatching(words) })
  })

  it('asks the kernel for the way, and the portable one where there is none', async () => {
    const to = { address: '10.0.0.2', family: 4 } as const
    expect((await sourcesWith(['kernel']).packets.route(to, {})).gateway).toBe('10.0.0.254')
    expect(await sourcesWith([]).packets.route(to, {})).toEqual(WAY)
  })
})

describe('privileges', () => {
  const status = (capabilities: string): string =>
    `Name:\tnode\nCapPrm:\tffffffffffffffff\nCapEff:\t${capabilities}\nCapBnd:\t0\n`

  it.each([
    ['root with all', status('000001ffffffffff'), true, true],
    ['root in a container without it', status('00000000a80405fb'), true, false],
    ['a user with it alone', status('0000000000002000'), false, true],
    ['a user', status('0000000000000000'), false, false],
    ['root on a system that does not say', undefined, true, true],
    ['a user on a system that does not say', undefined, false, false],
  ])('of %s', (_, text, isRoot, hasNetRaw) => {
    expect(privilegeOf(text, isRoot)).toEqual({ isRoot, hasNetRaw })
  })

  it('are explained to root, who lacks one, other than to a user', () => {
    expect(capabilityMissing({ isRoot: true })).toMatch(/CAP_NET_RAW.*container.*NET_RAW/)
    expect(capabilityMissing({ isRoot: true })).not.toContain('run as root')
    expect(capabilityMissing({ isRoot: false })).toMatch(/CAP_NET_RAW.*run as root/)
  })
})

describe('random numbers', () => {
  it('come in the order in which the system gave them, and are fetched again when they are used up', () => {
    let fetched = 0
    const random = createRandom((into) => {
      for (const i of into.keys()) into[i] = 0xffff_0000 + fetched++
    })
    expect(fetched).toBe(0)
    const numbers = Array.from({ length: 1000 }, random)
    expect(numbers).toEqual(numbers.map((_, i) => 0xffff_0000 + i))
  })

  it('differ', () => {
    const random = createRandom()
    const numbers = Array.from({ length: 1000 }, random)
    expect(new Set(numbers).size).toBeGreaterThan(990)
    expect(numbers.every((n) => Number.isInteger(n) && n >= 0 && n < 2 ** 32)).toBe(true)
    expect(numbers.some((n) => n >= 2 ** 31)).toBe(true)
  })
})
