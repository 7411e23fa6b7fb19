import type { Worker } from 'node:worker_threads'
import { builtin } from '../builtin.ts'
import type { Pattern, PatternMatch } from '../patterns.ts'

/** A text for the worker, and the patterns to try from `from` to before `to`. */
export interface Question {
  readonly text: string
  readonly from: number
  readonly to: number
}

/** As text, so that no file of its own has to be shipped. `beat[0]` is the pattern under way, `beat[1]` counts them. */
const SOURCE = `
const { parentPort, workerData } = require('node:worker_threads')
const { patterns, beat } = workerData
const compiled = []
const compile = (at) => {
  try {
    return new RegExp(patterns[at].source, patterns[at].flags)
  } catch {
    return null
  }
}
const match = (at, text) => {
  try {
    return (compiled[at] ??= compile(at))?.exec(text) ?? null
  } catch {
    return null
  }
}
parentPort.on('message', ({ text, from, to, without }) => {
  for (let at = from; at < to; at++) {
    if (without.includes(at)) continue
    Atomics.store(beat, 0, at)
    Atomics.add(beat, 1, 1)
    const groups = match(at, text)
    if (groups !== null) return parentPort.postMessage({ at, groups: [...groups] })
  }
  parentPort.postMessage(undefined)
})
parentPort.postMessage(undefined)
`

/** Octets of stack and heap are bounded as well: a pattern may want much. */
const LIMITS = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 }

/** A thread that matches. */
export interface PatternWorker {
  /** The pattern under way, and how many were begun so far. */
  progress(): { readonly at: number; readonly begun: number }
  /** undefined for no match. Rejects when the thread has ended. */
  ask(question: Question, without: readonly number[]): Promise<PatternMatch | undefined>
  end(): void
}

/** Resolves once the thread runs. Rejects when it cannot be started. */
export async function startPatternWorker(patterns: readonly Pattern[]): Promise<PatternWorker> {
  const { Worker } = builtin<typeof import('node:worker_threads')>('node:worker_threads')
  const beat = new Int32Array(new SharedArrayBuffer(8))
  const worker = new Worker(SOURCE, {
    eval: true,
    env: {},
    execArgv: [],
    resourceLimits: LIMITS,
    workerData: { patterns, beat },
  })
  const answers = answersOf(worker)
  await answers.next()
  return {
    progress: () => ({ at: Atomics.load(beat, 0), begun: Atomics.load(beat, 1) }),
    ask(question, without) {
      const answer = answers.next()
      worker.postMessage({ ...question, without })
      return answer
    },
    end: () => void worker.terminate(),
  }
}

type Settle = (error: Error | undefined, match?: PatternMatch) => void

/** While an answer is waited for the thread keeps the process alive, and only then. */
function answersOf(worker: Worker) {
  let waiting: Settle | undefined
  let ended: Error | undefined
  const settle: Settle = (error, match) => {
    ended ??= error
    worker.unref()
    waiting?.(error, match)
    waiting = undefined
  }
  worker.on('message', (match: PatternMatch | undefined) => settle(undefined, match))
  worker.on('error', (error) => settle(error))
  worker.on('exit', () => settle(new Error('the thread has ended')))
  return {
    next(): Promise<PatternMatch | undefined> {
      return new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended)
        worker.ref()
        waiting = (error, match) => (error === undefined ? resolve(match) : reject(error))
      })
    },
  }
}
