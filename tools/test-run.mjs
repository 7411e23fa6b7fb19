// @ts-check
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { staticChecks } from './checks.mjs'
import { ROOT } from './root.mjs'
import { SetUpError, setUpDependencies } from './set-up.mjs'
import { runSuite, SUITES } from './suites.mjs'
import { closingText, partLine, tally } from './tally.mjs'

/**
 * @typedef {import('./tally.mjs').Outcome} Outcome
 * @typedef {keyof typeof SUITES} Project
 */

const USAGE = 'npm test [-- [--checks] [--unit] [--lab] [--pack] [--coverage] [FILE...]]'

/**
 * Runs the checks and the tests, prints a line for each part, every failure in full, by name every test that was
 * skipped or passed at its second try only, and last `N passed, N failed, N skipped`. Leaves exit status 1 when
 * anything failed.
 * @param {readonly string[]} argv
 */
export async function testRun(argv) {
  try {
    const plan = readPlan(argv, process.env)
    await setUpDependencies(ROOT)
    conclude(await runAll(plan), plan.coverage && plan.projects.includes('unit'))
  } catch (error) {
    if (!(error instanceof SetUpError) && !(error instanceof UsageError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = error instanceof UsageError ? 2 : 1
  }
}

class UsageError extends Error {}

/**
 * @typedef {object} Plan
 * @property {boolean} checks
 * @property {readonly Project[]} projects
 * @property {readonly string[]} filters parts of test files' names
 * @property {boolean} coverage
 */

const FLAG = /** @type {const} */ ({ type: 'boolean', default: false })
const FLAGS = { checks: FLAG, unit: FLAG, lab: FLAG, pack: FLAG, coverage: FLAG }

/**
 * What to run: everything, or what the options and file names pick.
 * @param {readonly string[]} argv
 * @param {NodeJS.ProcessEnv} env
 * @returns {Plan}
 */
export function readPlan(argv, env) {
  const { values, positionals } = parsed(argv)
  const all = /** @type {Project[]} */ (Object.keys(SUITES))
  const named = all.filter((project) => values[project])
  const everything = named.length === 0 && !values.checks
  return {
    checks: values.checks || (everything && positionals.length === 0),
    projects: everything ? all : named,
    filters: positionals,
    coverage: values.coverage || (env.CI ?? '') !== '',
  }
}

/** @param {readonly string[]} argv */
function parsed(argv) {
  try {
    return parseArgs({ args: [...argv], options: FLAGS, allowPositionals: true })
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}\nusage: ${USAGE}`)
  }
}

/**
 * Two lanes keep two cores busy; the lab comes afterwards without them, since it measures times.
 * @param {Plan} plan
 * @returns {Promise<Outcome[]>}
 */
async function runAll({ checks, projects, coverage, filters }) {
  const suite = (/** @type {Project} */ project) => async () => {
    if (!projects.includes(project)) return []
    const options = { coverage: coverage && project === 'unit', filters }
    return await part(SUITES[project].part, () => runSuite(ROOT, project, options))
  }
  const statics = checks ? staticChecks(ROOT) : []
  const lane = [
    ...statics.map(
      ({ name, run }) =>
        () =>
          part(name, async () => [await run()]),
    ),
    suite('pack'),
  ]
  const together = await Promise.all([inTurn(lane), suite('unit')()])
  return [...together.flat(), ...(await suite('lab')())]
}

/** @param {readonly (() => Promise<Outcome[]>)[]} steps */
async function inTurn(steps) {
  /** @type {Outcome[]} */
  const outcomes = []
  for (const step of steps) outcomes.push(...(await step()))
  return outcomes
}

/**
 * @param {string} name
 * @param {() => Promise<Outcome[]>} run
 */
async function part(name, run) {
  const startedAt = performance.now()
  const outcomes = await run()
  if (outcomes.length > 0) process.stdout.write(partLine(name, outcomes, performance.now() - startedAt))
  return outcomes
}

/**
 * @param {readonly Outcome[]} outcomes
 * @param {boolean} withCoverage
 */
function conclude(outcomes, withCoverage) {
  const coverage = withCoverage ? coverageText(join(ROOT, 'coverage', 'coverage-summary.json')) : ''
  process.stdout.write(closingText(outcomes, coverage))
  process.exitCode = tally(outcomes).failed === 0 ? 0 : 1
}

/** @param {string} file written by vitest's json-summary */
function coverageText(file) {
  const { total } = JSON.parse(readFileSync(file, 'utf8'))
  const shares = ['statements', 'branches', 'functions', 'lines'].map(
    (kind) => `${kind} ${total[kind].pct} %`,
  )
  return `\ncoverage of the unit tests: ${shares.join(', ')}\n`
}
