// @ts-check
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runChild } from './child.mjs'
import { filesToRunOnceMore, withSecondRun } from './once-more.mjs'
import { childEnv } from './set-up.mjs'

/** @typedef {import('./tally.mjs').Outcome} Outcome */

/** @typedef {keyof typeof SUITES} Project @typedef {{ coverage: boolean, filters: readonly string[] }} Options */

/**
 * The projects of vitest.config.ts: what a part is called, how long it may take, whether few failures are run again, and
 * how many files at once (`undefined`: as vitest sees fit). Lab tests mostly wait.
 */
export const SUITES = /** @type {const} */ ({
  unit: { part: 'unit tests', limitMs: 600_000, onceMore: false, atOnce: undefined },
  lab: { part: 'lab tests', limitMs: 1_200_000, onceMore: true, atOnce: 2 },
  pack: { part: 'install tests', limitMs: 900_000, onceMore: false, atOnce: undefined },
})

/**
 * Runs one vitest project and, where that helps, the few of its files that have failures once more, within the
 * time that the part has.
 * @param {string} root
 * @param {Project} project
 * @param {Options} options
 * @returns {Promise<Outcome[]>}
 */
export async function runSuite(root, project, options) {
  const { part, limitMs, onceMore, atOnce } = SUITES[project]
  const startedAt = performance.now()
  const first = await runOnce(root, project, { ...options, part, limitMs, atOnce })
  const files = onceMore ? filesToRunOnceMore(first) : []
  if (files.length === 0) return first
  const second = await runOnce(root, project, {
    coverage: false,
    filters: files.map((file) => join(root, file)),
    part: `${part}, once more`,
    limitMs: Math.max(1, limitMs - (performance.now() - startedAt)),
    atOnce: 1,
  })
  return withSecondRun(first, second, files)
}

/**
 * Runs one vitest project in a process of its own and reads what its recorder wrote. A run that ends without a
 * complete record, or without any test, is a failure.
 * @param {string} root
 * @param {Project} project
 * @param {Options & { readonly part: string, readonly limitMs: number, readonly atOnce: number | undefined }} options
 * @returns {Promise<Outcome[]>}
 */
async function runOnce(root, project, { coverage, filters, part, limitMs, atOnce }) {
  const folder = mkdtempSync(join(tmpdir(), 'portkit-test-'))
  // Tests that give up their privileges have to get at their files.
  chmodSync(folder, 0o755)
  const clean = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', clean)
  try {
    const record = join(folder, 'outcomes.json')
    const order = JSON.stringify({ root, project, record, coverage, filters, atOnce })
    // What a test that was cut short leaves in its temporary folder goes with ours.
    const env = { ...childEnv(root), TMPDIR: folder }
    const script = join(root, 'tools', 'vitest-run.mjs')
    const ended = await runChild(process.execPath, [script, order], { cwd: root, env, limitMs })
    return completed(part, readRecord(record), ended, filters.length > 0)
  } finally {
    process.removeListener('exit', clean)
    clean()
  }
}

/**
 * @param {string} part
 * @param {Outcome[] | undefined} recorded nothing when the run ended before it could write its record
 * @param {import('./child.mjs').Ended} ended
 * @param {boolean} mayBeEmpty
 * @returns {Outcome[]}
 */
export function completed(part, recorded, ended, mayBeEmpty) {
  const broken = (/** @type {string} */ what) => {
    /** @type {Outcome} */
    const outcome = {
      name: part,
      state: 'failed',
      detail: `${ended.output}\n${what} (${ended.why})`.trim(),
    }
    return [...(recorded ?? []), outcome]
  }
  if (recorded === undefined) return broken('the test runner ended without a report')
  if (recorded.length === 0 && !mayBeEmpty) return broken('no test was found')
  const explained = ended.ok || recorded.some(({ state }) => state === 'failed')
  return explained ? recorded : broken('every test passed, but the test runner failed')
}

/**
 * @param {string} file
 * @returns {Outcome[] | undefined}
 */
function readRecord(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
