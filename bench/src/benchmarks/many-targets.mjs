import { fileURLToPath } from 'node:url'
import { createLab } from '@portkit/lab'
import { median, offsetsFromBeat, quantile } from '../figures.mjs'
import { jsonLines, TCPING } from '../tools.mjs'
import { mustHaveLab } from '../world.mjs'

const TARGETS = 200
const INTERVAL_MS = 1000

/**
 * 200 targets every second for a minute: processor time, and how well the beat is kept.
 * @param {import('../figures.mjs').Context} context @returns {Promise<import('../figures.mjs').Report>}
 */
export async function manyTargets({ quick, note }) {
  mustHaveLab(['bash'])
  const count = quick ? 10 : 60
  const lab = await createLab()
  try {
    const { stdout, stderr } = await probeAll(lab, count)
    const [busyS = Number.NaN, wallS = Number.NaN] = cpuOf(stderr)
    const probes = jsonLines(stdout).filter(({ type }) => type === 'probe')
    const open = probes.filter(({ word }) => word === 'open').length
    if (open !== TARGETS * count)
      note(`many targets: ${open} of ${TARGETS * count} probes found their port open`)
    const offsets = offsetsByPort(probes)
    const late = offsets.flat().map(Math.abs)
    const samples = late.length
    // A first start that was itself late shows in every later one: the usual start tells that from lateness.
    const unusual = offsets.flatMap((one) => one.map((offset) => Math.abs(offset - median(one))))
    const label = 'many targets'
    const figures = [
      { what: `${label}: CPU of one core`, value: (100 * busyS) / wallS, unit: '%', limit: 25, samples: 1 },
      {
        what: `${label}: drift, last beats against the first`,
        value: driftMs(offsets),
        unit: 'ms',
        limit: 5,
        samples,
      },
      { what: `${label}: off the beat, median`, value: median(late), unit: 'ms', samples },
      { what: `${label}: off the beat, p99`, value: quantile(late, 0.99), unit: 'ms', samples },
      { what: `${label}: off the beat, max`, value: Math.max(...late), unit: 'ms', limit: 5, samples },
      { what: `${label}: off the usual start, p99`, value: quantile(unusual, 0.99), unit: 'ms', samples },
      { what: `${label}: off the usual start, max`, value: Math.max(...unusual), unit: 'ms', samples },
    ]
    return { figures, raw: { busyS, wallS, offsets } }
  } finally {
    await lab.remove()
  }
}

/** @param {import('@portkit/lab').Lab} lab @param {number} count */
async function probeAll(lab, count) {
  const listeners = fileURLToPath(new URL('../listeners.mjs', import.meta.url))
  const serving = lab.spawn(process.execPath, [listeners, String(TARGETS)], {
    as: 'target',
    timeoutMs: 120_000,
  })
  const ports = JSON.parse((await serving.until(/^\[.*\]$/m))[0])
  const tcping = [process.execPath, TCPING, '--json', '-c', String(count), '-i', String(INTERVAL_MS / 1000)]
  const command = [...tcping, ...ports.map((/** @type {number} */ port) => `${lab.target.address4}:${port}`)]
  const timed = `TIMEFORMAT='time %U %S %R'; time "$@"`
  const timeoutMs = 30_000 + count * INTERVAL_MS
  const result = await lab.exec('bash', ['-c', timed, 'bash', ...command], { timeoutMs })
  serving.kill('SIGKILL')
  return result
}

/** Seconds of processor and of wall time, as bash says them. @param {string} stderr */
function cpuOf(stderr) {
  const [, user, system, wall] = /^time ([\d.]+) ([\d.]+) ([\d.]+)$/m.exec(stderr) ?? []
  if (wall === undefined) throw new Error(`tcping failed: ${stderr.slice(0, 500)}`)
  return [Number(user) + Number(system), Number(wall)]
}

/** @param {readonly any[]} probes @returns {readonly (readonly number[])[]} milliseconds */
function offsetsByPort(probes) {
  /** @type {Map<number, { seq: number, atMs: number }[]>} */
  const starts = new Map()
  for (const { port, seq, time } of probes) {
    starts.set(port, [...(starts.get(port) ?? []), { seq, atMs: Date.parse(time) }])
  }
  return [...starts.values()].map((one) => offsetsFromBeat(one, INTERVAL_MS))
}

/** What lasts: lateness of single starts is the machine's noise, a drift stays. @param {readonly (readonly number[])[]} offsets */
function driftMs(offsets) {
  const first = offsets.flatMap((one) => one.slice(0, 5))
  const last = offsets.flatMap((one) => one.slice(-5))
  return Math.abs(median(last) - median(first))
}
