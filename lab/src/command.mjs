import { spawn } from 'node:child_process'

/**
 * @typedef {{
 *   readonly send: NodeJS.Signals,
 *   readonly afterMs?: number,
 *   readonly afterOutput?: RegExp,
 * }} SignalRule a signal to send, so long after the start or as soon as stdout matches
 * @typedef {{
 *   readonly stdin?: string | Uint8Array,
 *   readonly timeoutMs?: number,
 *   readonly signals?: readonly SignalRule[],
 *   readonly env?: NodeJS.ProcessEnv,
 *   readonly cwd?: string,
 * }} RunOptions without `stdin` it is /dev/null; `timeoutMs` is 20,000 unless said otherwise
 * @typedef {{
 *   readonly stdout: string,
 *   readonly stderr: string,
 *   readonly status: number | null,
 *   readonly signal: NodeJS.Signals | null,
 *   readonly timedOut: boolean,
 * }} RunResult
 * @typedef {{
 *   readonly pid: number,
 *   readonly stdout: () => string,
 *   readonly stderr: () => string,
 *   readonly until: (pattern: RegExp) => Promise<RegExpExecArray>,
 *   readonly kill: (signal: NodeJS.Signals) => void,
 *   readonly done: Promise<RunResult>,
 * }} Running `until` waits for stdout to match and rejects when the program ends without; `kill` reaches its children too
 */

/** A program that says more than this on one of its outputs is ended: octets. */
const MOST_OUTPUT = 64 * 1024 * 1024

/**
 * Runs a program to its end, which comes by SIGKILL after `timeoutMs` at the latest.
 * @param {string} command @param {readonly string[]} args @param {RunOptions} options
 * @returns {Promise<RunResult>} rejects only when the program could not be started
 */
export function run(command, args, options = {}) {
  return start(command, args, options).done
}

/**
 * Starts a program in its own process group.
 * @param {string} command @param {readonly string[]} args @param {RunOptions} options
 * @returns {Running}
 */
export function start(command, args, options = {}) {
  const { stdin, timeoutMs = 20_000, signals = [], env = process.env, cwd } = options
  const input = stdin === undefined ? 'ignore' : 'pipe'
  const child = spawn(command, args, { stdio: [input, 'pipe', 'pipe'], detached: true, env, cwd })
  const pid = child.pid ?? 0
  const kill = (/** @type {NodeJS.Signals} */ signal) => signalGroup(child, signal)
  let timedOut = false
  const giveUp = () => {
    kill('SIGKILL')
    // A grandchild that left the group may still hold the pipes open.
    child.stdout?.destroy()
    child.stderr?.destroy()
  }
  const limit = setTimeout(() => {
    timedOut = true
    giveUp()
  }, timeoutMs)
  const out = collect(child.stdout, giveUp)
  const err = collect(child.stderr, giveUp)
  const stop = sendSignals(signals, kill, out)
  // A program may well end without reading its input.
  child.stdin?.on('error', () => {})
  child.stdin?.end(stdin)
  const done = ended(child).then(({ status, signal }) => {
    clearTimeout(limit)
    stop()
    return { stdout: out.text(), stderr: err.text(), status, signal, timedOut }
  })
  // Whoever only waits for output learns of a failure there.
  done.catch(() => {})
  return {
    pid,
    stdout: out.text,
    stderr: err.text,
    kill,
    done,
    until: (pattern) => until(pattern, out, done),
  }
}

/** @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals} signal */
function signalGroup({ pid, exitCode, signalCode }, signal) {
  if (pid === undefined || exitCode !== null || signalCode !== null) return
  try {
    process.kill(-pid, signal)
  } catch {
    // It ended this very moment.
  }
}

/** @param {import('node:child_process').ChildProcess} child */
function ended(child) {
  return new Promise(
    (
      /** @type {(end: Pick<RunResult, 'status' | 'signal'>) => void} */ resolve,
      /** @type {(e: Error) => void} */ reject,
    ) => {
      child.once('error', reject)
      child.once('close', (status, signal) => resolve({ status, signal }))
    },
  )
}

/**
 * @typedef {{ readonly text: () => string, readonly onText: (listener: () => void) => () => void }} Collected
 * @param {import('node:stream').Readable | null} stream @param {() => void} tooMuch
 * @returns {Collected}
 */
function collect(stream, tooMuch) {
  /** @type {Buffer[]} */
  const chunks = []
  let octets = 0
  stream?.on('data', (/** @type {Buffer} */ chunk) => {
    octets += chunk.length
    if (octets > MOST_OUTPUT) return tooMuch()
    chunks.push(chunk)
  })
  return {
    text: () => Buffer.concat(chunks).toString('utf8'),
    onText(listener) {
      stream?.on('data', listener)
      return () => stream?.off('data', listener)
    },
  }
}

/**
 * @param {readonly SignalRule[]} rules @param {(signal: NodeJS.Signals) => void} kill @param {Collected} out
 * @returns {() => void} stops waiting
 */
function sendSignals(rules, kill, out) {
  const stops = rules.map(({ send, afterMs, afterOutput }) => {
    if (afterOutput) return onceMatching(afterOutput, out, () => kill(send))
    const timer = setTimeout(() => kill(send), afterMs ?? 0)
    return () => clearTimeout(timer)
  })
  return () => {
    for (const stop of stops) stop()
  }
}

/** @param {RegExp} pattern @param {Collected} out @param {Promise<RunResult>} done */
function until(pattern, out, done) {
  return new Promise(
    (/** @type {(match: RegExpExecArray) => void} */ resolve, /** @type {(e: unknown) => void} */ reject) => {
      const stop = onceMatching(pattern, out, resolve)
      done.then(({ status, signal, stderr }) => {
        stop()
        reject(
          new Error(`ended (${signal ?? status}) before its output matched ${pattern}: ${stderr.trim()}`),
        )
      }, reject)
    },
  )
}

/** @param {RegExp} pattern @param {Collected} out @param {(match: RegExpExecArray) => void} then */
function onceMatching(pattern, out, then) {
  const look = () => {
    const match = pattern.exec(out.text())
    if (!match) return
    stop()
    then(match)
  }
  const stop = out.onText(look)
  look()
  return stop
}
