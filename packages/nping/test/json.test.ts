import type { World } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { expectPlainPorts, jsonTeller } from '../../core/test/json-runs.ts'
import { NPING, PLAIN } from './sim-kit.ts'

const FAR: World = { ...PLAIN, hops: { '10.0.0.2': [{ address: '10.0.0.254' }, {}] } }
const SIX: World = { ...PLAIN, ports: { '[fd00::2]:22': { does: 'accept', afterMs: 0.2 } } }

const told = jsonTeller(NPING)

describe('--json', () => {
  it.each<readonly [string, World]>([
    ['--tcp -p 22-24 -c 2 --delay 10ms 10.0.0.2', PLAIN],
    ['--tcp --flags ack -p 22-24 -c 2 --delay 10ms 10.0.0.2', PLAIN],
    ['--udp -p 53,69,70 -c 2 --delay 10ms 10.0.0.2', PLAIN],
    ['--icmp -c 2 --delay 10ms 10.0.0.2', PLAIN],
    ['--arp -c 2 --delay 10ms 10.0.0.2', PLAIN],
    ['--arp -c 2 --delay 10ms fd00::2', PLAIN],
    ['--tcp -p 22,23 -c 2 --delay 10ms fd00::2', SIX],
    ['--tcp-connect -p 22-24 -c 2 --delay 10ms 10.0.0.2', PLAIN],
    ['--udp --unprivileged -p 53,69,70 -c 2 --delay 10ms 10.0.0.2', PLAIN],
  ])('has a record for each probe, for each port and for all: %s', async (command, world) => {
    const privileged = /connect|unprivileged/.test(command) ? '' : '--privileged'
    const { of, types, stderr } = await told(`${privileged} ${command}`, world)
    expect(stderr).toBe('')
    const [total] = of('total')
    expect(of('probe')).toHaveLength(Number(total?.sent))
    expect(types).toEqual([...of('probe').map(() => 'probe'), ...of('verdict').map(() => 'verdict'), 'total'])
    for (const verdict of of('verdict')) {
      const own = of('probe').filter(
        ({ address, port }) => address === verdict.address && port === verdict.port,
      )
      expect(own.map(({ seq }) => seq)).toEqual([1, 2])
      expect(verdict).toMatchObject({ sent: 2, state: own[0]?.state, reason: own[0]?.reason })
    }
  })

  it('tells states, times and who answered', async () => {
    const { of, status } = await told('--privileged --tcp -p 22-24 -c 1 --delay 10ms db.lan')
    expect(status).toBe(0)
    expectPlainPorts(of)
  })

  it.each(['icmp', 'arp'])('has no port where there is none: --%s', async (mode) => {
    const { of } = await told(`--privileged --${mode} -c 1 10.0.0.2`)
    for (const type of ['probe', 'verdict'])
      expect(of(type)).toMatchObject([{ port: null, transport: mode, state: 'up' }])
  })

  it('tells a probe once, whatever comes later, and counts that', async () => {
    const world = {
      ...PLAIN,
      mischief: { '10.0.0.2:22': { againMs: [5] }, '10.0.0.2:23': { lateMs: 60 } },
    }
    const { of } = await told('--privileged --tcp -p 22,23 -c 2 --delay 100ms --timeout 40ms 10.0.0.2', world)
    expect(of('probe').map(({ port, state }) => `${port} ${state}`)).toEqual([
      '22 open',
      '23 filtered',
      '22 open',
      '23 filtered',
    ])
    expect(of('total')).toMatchObject([{ received: 2, lost: 2, again: 2, late: 1 }])
    expect(of('verdict')).toMatchObject([{ state: 'open' }, { state: 'closed' }])
  })

  it('has the hops of a traceroute in the verdict', async () => {
    const { of } = await told('--privileged --tcp --traceroute -p 22 --delay 500ms 10.0.0.2', FAR)
    expect(of('verdict')).toMatchObject([
      {
        state: 'open',
        hops: [{ ttl: 1, from: '10.0.0.254' }, { ttl: 2, from: null, rttMs: null }, { ttl: 3 }],
      },
    ])
    expect(of('probe').find(({ seq }) => seq === 1)).toMatchObject({
      state: 'unknown',
      reason: 'time-exceeded',
      icmp: { from: '10.0.0.254' },
    })
  })

  it('leaves out the probes when less is asked for', async () => {
    const { types } = await told('--privileged --tcp -p 22-24 -q --delay 10ms 10.0.0.2')
    expect(types).toEqual(['verdict', 'verdict', 'verdict', 'total'])
  })

  it('knows no state where nobody listened', async () => {
    const { of, types } = await told('--privileged --tcp -p 22 -c 2 --no-capture --delay 10ms 10.0.0.2')
    expect(types).toEqual(['verdict', 'total'])
    expect(of('verdict')).toMatchObject([{ state: null, word: null, reason: null, sent: 2, received: 0 }])
  })

  it('says that it was interrupted, and nothing of what was not settled', async () => {
    const { of, types } = await told('--privileged --tcp -p 24 -c 0 --delay 10ms 10.0.0.2', PLAIN, {
      interruptMs: 25,
    })
    expect(types).toEqual(['verdict', 'total'])
    expect(of('verdict')).toMatchObject([{ state: null, sent: 3 }])
    expect(of('total')).toMatchObject([{ sent: 3, interrupted: true, elapsedMs: 25 }])
  })

  it('has an error for a name that does not resolve, alone or beside others', async () => {
    const beside = await told('--privileged --tcp -p 22 -c 1 nobody.lan 10.0.0.2')
    expect(beside.types).toEqual(['error', 'probe', 'verdict', 'total'])
    expect(beside.of('error')).toMatchObject([{ code: 'ENOTFOUND', host: 'nobody.lan' }])
    expect(beside.stderr).toMatch(/nobody\.lan/)
    const alone = await told('--privileged --tcp -p 22 nobody.lan')
    expect(alone.types).toEqual(['error'])
    expect(alone.status).toBe(2)
  })

  it('has an error for each probe that could not be sent, and for what ends the run', async () => {
    const refused = await told('--privileged --tcp -p 22 -c 2 --delay 10ms 10.0.0.2,3', {
      ...PLAIN,
      routes: { '10.0.0.3': 'ENETUNREACH' },
    })
    expect(refused.of('error')).toMatchObject([
      { code: 'ENETUNREACH', address: '10.0.0.3', port: 22, seq: 1 },
      { code: 'ENETUNREACH', address: '10.0.0.3', port: 22, seq: 2 },
    ])
    expect(refused.of('total')).toMatchObject([{ sent: 2, refused: 2 }])
    const down = await told('--privileged --tcp -p 22 -c 5 --delay 10ms 10.0.0.2', {
      ...PLAIN,
      link: { downAtMs: 15 },
    })
    expect(down.types.slice(-3)).toEqual(['error', 'verdict', 'total'])
    expect(down.of('error').at(-1)).toMatchObject({ code: 'ENETDOWN' })
    expect(down.status).toBe(2)
  })

  it('has an error when nothing can be sent at all', async () => {
    const { types, status } = await told('--tcp -p 22 10.0.0.2', { ...PLAIN, packetAccess: false })
    expect(types).toEqual(['error'])
    expect(status).toBe(2)
  })

  it('says where a connection came from and why it failed', async () => {
    const { of } = await told('--tcp-connect -p 22,23 -c 1 10.0.0.2')
    expect(of('probe')).toMatchObject([
      { state: 'open', local: { address: '10.0.0.1' } },
      { state: 'closed', transport: 'tcp' },
    ])
  })
})
