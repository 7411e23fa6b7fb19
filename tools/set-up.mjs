// @ts-check
import { readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { runChild } from './child.mjs'
import { withLock } from './lock.mjs'
import { buildInputs, installInputs, isBuilt, isInstalled, stampFolder, writeStamp } from './stamps.mjs'

const MINUTE_MS = 60_000
const TAIL_LINES = 30

/** What went wrong during set-up, with the log's end: said to the user without a stack. */
export class SetUpError extends Error {}

/**
 * Installs the dependencies and builds the tools unless nothing changed since the last time, which a stamp under
 * node_modules tells. Says on stderr what it does when it does something; writes nothing to stdout.
 * @param {string} root
 * @returns {Promise<void>} rejects with a SetUpError
 */
export async function setUp(root) {
  if (isInstalled(root) && isBuilt(root)) return
  await locked(root, async () => {
    await install(root)
    await build(root)
  })
}

/**
 * The first half of setUp, for those who build as one of their checks.
 * @param {string} root
 */
export async function setUpDependencies(root) {
  if (!isInstalled(root)) await locked(root, () => install(root))
}

/**
 * @param {string} root
 * @param {() => Promise<void>} work
 */
async function locked(root, work) {
  const onWait = (/** @type {number} */ holder) => say(`waiting for process ${holder}, which is setting up`)
  try {
    await withLock(join(stampFolder(root), 'lock'), { limitMs: 10 * MINUTE_MS, onWait }, work)
  } catch (error) {
    throw error instanceof SetUpError
      ? error
      : new SetUpError(error instanceof Error ? error.message : `${error}`)
  }
}

/** @param {string} root */
async function install(root) {
  if (isInstalled(root)) return
  const stamp = installInputs(root)
  say('installing dependencies (the first time this takes a while)')
  const [file, ...args] = pnpm(root)
  // Our .npmrc silences npm's banner, and with it everything that pnpm has to say when it fails.
  const said = ['--loglevel=info', '--reporter=append-only']
  const options = ['install', '--frozen-lockfile', ...said, '--config.confirm-modules-purge=false']
  await step(root, 'installing dependencies', file, [...args, ...options])
  writeStamp(root, 'installed', stamp)
}

/** @param {string} root */
async function build(root) {
  if (isBuilt(root)) return
  const stamp = buildInputs(root)
  say('building')
  const turbo = join(root, 'node_modules', '.bin', 'turbo')
  await step(root, 'building', turbo, ['run', 'build', '--output-logs=errors-only'])
  writeStamp(root, 'built', stamp)
}

/**
 * @param {string} root
 * @param {string} what
 * @param {string} file
 * @param {readonly string[]} args
 */
async function step(root, what, file, args) {
  const { ok, why, output } = await runChild(file, args, {
    cwd: root,
    env: childEnv(root),
    limitMs: 10 * MINUTE_MS,
  })
  if (ok) return
  const tail = output.trimEnd().split('\n').slice(-TAIL_LINES).join('\n')
  throw new SetUpError(`${tail}\nportkit: ${what} failed (${why})`)
}

/**
 * The environment for every program that the set-up and the tests start: local commands on PATH, no telemetry,
 * and without what an outer `npm` exports for its own sake, such as our .npmrc's loglevel=silent.
 * @param {string} root
 * @returns {NodeJS.ProcessEnv}
 */
export function childEnv(root) {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_(lifecycle|package|command|config_loglevel)/i.test(name),
  )
  const env = Object.fromEntries(kept)
  const path = [join(root, 'node_modules', '.bin'), dirname(process.execPath), env.PATH ?? ''].join(delimiter)
  return {
    ...env,
    PATH: path,
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    DO_NOT_TRACK: '1',
  }
}

/**
 * @param {string} root
 * @returns {[string, ...string[]]} the command that runs the very pnpm that package.json names
 */
function pnpm(root) {
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager
  const local = join(root, 'node_modules', 'pnpm')
  if (wanted === `pnpm@${versionIn(local)}`) return [process.execPath, join(local, 'bin', 'pnpm.cjs')]
  const { npm_execpath: npm = '' } = process.env
  const exec = ['exec', '--yes', '--loglevel=error', '--', wanted]
  return npm.endsWith('npm-cli.js') ? [process.execPath, npm, ...exec] : ['npm', ...exec]
}

/** @param {string} folder */
function versionIn(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version
  } catch {
    return undefined
  }
}

/** @param {string} text */
function say(text) {
  process.stderr.write(`portkit: ${text}\n`)
}
