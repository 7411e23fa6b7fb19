import type { World } from '@portkit/core/sim'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readResult } from '../src/results/read-result.ts'
import {
  crashed,
  filesOf,
  OPEN,
  PLAIN_USER,
  portsOf,
  range,
  rejects,
  type Scanned,
  STEALTH,
  scan,
  worldOf,
} from './kit.ts'

const WORLD: World = worldOf(
  {
    ...portsOf('10.0.0.2', range(1, 20), STEALTH),
    ...portsOf('10.0.0.3', [22, 80, 5000], OPEN),
    '10.0.0.2:22': OPEN,
    '10.0.0.3:25': rejects(),
    '[fd00::2]:22': OPEN,
  },
  {
    addresses: ['10.0.0.1', 'fd00::1'],
    machines: { '10.0.0.99': { isAbsent: true } },
    datagrams: { '10.0.0.2:53': { does: 'echo' }, '10.0.0.3:7': { does: 'drop' } },
    names: { '10.0.0.2': 'ptr.lan' },
  },
)
const HOSTS = '10.0.0.2 10.0.0.99 10.0.0.3 fd00::2'

const RUNS = [
  ['-p 1-100', WORLD],
  ['-p 1-100 --max-hostgroup 1 --scan-delay 5ms', WORLD],
  ['-sT -p 1-100', { ...WORLD, ...PLAIN_USER }],
  ['-sSU -p T:1-60,U:1-60', WORLD],
  ['-p 1-100 --shard 1/2 --seed 7', WORLD],
  ['-p 1-100 --randomize-hosts', WORLD],
] as const

/** Hosts with the states of their ports, in their order. */
async function statesOf({ file }: Pick<Scanned, 'file'>) {
  const { hosts, end } = await readResult(file('a.json'), 'a.json')
  expect(end?.cut).toBeUndefined()
  return hosts.map(({ address, status, ended, ports }) => {
    const rows = [...(ports?.rows() ?? [])]
    return [
      address,
      status.state,
      ended,
      rows.map(({ protocol, port, state }) => `${port}/${protocol} ${state}`),
    ]
  })
}

function sorted<T>(list: readonly T[]): readonly string[] {
  return list.map((one) => JSON.stringify(one)).sort()
}

function resume(world: World, files: World['files'], more = ''): Promise<Scanned> {
  return scan(`--resume state ${more}`, { ...world, files: { ...world.files, ...files } })
}

describe.each(RUNS)('a scan with %s', (options, world) => {
  const words = `${options} -oJ a.json --checkpoint state ${HOSTS}`

  it('that is cut at any moment comes to the same when it goes on', async () => {
    const whole = await scan(words, world)
    const truth = sorted(await statesOf(whole))
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 999 }),
        fc.integer({ min: 1, max: 999 }),
        fc.boolean(),
        async (first, second, isCrash) => {
          const interruptMs = (first / 1000) * whole.elapsedMs
          const files = isCrash
            ? await crashed(words, world, interruptMs)
            : filesOf((await scan(words, world, { interruptMs })).io)
          if (files?.state === undefined || files.state === '') return
          const again = { ...world, files: { ...world.files, ...files } }
          // And cut once more.
          const cut = await scan('--resume state', again, { interruptMs: (second / 1000) * whole.elapsedMs })
          if (cut.status === 0) {
            expect(sorted(await statesOf(cut))).toEqual(truth)
            return
          }
          const done = await resume(world, filesOf(cut.io))
          expect([done.status, done.err]).toEqual([0, ''])
          expect(sorted(await statesOf(done))).toEqual(truth)
        },
      ),
      { numRuns: 8, endOnFailure: true },
    )
  })
})

describe('--resume', () => {
  const words = '-n -p 1-100 -oJ a.json --checkpoint state 10.0.0.2 10.0.0.3'

  it('does not ask again what is known', async () => {
    const { io } = await scan(words, WORLD, { interruptMs: 100 })
    const again = await resume(WORLD, filesOf(io))
    // 19 of 10.0.0.2's ports are silent; those that answered are known.
    expect(again.io.wire.filter(({ direction }) => direction === 'out').length).toBeLessThan(80)
    expect(again.out).toContain('22/tcp open ')
  })

  it('tells hosts that were done once more, so that files are whole', async () => {
    const hostwise = words.replace('-n', '-n --max-hostgroup 1')
    const whole = await scan(hostwise, WORLD)
    const { io, out } = await scan(hostwise, WORLD, { interruptMs: whole.elapsedMs - 3 })
    expect(out).toContain('Nmap scan report for 10.0.0.2\n')
    const again = await resume(WORLD, filesOf(io))
    expect(await statesOf(again)).toEqual(await statesOf(whole))
  })

  describe('where names of targets take long', () => {
    const world: World = { ...WORLD, hosts: { 'db.lan': ['10.0.0.2', '10.0.0.3'] } }
    const named = '-n -p 1-40 -oJ a.json --checkpoint state --max-hostgroup 1 10.0.0.3 db.lan'
    const never = { namesAfterMs: Number.POSITIVE_INFINITY }

    it('keeps what was known when it is interrupted, and can be used again', async () => {
      const whole = await scan(named, world)
      const cut = await scan(named, world, { interruptMs: whole.elapsedMs - 3 })
      const again = { ...world, files: filesOf(cut.io) }
      const early = await scan('--resume state', again, { interruptMs: 500, ...never })
      expect([early.status, early.err]).toEqual([130, expect.not.stringContaining('QUITTING')])
      expect(early.out).toContain('Nmap scan report for 10.0.0.3\n')
      const done = await resume(world, filesOf(early.io))
      expect([done.status, done.err]).toEqual([0, ''])
      expect(await statesOf(done)).toEqual(await statesOf(whole))
    })

    it('has no checkpoint of what was never found out', async () => {
      const { status, io } = await scan(named, world, { interruptMs: 500, ...never })
      expect(status).toBe(130)
      expect(filesOf(io)).not.toHaveProperty('state')
    })
  })

  it('finds out services, too, where the signal came while they were asked', async () => {
    const slow = {
      does: 'accept',
      afterMs: 1,
      peer: { kind: 'greeting', text: 'SSH-2.0-OpenSSH_9.2p1\r\n' },
    } as const
    const world = worldOf({ '10.0.0.2:22': slow, '10.0.0.2:80': { does: 'accept', afterMs: 1 } })
    const versions = '-n -sV -p 22,23,80 -oJ a.json --checkpoint state 10.0.0.2'
    const cut = await scan(versions, world, { interruptMs: 200 })
    expect([cut.status, cut.out]).toEqual([130, expect.stringContaining('22/tcp open ')])
    const again = await resume(world, filesOf(cut.io))
    expect(again.out).toMatch(/^22\/tcp +open +ssh +OpenSSH 9\.2p1/m)
  })

  it('goes on after this machine failed', async () => {
    const whole = await scan(words, WORLD)
    const { io, status } = await scan(words, { ...WORLD, link: { downAtMs: 100 } })
    expect(status).toBe(1)
    const again = await resume(WORLD, filesOf(io))
    expect(sorted(await statesOf(again))).toEqual(sorted(await statesOf(whole)))
  })

  it('goes on with a host that is named twice', async () => {
    const twice = `${words} 10.0.0.2`
    const whole = await scan(twice, WORLD)
    const { io } = await scan(twice, WORLD, { interruptMs: 100 })
    const again = await resume(WORLD, filesOf(io))
    expect(sorted(await statesOf(again))).toEqual(sorted(await statesOf(whole)))
  })

  it('goes on behind the first thousands of hosts', async () => {
    const sweep = '-n -sn -oJ a.json --checkpoint state 10.1.0.0/20 10.1.16.0/29'
    const cut = await scan(sweep, worldOf({}), { interruptMs: 400 })
    expect(cut.status).toBe(130)
    const again = await resume(worldOf({}), filesOf(cut.io))
    const hosts = (await statesOf(again)).map(([address]) => address)
    expect([hosts.length, new Set(hosts).size]).toEqual([4104, 4104])
    expect(again.io.wire.length).toBeLessThan(1000)
  })

  it('of a run that has ended tells its result once more, and asks nothing', async () => {
    const whole = await scan(words, WORLD)
    const again = await resume(WORLD, filesOf(whole.io))
    expect(again.status).toBe(0)
    expect(await statesOf(again)).toEqual(await statesOf(whole))
    expect(again.io.wire).toEqual([])
  })

  it('refuses a file whose targets have changed', async () => {
    const list = { ...WORLD, files: { ...WORLD.files, list: '10.0.0.2 10.0.0.3' } }
    const { io } = await scan('-n -p 1-100 --checkpoint state -iL list', list, { interruptMs: 50 })
    const changed = { ...list, files: { ...list.files, list: '10.0.0.2 10.0.0.4', ...filesOf(io) } }
    const { status, err } = await scan('--resume state', changed)
    expect(status).toBe(1)
    expect(err).toBe(
      'state: its targets or ports are not what they were: a file that they come from has changed\nQUITTING!\n',
    )
  })

  it.each([
    ['is not there', {}, /^state: no such file\n/],
    ['is empty', { state: '' }, /^state/],
    ['is something else', { state: '# Nmap 7.93 scan initiated\n' }, /^state/],
    ['is of another version', { state: '{"portscan-state":99}\n' }, /^state/],
  ])('refuses a file that %s', async (_, files, complaint) => {
    const { status, err, out } = await resume(WORLD, files)
    expect([status, out]).toEqual([1, ''])
    expect(err).toMatch(complaint)
  })

  it('goes on though the last line was written half', async () => {
    const whole = await scan(words, WORLD)
    const { io } = await scan(words, WORLD, { interruptMs: 100 })
    const { state = '' } = filesOf(io)
    const again = await resume(WORLD, { state: state.slice(0, -7) })
    expect(sorted(await statesOf(again))).toEqual(sorted(await statesOf(whole)))
  })
})

it('a checkpoint that cannot be written ends the run before it begins', async () => {
  const world = { ...WORLD, unwritable: { '/no/state': 'EACCES' } }
  const { status, err, io } = await scan('-n -p 22 --checkpoint /no/state 10.0.0.2', world)
  expect(status).toBe(1)
  expect(err).toContain('/no/state')
  expect(io.wire).toEqual([])
})
