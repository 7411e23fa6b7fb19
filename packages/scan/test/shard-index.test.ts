import { UsageError } from '@portkit/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readShard } from '../src/spread/shard-index.ts'

const array = (id: number, min: number, max: number, count: number) => ({
  SLURM_ARRAY_TASK_ID: `${id}`,
  SLURM_ARRAY_TASK_MIN: `${min}`,
  SLURM_ARRAY_TASK_MAX: `${max}`,
  SLURM_ARRAY_TASK_COUNT: `${count}`,
})

describe('--shard', () => {
  it.each([
    ['1/1', {}, 0, 1],
    ['1/4', {}, 0, 4],
    ['4/4', {}, 3, 4],
    ['007/010', {}, 6, 10],
    ['2147483647/2147483647', {}, 2_147_483_646, 2_147_483_647],
    ['3/4', { JOB_COMPLETION_INDEX: '0' }, 2, 4],
    ['auto/16', { JOB_COMPLETION_INDEX: '0' }, 0, 16],
    ['auto/16', { JOB_COMPLETION_INDEX: '15' }, 15, 16],
    ['auto/16', { JOB_COMPLETION_INDEX: '3', PARALLEL_SEQ: '' }, 3, 16],
    ['auto/8', { PARALLEL_SEQ: '1' }, 0, 8],
    ['auto/8', { PARALLEL_SEQ: '8' }, 7, 8],
    ['auto', array(1, 1, 10, 10), 0, 10],
    ['auto', array(10, 1, 10, 10), 9, 10],
    ['auto', array(0, 0, 9, 10), 0, 10],
    ['auto/10', array(5, 0, 9, 10), 5, 10],
  ])('%s in %o is part %i (from 0) of %i', (text, env, index, count) => {
    expect(readShard(text, env)).toEqual({ index, count })
  })

  it.each([
    ['0/4', {}, '--shard: parts are counted from 1: 0/4'],
    ['5/4', {}, '--shard: not I/N with I from 1 to N, auto/N or auto: 5/4'],
    ['', {}, "--shard: not I/N with I from 1 to N, auto/N or auto: ''"],
    ['1', {}, '--shard: not I/N with I from 1 to N, auto/N or auto: 1'],
    ['1/0', {}, '--shard: not I/N with I from 1 to N, auto/N or auto: 1/0'],
    ['1/2147483648', {}, '--shard: not I/N with I from 1 to N, auto/N or auto: 1/2147483648'],
    ['-1/4', {}, '--shard: not I/N with I from 1 to N, auto/N or auto: -1/4'],
    ['1/4/4', {}, '--shard: not I/N with I from 1 to N, auto/N or auto: 1/4/4'],
    ['1.5/4', {}, '--shard: not I/N with I from 1 to N, auto/N or auto: 1.5/4'],
    ['auto/0', {}, '--shard: not I/N with I from 1 to N, auto/N or auto: auto/0'],
    ['{#}/4', {}, '--shard: not I/N with I from 1 to N, auto/N or auto: {#}/4'],
    [
      'auto/4',
      {},
      '--shard auto/4: none of JOB_COMPLETION_INDEX, SLURM_ARRAY_TASK_ID and PARALLEL_SEQ is set; say I/N',
    ],
    [
      'auto',
      { JOB_COMPLETION_INDEX: '1' },
      '--shard auto: a Kubernetes Job does not say how many parts there are; say auto/N',
    ],
    [
      'auto',
      { PARALLEL_SEQ: '1' },
      '--shard auto: GNU parallel does not say how many parts there are; say auto/N',
    ],
    ['auto/4', { JOB_COMPLETION_INDEX: '4' }, '--shard auto/4: a Kubernetes Job runs part 5 of 4'],
    ['auto/4', { PARALLEL_SEQ: '5' }, '--shard auto/4: GNU parallel runs part 5 of 4'],
    ['auto/4', { PARALLEL_SEQ: '0' }, '--shard auto: PARALLEL_SEQ is not a whole number from 1: 0'],
    [
      'auto/4',
      { JOB_COMPLETION_INDEX: '0x1' },
      '--shard auto: JOB_COMPLETION_INDEX is not a whole number from 0: 0x1',
    ],
    ['auto/8', array(1, 1, 10, 10), '--shard auto/8: a Slurm array has 10 tasks; say I/N'],
    [
      'auto',
      { ...array(1, 1, 10, 10), PARALLEL_SEQ: '2' },
      '--shard auto: runs in a Slurm array and in GNU parallel; say I/N',
    ],
  ])('%s in %o is refused: %s', (text, env, message) => {
    expect(() => readShard(text, env)).toThrow(new UsageError(message))
  })

  it.each([
    ['tasks 3 and 7 were started again', array(7, 3, 7, 2)],
    ['its identifiers have a step', array(4, 0, 8, 3)],
    ['Slurm does not say how many there are', { SLURM_ARRAY_TASK_ID: '3' }],
    ['its own identifier is below all', array(0, 1, 4, 4)],
  ])('auto refuses a Slurm array when %s: a part would be missing', (_, env) => {
    expect(() => readShard('auto', env)).toThrow('the identifiers of the Slurm array must follow each other')
  })

  it('never gives a part that is not there, whatever is set', () => {
    const words = fc.option(fc.oneof(fc.nat(20).map(String), fc.string()), { nil: undefined })
    const env = fc.record({
      JOB_COMPLETION_INDEX: words,
      PARALLEL_SEQ: words,
      SLURM_ARRAY_TASK_ID: words,
      SLURM_ARRAY_TASK_MIN: words,
      SLURM_ARRAY_TASK_MAX: words,
      SLURM_ARRAY_TASK_COUNT: words,
    })
    const texts = fc.oneof(fc.constantFrom('auto', 'auto/5', '3/5'), fc.string())
    const law = fc.property(texts, env, (text, anyEnv) => {
      try {
        const { index, count } = readShard(text, anyEnv)
        expect(index).toBeGreaterThanOrEqual(0)
        expect(index).toBeLessThan(count)
      } catch (error) {
        if (!(error instanceof UsageError)) throw error
      }
    })
    fc.assert(law, { numRuns: 500 })
  })
})
