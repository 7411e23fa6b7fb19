import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/**
 * A helper process of ours inside a namespace. It reads one JSON request a line and writes one JSON answer a line, in
 * order; the first request is its configuration. It ends when its stdin ends, so it never outlives its owner.
 *
 * @typedef {{
 *   readonly request: (message: object) => Promise<Record<string, unknown>>,
 *   readonly release: () => void,
 *   readonly gone: () => Promise<void>,
 * }} Puppet `request` rejects with what the helper said was wrong; `gone` waits for its end;
 *   `release` lets it live on by itself
 * @typedef {{
 *   resolve: (answer: Record<string, unknown>) => void,
 *   reject: (error: Error) => void,
 * }} Waiting
 */

/**
 * @param {string} namespace
 * @param {URL} script
 * @param {object} config `{ keep: true }` makes it go on after stdin has ended
 * @returns {Promise<Puppet>} once it has said that it is ready
 */
export function startPuppet(namespace, script, config) {
  return startProgram(namespace, [process.execPath, fileURLToPath(script)], config)
}

/**
 * The same for a program that is not run by Node.
 * @param {string} namespace
 * @param {readonly string[]} command with its arguments
 * @param {object} config
 * @returns {Promise<Puppet>} once it has said that it is ready
 */
export async function startProgram(namespace, command, config) {
  const child = spawn('ip', ['netns', 'exec', namespace, ...command], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: plainEnvironment(),
  })
  const puppet = converse(child)
  await puppet.request(config)
  return puppet
}

/** Settings of a test runner around us must not reach our helpers. */
function plainEnvironment() {
  const { NODE_OPTIONS: _options, NODE_V8_COVERAGE: _coverage, ...env } = process.env
  return env
}

/**
 * @param {import('node:child_process').ChildProcessByStdio<import('node:stream').Writable, import('node:stream').Readable, import('node:stream').Readable>} child
 * @returns {Puppet}
 */
function converse(child) {
  const handles = [child, child.stdin, child.stdout, child.stderr]
  /** @type {Waiting[]} */
  const waiting = []
  let complaint = ''
  child.stderr.on('data', (text) => {
    complaint = `${complaint}${text}`.slice(-4096)
  })
  const ended = new Promise((/** @type {(nothing: void) => void} */ resolve) => {
    child.once('close', () => resolve())
    child.once('error', (error) => {
      complaint = error.message
      resolve()
    })
  }).then(() => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`lab helper ended: ${complaint.trim()}`))
  })
  child.stdin.on('error', () => {})
  createInterface({ input: child.stdout }).on('line', (line) => {
    const next = waiting.shift()
    if (waiting.length === 0) hold(handles, false)
    next?.resolve(JSON.parse(line))
  })
  return { request, release, gone }

  function gone() {
    hold(handles, true)
    return ended
  }

  /** @param {object} message @returns {Promise<Record<string, unknown>>} */
  async function request(message) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`lab helper ended: ${complaint}`)
    const answer = await new Promise(
      (/** @type {Waiting['resolve']} */ resolve, /** @type {Waiting['reject']} */ reject) => {
        waiting.push({ resolve, reject })
        hold(handles, true)
        child.stdin.write(`${JSON.stringify(message)}\n`)
      },
    )
    if (answer.error !== undefined) throw new Error(String(answer.error))
    return answer
  }

  function release() {
    child.stdin.end()
    child.stdout.destroy()
    child.stderr.destroy()
    hold(handles, false)
  }
}

/**
 * A waiting request keeps this process alive; an idle helper does not.
 * @param {readonly object[]} handles @param {boolean} on
 */
function hold(handles, on) {
  for (const handle of handles) {
    const name = on ? 'ref' : 'unref'
    if (name in handle) /** @type {Record<string, () => void>} */ (handle)[name]?.()
  }
}
