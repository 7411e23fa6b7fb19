import { simIo } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { fileOf, PLAIN, readOn, recordsOf, run, verdictsOf } from './sim-kit.ts'

describe('a run without an end that is interrupted', () => {
  it('calls a port filtered when one of its packets has waited for the whole time', async () => {
    const ran = await run('-S -p 24 -i 100ms 10.0.0.2', PLAIN, { interruptMs: 1150 })
    expect(verdictsOf(ran)).toEqual(['port 24: filtered (no-response), 0 of 12 answered'])
  })

  it('says nothing of a port whose packets may still be answered', async () => {
    const ran = await run('-S -p 24 -i 100ms 10.0.0.2', PLAIN, { interruptMs: 950 })
    expect(verdictsOf(ran)).toEqual([])
  })

  it('has records of the packets that waited that long only', async () => {
    const { stdout } = await run('-S -p 24 -i 100ms --json 10.0.0.2', PLAIN, { interruptMs: 1150 })
    expect(recordsOf(stdout, 'probe')).toHaveLength(2)
    expect(recordsOf(stdout, 'verdict')).toMatchObject([
      { state: 'filtered', reason: 'no-response', sent: 12 },
    ])
  })
})

describe('a run that is read again', () => {
  const SENT = '-S -p ++21 -c 3 -i 10ms --write run.pcap 10.0.0.2'

  it('has the round trips of the run', async () => {
    const live = await run(SENT, PLAIN)
    const again = await readOn(simIo({ ...PLAIN, files: { 'run.pcap': fileOf(live.io, 'run.pcap') } }), [
      '--read',
      'run.pcap',
    ])
    const figures = (text: string): readonly string[] => text.match(/^round-trip .*$/gm) ?? []
    expect(figures(live.stderr)).toHaveLength(2)
    expect(figures(live.stderr)[0]).not.toContain('0.0/0.0/0.0')
    expect(figures(again.stderr)).toEqual(figures(live.stderr))
  })

  it('ends with the flags of its last answer when asked to', async () => {
    const live = await run(`${SENT} --tcpexitcode`, PLAIN)
    const files = { 'run.pcap': fileOf(live.io, 'run.pcap') }
    const again = await readOn(simIo({ ...PLAIN, files }), ['--read', 'run.pcap', '--tcpexitcode'])
    expect(live.status).toBe(20)
    expect(again.status).toBe(20)
  })
})
