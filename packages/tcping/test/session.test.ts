import { LocalFault, runCli } from '@portkit/core'
import { type SimIo, simIo, type World } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { tcping } from '../src/cli.ts'
import { createLane } from '../src/lane-state.ts'
import { prometheusText } from '../src/prometheus.ts'
import { CLOSED, db, OPEN, run, runOn, STEALTH } from './kit.ts'

const TARGET = ['db.lan', '22']

/** The same world on a machine that does something else in one place. */
function machine(io: SimIo, system: Partial<SimIo['system']>): SimIo {
  return { ...io, system: { ...io.system, ...system } }
}

describe('an end by the user', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('%s gives the summary and the usual status', async (does) => {
    const { status, stdout, io } = await run(TARGET, db(OPEN), [{ afterMs: 2500, does }])
    expect(stdout).toContain('\n--- db.lan port 22 tcping statistics ---\n3 packets transmitted, 3 received,')
    expect(status).toBe(0)
    expect(io.net.open()).toBe(0)
  })

  it('gives a summary even when nothing was answered yet, and frees the probe under way', async () => {
    const { status, stdout, io } = await run(TARGET, db(STEALTH), [{ afterMs: 500, does: 'SIGINT' }])
    expect(stdout).toContain('0 packets transmitted, 0 received, time 0ms\n')
    expect(stdout).not.toMatch(/NaN|undefined|rtt/)
    expect(status).toBe(1)
    expect(io.net.open()).toBe(0)
  })

  it.each([
    [[], 1],
    [['--exit-code', 'state'], 255],
  ])('before the name is found ends quietly, %j with status %i', async (options, status) => {
    const io = simIo(db(OPEN))
    io.interrupt()
    const ran = await runOn(io, [...options, ...TARGET])
    expect(ran).toMatchObject({ status, stdout: '', stderr: '' })
    expect(io.net.attempts).toEqual([])
  })

  it('stops listening to the user afterwards', async () => {
    const io = simIo(db(OPEN))
    let listeners = 0
    const onRequest: SimIo['system']['onRequest'] = (listener) => {
      const deaf = io.system.onRequest(listener)
      listeners++
      return () => {
        listeners--
        deaf()
      }
    }
    await runOn(machine(io, { onRequest }), ['-c', '2', ...TARGET])
    expect(listeners).toBe(0)
  })

  it('a reader who leaves ends the run with status 0 and frees everything', async () => {
    const io = simIo(db(OPEN))
    let lines = 0
    const write = () => ++lines < 3
    expect(await runCli(tcping('1'), TARGET, io, write, { version: '1' })).toBe(0)
    expect(lines).toBe(3)
    expect(io.net.open()).toBe(0)
  })
})

describe('--on-change', () => {
  it('runs the command at each change, with what changed in variables only', async () => {
    const { io } = await run(['-c', '4', '--on-change', 'notify', ...TARGET], db(OPEN, OPEN, CLOSED, STEALTH))
    const always = { TCPING_HOST: 'db.lan', TCPING_ADDRESS: '10.0.0.2', TCPING_PORT: '22' }
    expect(io.commands).toEqual([
      {
        command: 'notify',
        env: {
          ...always,
          TCPING_STATE: 'closed',
          TCPING_PREVIOUS: 'open',
          TCPING_REASON: 'reset',
          TCPING_TIME: '2026-01-01T00:00:02.000Z',
        },
      },
      {
        command: 'notify',
        env: {
          ...always,
          TCPING_STATE: 'stealth',
          TCPING_PREVIOUS: 'closed',
          TCPING_REASON: 'no-response',
          TCPING_TIME: '2026-01-01T00:00:03.000Z',
        },
      },
    ])
  })

  it('tells a command that fails, and goes on', async () => {
    const io = machine(simIo(db(OPEN, CLOSED, OPEN)), { shell: async () => 3 })
    const { status, stderr, stdout } = await runOn(io, ['-c', '3', '--on-change', 'false', ...TARGET])
    const told = 'tcping: --on-change: command ended with status 3\n'
    expect(stderr).toBe(told + told)
    expect(stdout).toContain('3 packets transmitted, 3 received')
    expect(status).toBe(0)
  })

  it('leaves out no change when its commands end in time', async () => {
    const world: World = { ports: { '10.0.0.2:22': (attempt) => (attempt % 2 === 0 ? OPEN : CLOSED) } }
    const { io, stderr } = await run(['-q', '-c', '40', '--on-change', 'x', '10.0.0.2', '22'], world)
    expect(io.commands).toHaveLength(39)
    expect(stderr).toBe('')
  })

  it('runs one command after the other, and leaves changes out rather than pile them up', async () => {
    const io = simIo({ ports: { '10.0.0.2:22': (attempt) => (attempt % 2 === 0 ? OPEN : CLOSED) } })
    let running = 0
    let most = 0
    const shell = async (): Promise<number> => {
      running++
      most = Math.max(most, running)
      await io.clock.sleep(10_000)
      running--
      return 0
    }
    const { stderr } = await runOn(machine(io, { shell }), ['-c', '40', '--on-change', 'x', '10.0.0.2', '22'])
    expect(most).toBe(1)
    expect(stderr).toContain('tcping: --on-change: 16 commands still wait, this change is left out\n')
    expect(running).toBe(0)
  })
})

describe('--prometheus', () => {
  const ARGS = ['-q', '-c', '3', '--prometheus', '/metrics/db.prom', ...TARGET]

  it('writes a whole file: every name once with help and type, every value a number', async () => {
    const { io } = await run(ARGS, db(OPEN, CLOSED, STEALTH))
    const text = io.written.get('/metrics/db.prom') ?? ''
    const target = 'host="db.lan",address="10.0.0.2",port="22"'
    expect(text).toContain(`# TYPE tcping_up gauge\ntcping_up{${target}} 0\n`)
    expect(text).toContain(`tcping_state{${target},state="stealth"} 1\n`)
    expect(text).toContain(`tcping_probes_total{${target},state="open"} 1\n`)
    expect(text).toContain(`tcping_rtt_last_seconds{${target}} 0.0003\n`)
    expect(text).toContain(`tcping_rtt_seconds{${target},stat="min"} 0.00025\n`)
    for (const line of text.trimEnd().split('\n')) {
      expect(line).toMatch(/^(# (HELP|TYPE) tcping_\w+ .+|tcping_\w+\{[^}]*\} \d[\d.e-]*)$/)
    }
    const types = text.match(/^# TYPE \S+/gm) ?? []
    expect(new Set(types).size).toBe(types.length)
  })

  it('escapes labels and has no round-trip times before there are any', async () => {
    const target = { host: 'a"b\\c\nd', address: '::1', family: 6, port: 1, transport: 'tcp' } as const
    const text = prometheusText([createLane(0, target, [], undefined)])
    expect(text).toContain('host="a\\"b\\\\c\\nd"')
    expect(text).not.toMatch(/NaN|rtt_seconds|tcping_up/)
  })

  it('is fresh within a second while the run goes on', async () => {
    const io = simIo(db(OPEN))
    const times: number[] = []
    const writeAtomically = () => void times.push(io.clock.nowNs() / 1e9)
    await runOn(machine(io, { writeAtomically }), ['-c', '5', '-i', '0.5', ...ARGS.slice(3)])
    expect(times.length).toBeGreaterThanOrEqual(4)
    const gaps = times.slice(1).map((at, i) => at - (times[i] ?? 0))
    expect(Math.max(...gaps)).toBeLessThanOrEqual(1.001)
  })

  const unwritableFrom = (first: number) => {
    let writes = 0
    return () => {
      if (++writes >= first) throw new LocalFault('ENOENT', 'cannot write /no/\u001bfile: no such directory')
    }
  }
  const COMPLAINT = 'tcping: cannot write /no/\\x1bfile: no such directory\n'

  it('does not begin when the file cannot be written', async () => {
    const { status, stdout, stderr } = await runOn(
      machine(simIo(db(OPEN)), { writeAtomically: unwritableFrom(1) }),
      ARGS,
    )
    expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: COMPLAINT })
  })

  it('tells a file that cannot be written any more once, and goes on', async () => {
    const { status, stderr } = await runOn(
      machine(simIo(db(OPEN)), { writeAtomically: unwritableFrom(2) }),
      ARGS,
    )
    expect({ status, stderr }).toEqual({ status: 0, stderr: COMPLAINT })
  })
})

it('a flood of faults of this machine is slow enough to be read', async () => {
  const fault = { does: 'fault', code: 'EMFILE', message: 'too many open files' } as const
  const { status, stdout, stderr } = await run(['-f', '-w', '1', ...TARGET], {
    ...db(OPEN),
    ports: { '10.0.0.2:22': fault },
  })
  expect(stderr.split('\n').length - 1).toBe(100)
  expect(stdout).toContain('0 packets transmitted, 0 received, +100 errors, time ')
  expect(status).toBe(2)
})

describe('a name that moves', () => {
  const WORLD: World = {
    hosts: { 'db.lan': [['10.0.0.2'], ['10.0.0.9']] },
    ports: { '10.0.0.2:22': STEALTH, '10.0.0.9:22': OPEN },
  }

  it('keeps its statistics and tells the change in JSON, too', async () => {
    const { stdout } = await run(['--json', '-c', '3', '-r', '1', ...TARGET], WORLD)
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    const changes = records.filter(({ type }) => type === 'change')
    expect(changes).toMatchObject([
      { what: 'address', from: '10.0.0.2', to: '10.0.0.9', address: '10.0.0.9', seq: null },
      { what: 'word', from: 'stealth', to: 'open', seq: 2 },
    ])
    expect(records.at(-1)).toMatchObject({ type: 'summary', stats: { sent: 3, open: 2, stealth: 1 } })
  })

  it('stays where it is while the name server is down', async () => {
    const io = simIo(WORLD)
    let asked = 0
    const lookup: SimIo['dns']['lookup'] = async (host, family) => {
      if (asked++ > 0) throw new Error('SERVFAIL')
      return io.dns.lookup(host, family)
    }
    const ran = await runOn({ ...io, dns: { ...io.dns, lookup } }, ['-c', '3', '-r', '1', ...TARGET])
    expect(ran.stdout).toContain('0 open, 0 closed, 3 stealth\n')
    expect(asked).toBeGreaterThanOrEqual(3)
  })

  it('moves each of its addresses to one of its own, for every port', async () => {
    const world: World = {
      hosts: {
        'db.lan': [
          ['10.0.0.2', '10.0.0.3'],
          ['10.0.0.8', '10.0.0.9'],
        ],
      },
      ports: {
        '10.0.0.2:22': STEALTH,
        '10.0.0.3:22': STEALTH,
        '10.0.0.2:80': STEALTH,
        '10.0.0.3:80': STEALTH,
      },
    }
    const { io } = await run(['--all-addresses', '-c', '2', '-i', '2', '-r', '1', 'db.lan', '22,80'], world)
    const places = io.net.attempts.slice(4).map(({ request }) => `${request.address}:${request.port}`)
    expect(places.toSorted()).toEqual(['10.0.0.8:22', '10.0.0.8:80', '10.0.0.9:22', '10.0.0.9:80'])
  })

  it('never looks up a literal', async () => {
    const io = simIo({ ports: { '[fd00::2]:22': STEALTH } })
    let asked = 0
    const lookup: SimIo['dns']['lookup'] = async (host, family) => {
      asked++
      return io.dns.lookup(host, family)
    }
    await runOn({ ...io, dns: { ...io.dns, lookup } }, ['-c', '3', '-r', '1', 'FD00:0::2', '22'])
    expect(asked).toBe(0)
  })

  it('stays in the family of the address it leaves from', async () => {
    const world: World = {
      hosts: { 'db.lan': [['10.0.0.2'], ['fd00::9', '10.0.0.9']] },
      ports: { '10.0.0.2:22': STEALTH, '10.0.0.9:22': OPEN, '[fd00::9]:22': OPEN },
    }
    const { stdout } = await run(['-I', '10.0.0.1', '-c', '2', '-r', '1', ...TARGET], world)
    expect(stdout).toContain('open from 10.0.0.9:22: seq=2')
  })
})
