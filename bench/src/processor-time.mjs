/**
 * @typedef {import('@portkit/lab/command').RunOptions} RunOptions
 * @typedef {import('@portkit/lab/command').RunResult} RunResult
 * @typedef {{
 *   readonly exec: (command: string, args?: readonly string[], options?: RunOptions) => Promise<RunResult>,
 * }} Inside a lab or another world: what runs programs at the probe
 */

const TIMED = `TIMEFORMAT='time %3U %3S %3R'; time "$@"`
const PATIENCE_MS = 60_000

/**
 * Runs a program inside a lab to its end, and tells what it took. Needs bash.
 * @param {Inside} lab @param {string} command @param {readonly string[]} args
 * @returns {Promise<{ readonly processorMs: number, readonly wallMs: number, readonly status: number | null }>} user and system time together
 * @throws {Error} when it did not end
 */
export async function processorTime(lab, command, args) {
  const line = ['-c', TIMED, 'bash', command, ...args]
  const { stderr, status, timedOut } = await lab.exec('bash', line, { timeoutMs: PATIENCE_MS })
  if (timedOut) throw new Error(`${command} did not end`)
  const [, user, system, wall] = /^time ([\d.]+) ([\d.]+) ([\d.]+)$/m.exec(stderr) ?? []
  if (wall === undefined) throw new Error(`${command} failed: ${stderr.slice(0, 500)}`)
  return { processorMs: (Number(user) + Number(system)) * 1000, wallMs: Number(wall) * 1000, status }
}
