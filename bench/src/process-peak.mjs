import { readFileSync } from 'node:fs'

/** Often enough for a process that lives a second. */
const LOOK_MS = 10
const STATUS = `process.stdout.write(require('node:fs').readFileSync('/proc/self/status'))`

/**
 * Follows a process's peak of resident memory while it runs. getrusage(2) would tell that of whoever started it.
 * @param {number} pid @returns {{ readonly stop: () => number }} `stop` gives MiB, and may be called twice; until then
 *   this process does not end
 */
export function watchPeak(pid) {
  let peakMiB = 0
  const look = () => {
    peakMiB = Math.max(peakMiB, peakOf(`/proc/${pid}/status`))
  }
  const timer = setInterval(look, LOOK_MS)
  return {
    stop() {
      clearInterval(timer)
      return peakMiB
    },
  }
}

/** Peak of a Node that does nothing, in MiB. @param {import('./processor-time.mjs').Inside} lab @returns {Promise<number>} */
export async function idlePeak(lab) {
  return peakIn((await lab.exec(process.execPath, ['-e', STATUS])).stdout)
}

/** @param {string} path */
function peakOf(path) {
  try {
    return peakIn(readFileSync(path, 'latin1'))
  } catch {
    // It is gone.
    return 0
  }
}

/** @param {string} status as in proc_pid_status(5) @returns {number} MiB; 0 for a process that has ended */
function peakIn(status) {
  return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024
}
