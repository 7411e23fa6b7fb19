// @ts-check
import { relative } from 'node:path'
import { runChild } from './child.mjs'
import { listPackages } from './packages.mjs'
import { childEnv, SetUpError, setUp } from './set-up.mjs'

/** @typedef {import('./tally.mjs').Outcome} Outcome */

/**
 * One static check: it passes or fails as a whole.
 * @typedef {object} Check
 * @property {string} name
 * @property {() => Promise<Outcome>} run
 */

const LIMIT_MS = 300_000

/**
 * Everything that is looked at without running it. The build comes first: the package checks look at its result.
 * @param {string} root
 * @returns {Check[]}
 */
export function staticChecks(root) {
  const packages = listPackages(root).filter(({ isPublic }) => isPublic)
  const libraries = packages.filter(({ bin }) => Object.keys(bin).length === 0)
  return [
    { name: 'build', run: () => buildOutcome(root) },
    command(root, 'biome', ['biome', 'check', '--error-on-warnings']),
    command(root, 'types', ['tsc', '-b']),
    command(root, 'knip', ['knip']),
    ...packages.map(({ name, folder }) =>
      command(root, `publint ${name}`, ['publint', 'run', relative(root, folder), '--strict']),
    ),
    ...libraries.map(({ name, folder }) =>
      command(root, `attw ${name}`, ['attw', '--pack', relative(root, folder), '--profile', 'esm-only']),
    ),
  ]
}

/**
 * @param {string} root
 * @param {string} name
 * @param {[string, ...string[]]} commandLine a command of node_modules/.bin and its arguments
 * @returns {Check}
 */
function command(root, name, [file, ...args]) {
  const run = async () => {
    const { ok, why, output } = await runChild(file, args, {
      cwd: root,
      env: childEnv(root),
      limitMs: LIMIT_MS,
    })
    return ok ? passed(name) : failed(name, `${output.trimEnd()}\n${[file, ...args].join(' ')}: ${why}`)
  }
  return { name, run }
}

/**
 * @param {string} root
 * @returns {Promise<Outcome>}
 */
async function buildOutcome(root) {
  try {
    await setUp(root)
    return passed('build')
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error
    return failed('build', error.message)
  }
}

/**
 * @param {string} name
 * @returns {Outcome}
 */
function passed(name) {
  return { name, state: 'passed', detail: '' }
}

/**
 * @param {string} name
 * @param {string} detail
 * @returns {Outcome}
 */
function failed(name, detail) {
  return { name, state: 'failed', detail }
}
