import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { NC_TS } from '../tools.mjs'

/** Ticks of /proc/PID/stat (proc_pid_stat(5)): always a hundred a second on Linux. */
const TICK_MS = 10
/** Starting is not part of being idle. */
const SETTLE_MS = 1000

/**
 * Processor time of a connection that is held open with an idle peer.
 * @param {import('../figures.mjs').Context} context @returns {Promise<import('../figures.mjs').Report>}
 */
export async function ncIdle({ quick }) {
  const seconds = quick ? 3 : 10
  const server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = String(typeof address === 'object' ? address?.port : '')
  const child = spawn(process.execPath, [NC_TS, '127.0.0.1', port], { stdio: ['pipe', 'ignore', 'inherit'] })
  try {
    await sleep(SETTLE_MS)
    const before = ticks(child.pid)
    await sleep(seconds * 1000)
    const usedMs = (ticks(child.pid) - before) * TICK_MS
    const value = usedMs / (seconds * 10)
    return {
      figures: [{ what: `nc-idle: ${seconds} s, idle peer`, value, unit: '% CPU', limit: 0.5, samples: 1 }],
      raw: { usedMs, seconds },
    }
  } finally {
    child.kill('SIGKILL')
    server.close()
  }
}

/** @param {number | undefined} pid @returns {number} user and system time so far */
function ticks(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}

/** @param {number} ms */
function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
