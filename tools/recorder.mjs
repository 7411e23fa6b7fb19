// @ts-check
import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

/**
 * @typedef {import('./tally.mjs').Outcome} Outcome
 * @typedef {import('vitest/node').TestCase} TestCase
 * @typedef {import('vitest/node').TestModule} TestModule
 * @typedef {import('vitest/node').TestSuite} TestSuite
 * @typedef {import('vitest/node').SerializedError | import('vitest').TestError} TestError
 */

/** Why a test was not run that nobody skipped. */
export const NOT_RUN = 'not run, since something before it failed'

/** How a title tells why its tests are skipped, for those that cannot say `context.skip(REASON)`. */
const REASON_IN_TITLE = /\(skipped: ([^)]+)\)/

/**
 * A vitest reporter that writes every outcome to a file when the run has ended.
 * @param {string} root
 * @param {string} file
 * @returns {import('vitest/node').Reporter}
 */
export function recorder(root, file) {
  const log = (/** @type {string} */ what, /** @type {string} */ path) =>
    void process.stdout.write(`${what} ${relative(root, path)}\n`)
  return {
    // Seen by nobody unless the run breaks off: then the file that started and did not end is the culprit.
    onTestModuleStart: ({ moduleId }) => log('started', moduleId),
    onTestModuleEnd: ({ moduleId }) => log('ended', moduleId),
    onTestRunEnd(modules, unhandled) {
      const outcomes = modules.flatMap((testModule) => moduleOutcomes(root, testModule))
      const stray = unhandled.map((error) => strayFailure(root, error))
      writeFileSync(file, JSON.stringify([...outcomes, ...stray]))
    },
  }
}

/**
 * @param {string} root
 * @param {TestModule} testModule
 * @returns {Outcome[]}
 */
function moduleOutcomes(root, testModule) {
  const file = relative(root, testModule.moduleId)
  const tests = [...testModule.children.allTests()].map((test) => testOutcome(file, test))
  const broken = [testModule, ...testModule.children.allSuites()].filter((suite) => suite.errors().length > 0)
  const suites = broken.map((suite) => around(failure(suiteName(file, suite), suite.errors())))
  return [...tests, ...suites, ...cutShort(file, testModule, tests)].map((outcome) => ({ ...outcome, file }))
}

/**
 * A file whose process died before it had any test.
 * @param {string} file
 * @param {TestModule} testModule
 * @param {readonly Outcome[]} tests
 * @returns {Outcome[]}
 */
function cutShort(file, testModule, tests) {
  if (tests.length > 0 || !['queued', 'pending'].includes(testModule.state())) return []
  return [around({ name: file, state: 'failed', detail: 'the run ended before this file did' })]
}

/**
 * An error that no test can be blamed for; the worker says which file it ran then, unless it died.
 * @param {string} root
 * @param {TestError} error
 * @returns {Outcome}
 */
function strayFailure(root, error) {
  const { VITEST_TEST_PATH: path } = /** @type {{ readonly VITEST_TEST_PATH?: unknown }} */ (error)
  if (typeof path !== 'string') return around(failure('outside any test', [error]))
  const file = relative(root, path)
  return around({ ...failure(`${file} > outside any test`, [error]), file })
}

/**
 * @param {Outcome} outcome
 * @returns {Outcome}
 */
function around(outcome) {
  return { ...outcome, around: true }
}

/**
 * @param {string} file
 * @param {TestModule | TestSuite} suite
 */
function suiteName(file, suite) {
  return suite.type === 'suite' ? `${file} > ${suite.fullName}` : file
}

/**
 * @param {string} file
 * @param {TestCase} test
 * @returns {Outcome}
 */
function testOutcome(file, test) {
  const name = `${file} > ${test.fullName}`
  const result = test.result()
  switch (result.state) {
    case 'passed':
      return test.diagnostic()?.flaky ? secondTry(name, result.errors) : { name, state: 'passed', detail: '' }
    case 'failed':
      return failure(name, result.errors)
    case 'skipped':
      return { name, state: 'skipped', detail: result.note ?? skipReason(test) }
    case 'pending':
      return { name, state: 'failed', detail: 'the run ended before this test did' }
  }
}

/** @param {TestCase} test */
function skipReason(test) {
  if (isBrokenAbove(test.parent)) return NOT_RUN
  return REASON_IN_TITLE.exec(test.fullName)?.[1] ?? 'no reason given'
}

/**
 * @param {TestModule | TestSuite} parent
 * @returns {boolean} whether a hook or the file itself failed
 */
function isBrokenAbove(parent) {
  return parent.errors().length > 0 || (parent.type === 'suite' && isBrokenAbove(parent.parent))
}

/**
 * @param {string} name
 * @param {readonly TestError[]} errors
 * @returns {Outcome}
 */
function failure(name, errors) {
  return { name, state: 'failed', detail: errorsText(errors) }
}

/**
 * @param {string} name
 * @param {readonly TestError[]} errors those of the tries that failed
 * @returns {Outcome}
 */
function secondTry(name, errors = []) {
  return { name, state: 'passed', detail: errorsText(errors), secondTry: true }
}

/** @param {readonly TestError[]} errors */
function errorsText(errors) {
  return errors.map(errorText).join('\n\n') || 'failed without an error'
}

/** @param {TestError} error */
function errorText(error) {
  const frames = error.stacks?.map(({ file, line, column }) => `    at ${file}:${line}:${column}`)
  // An error from outside any test comes with its raw stack only.
  const stack = frames ?? error.stack?.split('\n').filter((line) => /^ +at /.test(line)) ?? []
  const message = `${error.name ?? 'Error'}: ${error.message}`
  return stripVTControlCharacters([message, ...(error.diff ? [error.diff] : []), ...stack].join('\n'))
}
