import type { World } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { expectPlainPorts, jsonTeller } from '../../core/test/json-runs.ts'
import { HPING, OPEN, PLAIN, world } from './sim-kit.ts'

const FAR = world({ hops: { '10.0.0.2': [{ address: '10.0.0.254' }, {}] } })
const SIX = world({ ports: { '[fd00::2]:22': OPEN } })

const told = jsonTeller(HPING)

describe('--json', () => {
  it.each<readonly [string, World, number]>([
    ['-S -p 22 -c 2 -i 10ms 10.0.0.2', PLAIN, 0],
    ['-S -p 24 -c 2 -i 10ms 10.0.0.2', PLAIN, 1],
    ['-S -p ++22 -c 6 -i 10ms db.lan', PLAIN, 0],
    ['-A -p 22 -c 2 -i 10ms 10.0.0.2', PLAIN, 0],
    ['-2 -p 53 -c 2 -i 10ms 10.0.0.2', PLAIN, 0],
    ['-2 -p 69 -c 2 -i 10ms 10.0.0.2', PLAIN, 1],
    ['-2 -p 70 -c 2 -i 10ms 10.0.0.2', PLAIN, 0],
    ['-1 -c 2 -i 10ms 10.0.0.2', PLAIN, 0],
    ['-1 -C 13 -c 2 -i 10ms 10.0.0.2', PLAIN, 0],
    ['-S -p 22 -c 2 -i 10ms fd00::2', SIX, 0],
    ['-1 -c 2 -i 10ms fd00::2', SIX, 0],
    ['-2 -p 53 -d 3000 -c 2 -i 10ms 10.0.0.2', PLAIN, 0],
  ])(
    'has a record for each packet, for each port and for all: hping-ts %s',
    async (command, there, status) => {
      const ran = await told(command, there)
      expect([ran.stderr, ran.status]).toEqual(['', status])
      const [total] = ran.of('total')
      const { length } = ran.of('probe')
      expect(length).toBe(Number(total?.sent))
      expect(ran.types).toEqual([
        ...Array.from({ length }, () => 'probe'),
        ...ran.of('verdict').map(() => 'verdict'),
        'total',
      ])
      const sums = (field: string) =>
        ran.of('verdict').reduce((sum, verdict) => sum + Number(verdict[field]), 0)
      expect([sums('sent'), sums('received')]).toEqual([total?.sent, total?.received])
      const numbers = ran.of('probe').map(({ seq }) => Number(seq))
      expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => i + 1))
    },
  )

  it('tells states, times and who answered', async () => {
    const { of } = await told('-S -p ++22 -c 3 -i 10ms db.lan')
    expectPlainPorts(of)
  })

  it('has what an ICMP error said, and who', async () => {
    const icmp = { does: 'icmp', type: 3, code: 13, from: '10.0.0.254', afterMs: 0.4 } as const
    const { of } = await told('-S -p 22 -c 1 10.0.0.2', world({ ports: { '10.0.0.2:22': icmp } }))
    expect(of('probe')).toMatchObject([
      { state: 'filtered', icmp: { type: 3, code: 13, from: '10.0.0.254' } },
    ])
    expect(of('verdict')).toMatchObject([{ reason: 'admin-prohibited', from: '10.0.0.254' }])
  })

  it('tells a packet once, whatever comes later, and counts that', async () => {
    const mischief = { '10.0.0.2:22': { againMs: [5] }, '10.0.0.2:23': { lateMs: 11_000 } }
    const { of } = await told('-S -p ++22 -c 14 10.0.0.2', world({ mischief }))
    expect(of('probe')).toHaveLength(14)
    expect(of('total')).toMatchObject([{ sent: 14, received: 12, again: 1, late: 1 }])
    expect(of('verdict').slice(0, 3)).toMatchObject([
      { state: 'open' },
      { state: 'closed' },
      { state: 'filtered' },
    ])
  })

  it('has the hops of a traceroute in the verdict, silent ones too', async () => {
    const { of } = await told('-T -S -p 22 --tr-stop -i 100ms 10.0.0.2', FAR)
    expect(of('verdict')).toMatchObject([
      {
        state: 'open',
        sent: 5,
        hops: [
          { ttl: 1, from: '10.0.0.254' },
          { ttl: 2, from: null, rttMs: null },
          { ttl: 3, from: '10.0.0.2' },
        ],
      },
    ])
    expect(of('probe').find(({ seq }) => seq === 1)).toMatchObject({ reason: 'time-exceeded' })
  })

  it('has the hops as far as they are known when Ctrl-C comes', async () => {
    const { of, status } = await told('-T -S -p 22 -i 100ms 10.0.0.2', FAR, { interruptMs: 250 })
    expect(of('verdict')).toMatchObject([{ hops: [{ ttl: 1 }, { ttl: 2, from: null }] }])
    expect(status).toBe(0)
  })

  it('has of a scan a record for each packet, for each port and for all', async () => {
    const { of, types, stderr } = await told('--scan 22-30 -S 10.0.0.2')
    expect(stderr).toBe('')
    expect(
      of('verdict')
        .map(({ port, state }) => `${port} ${state}`)
        .slice(0, 4),
    ).toEqual(['22 open', '23 closed', '24 filtered', '25 closed'])
    expect(of('verdict')).toHaveLength(9)
    expect(
      of('probe')
        .filter(({ port }) => port === 24)
        .map(({ seq }) => seq),
    ).toHaveLength(3)
    expect(types.at(-1)).toBe('total')
    expect(of('total')).toMatchObject([{ sent: 11, received: 8, lost: 3 }])
  })

  it('has of an interrupted scan what was found', async () => {
    const { of, status } = await told('--scan 22-40 -S -i 10ms 10.0.0.2', PLAIN, { interruptMs: 15 })
    expect(of('verdict').map(({ port }) => port)).toEqual([22, 23])
    expect(of('total')).toMatchObject([{ sent: 2, interrupted: true }])
    expect(status).toBe(0)
  })

  it('has an error for a name that does not resolve', async () => {
    const { types, of, status } = await told('-S -p 22 nobody.lan')
    expect(types).toEqual(['error'])
    expect(of('error')).toMatchObject([{ code: 'ENOTFOUND', host: 'nobody.lan' }])
    expect(status).toBe(2)
  })

  it('has an error for each packet that could not be sent, and for what ends the run', async () => {
    const failures = [0, 1].map((packet) => ({ packet, does: 'fault', code: 'EPERM' }) as const)
    const refused = await told('-S -p 22 -c 3 -i 10ms 10.0.0.2', world({ link: { failures } }))
    expect(refused.of('error')).toMatchObject([
      { code: 'EPERM', port: 22, seq: 1 },
      { code: 'EPERM', port: 22, seq: 2 },
    ])
    expect(refused.of('total')).toMatchObject([{ sent: 1, refused: 2 }])
    const down = await told('-S -p 22 -c 5 -i 10ms 10.0.0.2', world({ link: { downAtMs: 15 } }))
    expect(down.types.slice(-3)).toEqual(['error', 'verdict', 'total'])
    expect(down.of('error').at(-1)).toMatchObject({ code: 'ENETDOWN' })
    expect(down.status).toBe(2)
  })

  it('has an error when nothing can be sent at all', async () => {
    const { types, status } = await told('-S -p 22 10.0.0.2', world({ packetAccess: false }))
    expect([types, status]).toEqual([['error'], 2])
  })

  it('keeps what people read out of standard output', async () => {
    const { records, stderr } = await told('-S -p 22 -c 1 -V -q -n 10.0.0.2')
    expect(records).toHaveLength(3)
    expect(stderr.trim().split('\n').toSorted()).toEqual([
      'hping-ts: -V means nothing with --json',
      'hping-ts: -n means nothing with --json',
      'hping-ts: -q means nothing with --json',
    ])
  })
})
