import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median } from '../figures.mjs'
import { NC_TS } from '../tools.mjs'
import { mustHaveLab } from '../world.mjs'

const MIB = 2 ** 20
const PATIENCE_MS = 120_000
/** /proc is looked at this often for the peak of a process that is still running. */
const LOOK_MS = 20

/** @typedef {readonly [command: string, ...args: string[]]} Command */

/**
 * A file through loopback to /dev/null, sent and received by nc-ts, and by nc, in turns.
 * @param {import('../figures.mjs').Context} context @returns {Promise<import('../figures.mjs').Report>}
 */
export async function ncRelay({ quick }) {
  mustHaveLab(['nc'])
  const folder = mkdtempSync(join(tmpdir(), 'portkit-bench-'))
  const mib = quick ? 128 : 1024
  try {
    const file = join(folder, 'octets')
    fill(file, mib)
    const raw = {
      nc: /** @type {number[]} */ ([]),
      'nc-ts': /** @type {number[]} */ ([]),
      peak: /** @type {number[]} */ ([]),
    }
    for (let round = 0; round < (quick ? 2 : 5); round++) {
      raw.nc.push((await relay(['nc'], file, 21_000 + round)).ms)
      const ours = await relay([process.execPath, NC_TS], file, 22_000 + round)
      raw['nc-ts'].push(ours.ms)
      raw.peak.push(ours.peakMiB)
    }
    const idle = (
      await peakOf(spawn(process.execPath, ['-e', 'setTimeout(() => {}, 200)'], { stdio: 'ignore' }))
    ).peakMiB
    return { figures: figuresOf(raw, idle, mib), raw }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** @param {{ nc: number[], 'nc-ts': number[], peak: number[] }} raw @param {number} idle @param {number} mib */
function figuresOf(raw, idle, mib) {
  const samples = raw.nc.length
  const [nc, ours] = [median(raw.nc), median(raw['nc-ts'])]
  const slowness = ours / nc
  return [
    { what: `nc-relay: nc, ${mib} MiB`, value: (mib / nc) * 1000, unit: 'MiB/s', samples },
    { what: `nc-relay: nc-ts, ${mib} MiB`, value: (mib / ours) * 1000, unit: 'MiB/s', samples },
    // Limits are upper ones: 1 / 0.8 of nc's time is 0.8 of its rate.
    { what: 'nc-relay: time of nc-ts / nc', value: slowness, unit: '×', limit: 1.25, samples },
    {
      what: 'nc-relay: peak above an idle node',
      value: median(raw.peak) - idle,
      unit: 'MiB',
      limit: 30,
      samples,
    },
  ]
}

/** @param {Command} command @param {string} file @param {number} port */
async function relay([command, ...args], file, port) {
  const sink = openSync('/dev/null', 'w')
  const source = openSync(file, 'r')
  const receiver = spawn(command, [...args, '-l', '127.0.0.1', String(port)], {
    stdio: ['ignore', sink, 'inherit'],
  })
  await listening(port)
  const startMs = performance.now()
  const sender = spawn(command, [...args, '-N', '127.0.0.1', String(port)], {
    stdio: [source, 'ignore', 'inherit'],
  })
  const ends = await Promise.all([peakOf(sender), peakOf(receiver)])
  const ms = performance.now() - startMs
  closeSync(sink)
  closeSync(source)
  return { ms, peakMiB: Math.max(...ends.map(({ peakMiB }) => peakMiB)) }
}

/** @param {import('node:child_process').ChildProcess} child */
async function peakOf(child) {
  let peakMiB = 0
  const look = setInterval(() => {
    peakMiB = Math.max(peakMiB, highWater(child.pid) / 1024)
  }, LOOK_MS)
  const limit = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
  try {
    const status = await new Promise((resolve) => child.once('exit', resolve))
    if (status !== 0) throw new Error(`a process of the relay ended with ${status}`)
    return { peakMiB }
  } finally {
    clearInterval(look)
    clearTimeout(limit)
  }
}

/** @param {number | undefined} pid @returns {number} KiB; 0 for a process that is gone */
function highWater(pid) {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

/** Waits until somebody listens, without connecting: nc serves one client only. @param {number} port */
async function listening(port) {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')} `
  for (let tries = 0; tries < 200; tries++) {
    const table = readFileSync('/proc/net/tcp', 'latin1')
    if (table.split('\n').some((line) => line.includes(local) && / 0A /.test(line))) return
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  throw new Error('the receiver does not listen')
}

/** @param {string} file @param {number} mib */
function fill(file, mib) {
  const block = Buffer.alloc(MIB)
  for (let i = 0; i < MIB; i++) block[i] = (i * 2_654_435_761) >>> 13
  const fd = openSync(file, 'w')
  for (let i = 0; i < mib; i++) writeSync(fd, block)
  closeSync(fd)
}
