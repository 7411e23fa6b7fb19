import { type SimIo, STILL_RUNNING, simIo, type World } from '@portkit/core/sim'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  answersOf,
  countsOf,
  fileOf,
  outgoing,
  PLAIN,
  type Ran,
  readOn,
  recordsOf,
  run,
  runOn,
  verdictsOf,
  world,
} from './sim-kit.ts'

const WORLD: World = world({
  link: { kernelAnswers: false },
  hops: { '10.0.9.9': [{ address: '10.0.0.254' }, {}, { address: '10.0.2.1' }] },
})

const MODES = [
  '-S -p 22 10.0.0.2',
  '-S -p 24 10.0.0.2',
  '-S -p ++22 10.0.0.2',
  '-S -p +22 -V 10.0.0.2',
  '-2 -p 70 10.0.0.2',
  '-1 10.0.0.2',
  '-T -S -p 22 10.0.9.9',
  '-T -S -p 22 --tr-stop 10.0.9.9',
  '-S -p 22 -f -d 50 10.0.0.2',
]

function isSound({ status, stderr, stdout, io }: Ran, sentAtLeast = 0): void {
  expect(status).not.toBe(STILL_RUNNING)
  expect(io.packets.channels()).toBe(0)
  const { sent, received } = countsOf(stderr)
  expect(received).toBeLessThanOrEqual(sent)
  expect(sent).toBeGreaterThanOrEqual(sentAtLeast)
  expect(status).toBe(received > 0 ? 0 : 1)
  expect(stderr.match(/ hping statistic ---$/gm)).toHaveLength(1)
  expect(stderr + stdout).not.toMatch(/NaN|Infinity|undefined/)
}

describe('Ctrl-C', () => {
  it.each(MODES)('at every moment ends hping-ts %s with the statistics of what was done', async (mode) => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0, max: 400, noNaN: true }),
        fc.constantFrom('u100', '1ms', '30ms', '1'),
        fc.constantFrom('kernel' as const, 'raw-socket' as const),
        async (atMs, interval, packetAccess) => {
          const ran = await run(
            `${mode} -i ${interval} -n`,
            { ...WORLD, packetAccess },
            { interruptMs: atMs },
          )
          isSound(ran)
          // With --tr-stop it may have ended before.
          expect(ran.tookMs).toBeLessThanOrEqual(atMs + 1e-6)
          const { sent } = countsOf(ran.stderr)
          if (!mode.includes('-f')) expect(outgoing(ran.io)).toHaveLength(sent)
          expect(answersOf(ran).length).toBeLessThanOrEqual(sent)
          const rows = verdictsOf(ran).map(
            (row) => / (\d+) of (\d+) answered$/.exec(row)?.slice(1).map(Number) ?? [],
          )
          expect(rows.reduce((sum, [, of = 0]) => sum + of, 0)).toBeLessThanOrEqual(sent)
        },
      ),
      { numRuns: 12, endOnFailure: true },
    )
  })

  it('while an answer is awaited does not wait for it', async () => {
    const ran = await run('-S -p 24 -c 1 --timeout 30 10.0.0.2', WORLD, { interruptMs: 500 })
    isSound(ran, 1)
    expect(ran.tookMs).toBe(500)
    // Nobody knows yet what its silence says.
    expect(verdictsOf(ran)).toEqual([])
  })

  it('takes what had come by then', async () => {
    const ran = await run('-S -p 22 -i 60 10.0.0.2', WORLD, { interruptMs: 0.25 })
    isSound(ran, 1)
    expect(ran.tookMs).toBe(0.25)
  })

  it.each(['-S -p 22 10.0.0.2', '-T -1 10.0.0.2', '-S -p 22 -d 4 -E f 10.0.0.2'])(
    'before the first packet of hping-ts %s leaves statistics of nothing',
    async (command) => {
      const io = simIo({ ...WORLD, files: { f: 'text' } })
      io.interrupt()
      const ran = await runOn(io, command.split(' '))
      expect(io.wire).toEqual([])
      isSound(ran)
      expect([ran.status, ran.tookMs]).toEqual([1, 0])
      expect(ran.stderr).toContain('\n0 packets transmitted, 0 packets received, 0% packet loss\n')
    },
  )

  it('leaves a whole capture of what was on the wire', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 1, max: 200, noNaN: true }), async (atMs) => {
        const live = await run('-S -p ++22 -i 7ms 10.0.0.2 --write run.pcap', WORLD, { interruptMs: atMs })
        const files = { 'run.pcap': fileOf(live.io, 'run.pcap') }
        const again = await readOn(simIo({ ...WORLD, files }), ['--read', 'run.pcap'])
        expect(countsOf(again.stderr)).toEqual(countsOf(live.stderr))
      }),
      { numRuns: 15, endOnFailure: true },
    )
  })

  it('has the counts of the run in its records', async () => {
    const { stdout, status } = await run('-S -p 24 -i 10ms --json 10.0.0.2', WORLD, { interruptMs: 25 })
    expect(recordsOf(stdout).map(({ type }) => type)).toEqual(['verdict', 'total'])
    expect(recordsOf(stdout, 'total')).toMatchObject([
      { sent: 3, received: 0, interrupted: true, elapsedMs: 25 },
    ])
    expect(status).toBe(1)
  })
})

/** Its name server never answers. */
function speechless(io: SimIo): SimIo {
  return { ...io, dns: { ...io.dns, reverse: () => new Promise(() => {}) } }
}

describe('Ctrl-C during the look-up of a name that never comes', () => {
  const COMMAND = '-S -T -p 22 -i 10ms 10.0.9.9'.split(' ')

  it.each([1, 50, 300])(
    'after %d ms ends the run, and the look-up one second after it began',
    async (interruptMs) => {
      const ran = await runOn(speechless(simIo(WORLD)), COMMAND, { interruptMs })
      isSound(ran, 1)
      const [, lastTold = '0'] = [...ran.stdout.matchAll(/hop=(\d)/g)].at(-1) ?? []
      expect(ran.tookMs).toBeLessThanOrEqual(interruptMs + 1000)
      expect(ran.stdout.match(/name=UNKNOWN\n/g)).toHaveLength(ran.stdout.match(/get hostname/g)?.length ?? 0)
      expect(Number(lastTold)).toBeGreaterThan(0)
    },
  )

  it('has nothing to wait for behind it', async () => {
    const ran = await runOn(speechless(simIo(WORLD)), COMMAND, { interruptMs: 1500 })
    isSound(ran, 1)
    expect(ran.tookMs).toBe(1500)
  })
})

describe('Ctrl-C during a scan', () => {
  it('at every moment leaves a table of what was found', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0, max: 3500, noNaN: true }),
        fc.constantFrom('', '-i 1ms', '-i 100ms'),
        fc.constantFrom('-S', '-2'),
        async (atMs, interval, mode) => {
          const command = `--scan 20-30,53,69,70 ${mode} ${interval} -V 10.0.0.2`
          const { status, tookMs, stdout, stderr, io } = await run(command, WORLD, { interruptMs: atMs })
          expect(status).not.toBe(STILL_RUNNING)
          expect(tookMs).toBeLessThanOrEqual(atMs + 1e-6)
          expect(io.packets.channels()).toBe(0)
          const rows = stdout.split('\n').filter((line) => /^\d+\/(?:tcp|udp) /.test(line))
          const told = stdout.split('\n').filter((line) => /^ *\d+ .*: /.test(line))
          const [, silent = ''] = /Not responding ports: (.*)\n/.exec(stdout) ?? []
          const silentRows = rows.filter((row) => row.includes('no-response'))
          // Who has not answered yet may have no row.
          expect(rows.length - silentRows.length).toBe(told.length)
          expect([...silent.matchAll(/\((\d+)/g)].length).toBeGreaterThanOrEqual(silentRows.length)
          expect(status).toBe(told.length > 0 ? 0 : 1)
          expect(stderr + stdout).not.toMatch(/NaN|Infinity|undefined/)
        },
      ),
      { numRuns: 60, endOnFailure: true },
    )
  })

  it.each([
    ['before the first pass', undefined],
    ['in the first pass', 0.2],
    ['in the second pass', 1100],
    ['in the third pass', 2100],
  ])('%s says that ports were not asked often enough', async (_, interruptMs) => {
    const io = simIo(WORLD)
    if (interruptMs === undefined) io.interrupt()
    const silent = '--scan 24 -S 10.0.0.2'.split(' ')
    const { stderr, status, tookMs } = await runOn(io, silent, { interruptMs })
    expect(stderr).toContain('hping-ts: interrupted: some ports were not asked, or not often enough\n')
    expect(stderr).not.toContain('All replies received')
    expect([status, tookMs]).toEqual([1, interruptMs ?? 0])
  })

  it('behind its end changes nothing', async () => {
    const { stderr } = await run('--scan 22,23 -S 10.0.0.2', PLAIN, { interruptMs: 5000 })
    expect(stderr).not.toContain('interrupted')
  })
})
