import { STILL_RUNNING, simIo } from '@portkit/core/sim'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countsOf, linesOf, PLAIN, run, runOn } from './sim-kit.ts'

const WORLD = {
  ...PLAIN,
  link: { kernelAnswers: false },
  hops: { '10.0.9.9': [{ address: '10.0.0.254' }, {}, { address: '10.0.2.1' }] },
}

const MODES = [
  '--tcp -p 22-24 10.0.0.2',
  '--tcp -p 22-24 10.0.0.2 10.0.0.3',
  '--tcp --tr -p 24 10.0.9.9',
  '--tcp-connect -p 22-24 10.0.0.2',
  '--udp -p 53,69,70 10.0.0.2',
  '--udp --unprivileged -p 53,69,70 10.0.0.2',
  '--icmp 10.0.0.2',
  '--arp 10.0.0.2',
  '--tcp -p 22 --mtu 16 --data-length 50 10.0.0.2',
  '--tcp -p 22 -N 10.0.0.2',
]

describe('Ctrl-C', () => {
  it.each(MODES)('at every moment ends nping-ts %s with the statistics of what was done', async (mode) => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0, max: 400, noNaN: true }),
        fc.constantFrom('0', '1ms', '30ms', '1'),
        fc.constantFrom('kernel' as const, 'raw-socket' as const),
        async (atMs, delay, packetAccess) => {
          if (mode.includes('--arp') && packetAccess === 'raw-socket') return
          const count = delay === '0' ? 20 : 0
          const command = `${mode} -c ${count} --delay ${delay} --timeout 200ms`
          const ran = await run(command, { ...WORLD, packetAccess }, atMs)
          const { status, stdout, io, tookMs } = ran
          expect(status).not.toBe(STILL_RUNNING)
          expect([0, 1]).toContain(status)
          expect(io.packets.channels()).toBe(0)
          expect(tookMs).toBeLessThanOrEqual(atMs + 1e-6)
          const { sent, received, lost } = countsOf(stdout)
          expect(sent).toBe(linesOf(stdout, 'SENT').length)
          expect(received).toBeLessThanOrEqual(sent)
          expect(sent - received).toBe(lost)
          expect(stdout.match(/\nNping done: /g)).toHaveLength(1)
          expect(stdout).not.toMatch(/NaN|Infinity|undefined/)
        },
      ),
      { numRuns: 12, endOnFailure: true },
    )
  })

  it('leaves a whole capture of what was on the wire', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 1, max: 200, noNaN: true }), async (atMs) => {
        const command = '--tcp -p 22-24 -c 0 --delay 7ms 10.0.0.2 --write run.pcap'
        const live = await run(command, WORLD, atMs)
        const file = Uint8Array.from(Buffer.from(live.io.written.get('run.pcap') ?? '', 'latin1'))
        const read = await run('--read run.pcap', { ...WORLD, files: { 'run.pcap': file } })
        expect(countsOf(read.stdout)).toEqual(countsOf(live.stdout))
        expect(read.stderr).toBe('')
      }),
      { numRuns: 15, endOnFailure: true },
    )
  })

  it('before the first probe leaves statistics of nothing', async () => {
    const io = simIo(WORLD)
    io.interrupt()
    const { status, stdout } = await runOn(io, '--tcp -p 22 10.0.0.2'.split(' '))
    expect(io.wire).toEqual([])
    expect(io.packets.channels()).toBe(0)
    expect([0, 1, 2]).toContain(status)
    expect(stdout).not.toMatch(/NaN|Infinity/)
  })

  it('is a fault of a run in the old habit only', async () => {
    const command = '--tcp -p 22 -c 0 --delay 10ms 10.0.0.2'
    expect((await run(command, WORLD, 35)).status).toBe(0)
    expect((await run(`${command} --exit-code nping`, WORLD, 35)).status).toBe(1)
  })
})
