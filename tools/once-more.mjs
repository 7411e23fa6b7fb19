// @ts-check
import { NOT_RUN } from './recorder.mjs'

/** @typedef {import('./tally.mjs').Outcome} Outcome */

/** Where more files than these have failures, it is no accident. */
const MOST_FILES = 3

/**
 * The test files with failures, which may pass when all that they do is done again.
 * @param {readonly Outcome[]} outcomes
 * @returns {string[]} none when nothing failed, when too many files have failures, or when what failed is of no file
 */
export function filesToRunOnceMore(outcomes) {
  const failed = outcomes.flatMap(({ state, file }) => (state === 'failed' && file ? [file] : []))
  const files = new Set(failed)
  return files.size > MOST_FILES ? [] : [...files]
}

/**
 * What a run and a second one of some of its files say together, each test once. What fails in the second run is a
 * failure. What failed in the first one only has passed at its second try; a hook, a file or an error outside any
 * test has so when nothing at all failed around it any more. A test that was skipped stays so.
 * @param {readonly Outcome[]} first
 * @param {readonly Outcome[]} second
 * @param {readonly string[]} files those that the second run was of
 * @returns {Outcome[]}
 */
export function withSecondRun(first, second, files) {
  const left = queues(second)
  const isClean = (/** @type {string | undefined} */ file) =>
    (file === undefined ? files : [file]).every((one) => ranClean(second, one))
  const judged = first.map((outcome) => {
    const { file } = outcome
    if (file !== undefined && !files.includes(file)) return outcome
    const then = left.get(key(outcome))?.shift()
    return then === undefined ? missingNow(outcome, isClean(file)) : both(outcome, then)
  })
  return [...judged, ...[...left.values()].flat()]
}

/**
 * @param {readonly Outcome[]} second
 * @param {string} file
 */
function ranClean(second, file) {
  const isThere = second.some((outcome) => outcome.file === file)
  return isThere && !second.some(({ state, file: of = file }) => state === 'failed' && of === file)
}

/**
 * Tests of one name follow each other in both runs.
 * @param {readonly Outcome[]} outcomes
 */
function queues(outcomes) {
  /** @type {Map<string, Outcome[]>} */
  const found = new Map()
  for (const outcome of outcomes) found.set(key(outcome), [...(found.get(key(outcome)) ?? []), outcome])
  return found
}

/** @param {Outcome} outcome */
function key({ name, around }) {
  return `${around ? 'around ' : ''}${name}`
}

/**
 * @param {Outcome} first of which the second run says nothing, as of a hook that did not fail
 * @param {boolean} isClean whether nothing failed where it belongs to
 * @returns {Outcome}
 */
function missingNow(first, isClean) {
  return first.state === 'failed' && first.around && isClean ? passedThen(first, '') : first
}

/**
 * @param {Outcome} first
 * @param {Outcome} then
 * @returns {Outcome}
 */
function both(first, then) {
  switch (first.state) {
    case 'passed':
      return then.state === 'failed' ? then : first
    case 'skipped':
      return first.detail === NOT_RUN || then.state === 'failed' ? then : first
    case 'failed':
      return failedFirst(first, then)
  }
}

/**
 * @param {Outcome} first
 * @param {Outcome} then
 * @returns {Outcome}
 */
function failedFirst(first, then) {
  switch (then.state) {
    case 'passed':
      return passedThen(first, then.detail)
    case 'failed':
      return { ...first, detail: `${first.detail}\n\nand when its file was run once more:\n${then.detail}` }
    case 'skipped':
      return first
  }
}

/**
 * @param {Outcome} first
 * @param {string} detail of the second run, where one try failed as well
 * @returns {Outcome}
 */
function passedThen(first, detail) {
  const told = [first.detail, detail, 'passed when its file was run once more'].filter((text) => text !== '')
  return { ...first, state: 'passed', secondTry: true, detail: told.join('\n\n') }
}
