import { shown, UsageError } from '@portkit/core'

/** Which part of a run this is. */
export interface ShardIndex {
  /** From 0. */
  readonly index: number
  readonly count: number
}

export type Environment = Readonly<Record<string, string | undefined>>

/** What a job runner says in the environment of a job. */
interface Task {
  readonly runner: string
  readonly index: number
  /** undefined: only the command line can say. */
  readonly count: number | undefined
}

const MOST = 2 ** 31 - 1
const FORM = '--shard: not I/N with I from 1 to N, auto/N or auto'

/**
 * Reads `--shard`: `I/N` is part I of N, counted from 1. `auto/N` takes the part from the job runner's environment:
 * JOB_COMPLETION_INDEX of a Kubernetes indexed Job, PARALLEL_SEQ of GNU parallel, SLURM_ARRAY_TASK_ID of a Slurm array;
 * `auto` also the count, which only Slurm gives. A task of a runner that has no part is an error and never part of
 * another one: the parts must cover the run.
 * @throws UsageError
 */
export function readShard(text: string, env: Environment): ShardIndex {
  const [, part = '', of] = /^(auto|\d{1,10})(?:\/(\d{1,10}))?$/.exec(text) ?? []
  const count = of === undefined ? undefined : Number(of)
  if (part === '' || (count !== undefined && !(count >= 1 && count <= MOST))) throw malformed(text)
  if (part === 'auto') return fromRunner(text, count, env)
  const index = Number(part) - 1
  if (count === undefined || index >= count) throw malformed(text)
  if (index < 0) throw new UsageError(`--shard: parts are counted from 1: ${shown(text)}`)
  return { index, count }
}

function malformed(text: string): UsageError {
  return new UsageError(`${FORM}: ${shown(text)}`)
}

function fromRunner(text: string, wanted: number | undefined, env: Environment): ShardIndex {
  const [task, other] = [kubernetes(env), slurm(env), parallel(env)].filter((found) => found !== undefined)
  if (task === undefined) {
    throw new UsageError(
      `--shard ${text}: none of JOB_COMPLETION_INDEX, SLURM_ARRAY_TASK_ID and PARALLEL_SEQ is set; say I/N`,
    )
  }
  if (other !== undefined) {
    throw new UsageError(`--shard ${text}: runs in ${task.runner} and in ${other.runner}; say I/N`)
  }
  const count = wanted ?? task.count
  if (count === undefined) {
    throw new UsageError(`--shard ${text}: ${task.runner} does not say how many parts there are; say auto/N`)
  }
  if (task.count !== undefined && task.count !== count) {
    throw new UsageError(`--shard ${text}: ${task.runner} has ${task.count} tasks; say I/N`)
  }
  if (task.index >= count) {
    throw new UsageError(`--shard ${text}: ${task.runner} runs part ${task.index + 1} of ${count}`)
  }
  return { index: task.index, count }
}

/** https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode: from 0 to .spec.completions - 1. */
function kubernetes(env: Environment): Task | undefined {
  const index = numberIn(env, 'JOB_COMPLETION_INDEX')
  return index === undefined ? undefined : { runner: 'a Kubernetes Job', index, count: undefined }
}

/** parallel(1), "ENVIRONMENT VARIABLES": the sequence number of the job, from 1. */
function parallel(env: Environment): Task | undefined {
  const sequence = numberIn(env, 'PARALLEL_SEQ', 1)
  return sequence === undefined
    ? undefined
    : { runner: 'GNU parallel', index: sequence - 1, count: undefined }
}

/** sbatch(1), "OUTPUT ENVIRONMENT VARIABLES": identifiers from MIN to MAX; there may be gaps, by a step or a list. */
function slurm(env: Environment): Task | undefined {
  const id = numberIn(env, 'SLURM_ARRAY_TASK_ID')
  if (id === undefined) return undefined
  const min = numberIn(env, 'SLURM_ARRAY_TASK_MIN') ?? 0
  const max = numberIn(env, 'SLURM_ARRAY_TASK_MAX')
  const count = numberIn(env, 'SLURM_ARRAY_TASK_COUNT', 1)
  if (count === undefined || max === undefined || id < min || max - min + 1 !== count) {
    throw new UsageError(
      `--shard auto: the identifiers of the Slurm array must follow each other (--array=1-N); else say I/N`,
    )
  }
  return { runner: 'a Slurm array', index: id - min, count }
}

function numberIn(env: Environment, name: string, min = 0): number | undefined {
  const text = env[name]
  if (text === undefined || text === '') return undefined
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= min && value <= MOST)) {
    throw new UsageError(`--shard auto: ${name} is not a whole number from ${min}: ${shown(text)}`)
  }
  return value
}
