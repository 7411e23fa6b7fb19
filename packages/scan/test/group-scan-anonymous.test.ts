import { expect, it } from 'vitest'
import { run, wrong } from './group-scan-kit.ts'
import type { PaperAnswer } from './paper-gun.ts'

const answerOf = (port: number): PaperAnswer => (port === 0 ? 'open' : port === 3 ? 'silent' : 'closed')

// As with UDP: a datagram does not say which one it answers.
it.each([4, 300])(
  'takes answers that do not tell their probe for those of control probes, too (%i ports)',
  async (ports) => {
    const host = { answerOf, rttMs: 0.1 }
    const { found, ends, elapsedMs } = await run([host], {
      ports,
      around: (gun) => ({
        ...gun,
        room: () => gun.room(),
        collect: (hear) => gun.collect((hit) => hear({ ...hit, pass: undefined })),
      }),
    })
    expect(wrong(host, found[0], ports)).toBe(0)
    expect(ends.get(0)).toMatchObject({ end: 'complete', passes: 2 })
    expect(elapsedMs).toBeLessThan(600)
  },
)
