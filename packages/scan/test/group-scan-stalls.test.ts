import { expect, it } from 'vitest'
import { run } from './group-scan-kit.ts'
import type { PaperAnswer } from './paper-gun.ts'

const ONCE = { maxRetries: 0, isMaxRetriesFixed: true }
const allOpen = { answerOf: (): PaperAnswer => 'open', rttMs: 5 }

it('reads what has come before it gives a port up, however long the machine stood still', async () => {
  let stalls = 0
  const { found } = await run([allOpen], {
    ports: 6,
    timing: ONCE,
    // The last probe has left, and the process is stopped before it has looked for answers again.
    around: (gun, clock) => ({
      ...gun,
      room: () => gun.room(),
      async flush(refused) {
        const unsent = await gun.flush(refused)
        stalls += 1
        await clock.sleep(3000)
        return unsent
      },
    }),
  })
  expect(stalls).toBeGreaterThan(0)
  expect(found[0]?.size).toBe(6)
})
