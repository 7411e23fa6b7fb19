import type { Behaviour, PeerStep, World } from '@portkit/core/sim'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type JsonRecord, recordsOf } from '../../core/test/tool-kit.ts'
import { recorded } from './detector-kit.ts'
import { look, SILENT, speaks, TLS13, worldOf } from './kit.ts'

/** Greetings of real servers, and answers to a request for a page. */
const ANSWERS = recorded().filter(
  ({ proto, probe, octets }) =>
    proto === 'tcp' &&
    octets.length > 0 &&
    octets.length < 30_000 &&
    ['greeting', 'http-get'].includes(probe),
)

/** The answer in pieces that end at these places, each so many milliseconds after the one before. */
function pieces(octets: Uint8Array, cuts: readonly number[], gapMs: number): readonly PeerStep[] {
  const ends = [...new Set(cuts.map((cut) => cut % (octets.length + 1)))].sort((a, b) => a - b)
  let from = 0
  const steps: PeerStep[] = []
  for (const end of [...ends, octets.length]) {
    if (end > from)
      steps.push({ does: 'send', octets: octets.slice(from, end) }, { does: 'wait', seconds: gapMs / 1000 })
    from = Math.max(from, end)
  }
  return steps
}

function peer(isAsked: boolean, said: readonly PeerStep[], isEnded: boolean): Behaviour {
  const asked: readonly PeerStep[] = isAsked ? [{ does: 'recv' }] : []
  const end: PeerStep = isEnded ? { does: 'fin' } : { does: 'drain' }
  return speaks({ kind: 'steps', steps: [...asked, ...said, end, { does: 'drain' }] })
}

async function saidOf(port: number, behaviour: Behaviour, secure: boolean): Promise<JsonRecord> {
  const inside = behaviour.does === 'accept' ? behaviour.peer : undefined
  const world: World =
    secure && inside !== undefined
      ? worldOf({ [port]: SILENT }, { tls: { [port]: { ...TLS13, peer: inside } } })
      : worldOf({ [port]: behaviour })
  const { stdout } = await look(`${port} --json`, world)
  const [record] = recordsOf(stdout)
  if (record === undefined) throw new Error('nothing was said')
  // Times and numbers of octets differ, for what nobody takes is not read on; what is said does not.
  const { protocol, product, version, info, os, hostname, outcome, method, details, note, cut } = record
  return { protocol, product, version, info, os, hostname, outcome, method, details, note, cut }
}

describe('an answer that comes in pieces', () => {
  it.each(ANSWERS.map((answer, i) => [`${answer.name} ${answer.probe} (${i})`, answer] as const))(
    'of %s is told like one that comes at once',
    async (_, { octets, probe, end, port, tls }) => {
      const isAsked = probe !== 'greeting'
      const isEnded = end === 'eof'
      const run = (cuts: readonly number[], gapMs: number): Promise<JsonRecord> =>
        saidOf(isAsked ? 80 : port, peer(isAsked, pieces(octets, cuts, gapMs), isEnded), tls)
      const whole = await run([], 0)
      expect(['identified', 'unknown']).toContain(whole.outcome)
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.nat(), { minLength: 1, maxLength: 40 }),
          fc.constantFrom(0, 0.3, 5),
          async (cuts, gapMs) => {
            expect(await run(cuts, gapMs)).toEqual(whole)
          },
        ),
        { numRuns: 6 },
      )
      const all = Array.from({ length: Math.min(octets.length, 400) }, (_, i) => i)
      expect(await run(all, 0.2)).toEqual(whole)
    },
  )
})
