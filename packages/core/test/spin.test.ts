import { expect, it } from 'vitest'
import { createSpinPolicy } from '../src/io/kernel/spin.ts'

it('watches for the first answer of every target', () => {
  expect(createSpinPolicy(0).watch('a', 0)).toEqual({ fromNs: 0, untilNs: 1e6 })
})

it('does not hold up the event loop for targets that the kernel times', () => {
  const spin = createSpinPolicy(0)
  spin.learn('a', undefined)
  expect(spin.watch('a', 0)).toBeUndefined()
})

it('watches around the time of the last refusal', () => {
  const spin = createSpinPolicy(0)
  spin.learn('near', 50_000)
  spin.learn('far', 10e6)
  expect(spin.watch('near', 0)).toEqual({ fromNs: 0, untilNs: 300_000 })
  expect(spin.watch('far', 0)).toEqual({ fromNs: 8.5e6, untilNs: 11.5e6 })
})

it('spends a twentieth of a core at most in the long run', () => {
  const spin = createSpinPolicy(0)
  let spentNs = 0
  for (let nowNs = 0; nowNs < 60e9; nowNs += 5e6) {
    const watch = spin.watch(`target ${nowNs}`, nowNs)
    if (watch === undefined) continue
    spin.spent(watch.untilNs - watch.fromNs)
    spentNs += watch.untilNs - watch.fromNs
  }
  expect(spentNs).toBeGreaterThan(1e9)
  expect(spentNs).toBeLessThanOrEqual(0.05 * 60e9 + 21e6)
})

it('forgets the targets seen longest ago', () => {
  const spin = createSpinPolicy(0)
  for (let i = 0; i < 5000; i++) spin.learn(`target ${i}`, undefined)
  expect(spin.watch('target 0', 0)).toEqual({ fromNs: 0, untilNs: 1e6 })
  expect(spin.watch('target 4999', 0)).toBeUndefined()
})
