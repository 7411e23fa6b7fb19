import type { Resolver } from '@portkit/core'
import { expect, it } from 'vitest'
import { reverseNames } from '../src/hosts/names.ts'
import type { ScanEvent } from '../src/model/event.ts'
import { world } from './discover-kit.ts'
import { inTime } from './packet-gun-kit.ts'

const NEVER = new AbortController().signal

function look(
  addresses: readonly string[],
  reverse: Resolver['reverse'],
  more: { readonly signal?: AbortSignal; readonly most?: number } = {},
) {
  const io = world()
  const events: ScanEvent[] = []
  const dns = { lookup: io.dns.lookup, reverse }
  const names = reverseNames(addresses, {
    io: { dns, clock: io.clock },
    signal: NEVER,
    emit: (event) => events.push(event),
    ...more,
  })
  return { io, events, names: inTime(io, names) }
}

const hang = (): Promise<undefined> => new Promise(() => {})

it('gives the names that there are, in the order of the addresses', async () => {
  const { events, names } = look(['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.1'], async (address) =>
    address === '10.0.0.2' ? undefined : `host-${address.slice(-1)}.example`,
  )
  expect([...(await names)]).toEqual([
    ['10.0.0.1', 'host-1.example'],
    ['10.0.0.3', 'host-3.example'],
  ])
  const titles = events.flatMap((event) => ('phase' in event ? [`${event.kind} ${event.phase.title}`] : []))
  expect(titles).toEqual([
    'phase Parallel DNS resolution of 3 hosts.',
    'phase-end Parallel DNS resolution of 3 hosts.',
  ])
})

it('says nothing where there is nothing to ask', async () => {
  const { events, names } = look([], hang)
  expect((await names).size).toBe(0)
  expect(events).toEqual([])
})

it('waits two seconds in all where nobody answers, however many are asked', async () => {
  const addresses = Array.from({ length: 5000 }, (_, i) => `10.1.${i >> 8}.${i & 255}`)
  let asked = 0
  const { io, names } = look(addresses, () => {
    asked += 1
    return hang()
  })
  expect((await names).size).toBe(0)
  expect(io.clock.nowNs()).toBe(2e9)
  expect(asked).toBe(128)
})

it('goes on behind addresses whose servers are silent', async () => {
  const { names } = look(
    ['10.0.0.1', '10.0.0.2', '10.0.0.3'],
    (address) => (address === '10.0.0.1' ? hang() : Promise.resolve(`h${address}`)),
    { most: 2 },
  )
  expect([...(await names).keys()]).toEqual(['10.0.0.2', '10.0.0.3'])
})

it('asks no more at once than it may', async () => {
  let open = 0
  let most = 0
  const { names } = look(
    Array.from({ length: 50 }, (_, i) => `10.0.0.${i}`),
    async () => {
      open += 1
      most = Math.max(most, open)
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
      open -= 1
      return 'name'
    },
    { most: 7 },
  )
  expect((await names).size).toBe(50)
  expect(most).toBe(7)
})

it('ends at once when it is interrupted, and tells those who look up', async () => {
  const control = new AbortController()
  const told: boolean[] = []
  const { io, names } = look(
    ['10.0.0.1'],
    (_address, signal) => {
      signal?.addEventListener('abort', () => told.push(true))
      return hang()
    },
    { signal: control.signal },
  )
  void io.clock.sleep(10).then(() => control.abort('SIGINT'))
  expect((await names).size).toBe(0)
  expect([io.clock.nowNs(), told]).toEqual([1e7, [true]])
})

it('takes a look-up that fails for an address without a name', async () => {
  const { names } = look(['10.0.0.1'], () => Promise.reject(new Error('broken')))
  expect((await names).size).toBe(0)
})
