import fc from 'fast-check'
import { expect, it } from 'vitest'
import { OPTIONS } from '../src/command-line/options.ts'
import { run } from './settings-kit.ts'

const NAMES = Object.keys(OPTIONS).flatMap((name) => [`-${name}`, `--${name}`])
const LETTERS = fc
  .tuple(fc.constantFrom(...'sPpTvdFnRrMegS46AOfDb'), fc.string({ unit: 'grapheme', maxLength: 6 }))
  .map(([letter, glued]) => `-${letter}${glued}`)
const VALUES = fc.constantFrom(
  '',
  '-',
  '0',
  '1',
  '99999',
  '1/2',
  '22,80',
  '-1',
  '1e9',
  '30s',
  'x',
  'a\u001b[2J\n',
  '__proto__',
)

it('any words are understood, or refused with a sentence that is safe to print', async () => {
  const word = fc.oneof(fc.constantFrom(...NAMES), LETTERS, VALUES, fc.string({ unit: 'grapheme' }))
  await fc.assert(
    fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 6 }), async (argv) => {
      const { status, stdout, stderr } = await run(...argv)
      expect([0, 1, 4, 255]).toContain(status)
      expect(stderr).toMatch(
        /^(?:[^\p{Cc}]+\n(?:QUITTING!|See the output of portscan -h for a summary of options\.)\n)?$/u,
      )
      expect(status === 0).toBe(stderr === '')
      if (status !== 0) expect(stdout).toBe('')
    }),
    { numRuns: 400 },
  )
})

it('what glued text makes of -s and -P, it makes in whatever place', async () => {
  const glued = fc.tuple(
    fc.constantFrom('-s', '-P'),
    fc.string({ unit: fc.constantFrom(...'STUAFNXMVnLEPR2,0'), minLength: 1, maxLength: 5 }),
  )
  await fc.assert(
    fc.asyncProperty(glued, async ([option, text]) => {
      const [before, after] = [await run(option + text, 'host'), await run('host', option + text)]
      expect(after).toEqual(before)
    }),
    { numRuns: 100 },
  )
})
