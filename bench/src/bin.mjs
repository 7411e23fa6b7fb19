import { bannerMany } from './benchmarks/banner-many.mjs'
import { bannerNmap } from './benchmarks/banner-nmap.mjs'
import { bannerProcess } from './benchmarks/banner-process.mjs'
import { closedPort } from './benchmarks/closed-port.mjs'
import { coldStart } from './benchmarks/cold-start.mjs'
import { hpingProcess } from './benchmarks/hping-process.mjs'
import { manyTargets } from './benchmarks/many-targets.mjs'
import { memory } from './benchmarks/memory.mjs'
import { ncIdle } from './benchmarks/nc-idle.mjs'
import { ncProcess } from './benchmarks/nc-process.mjs'
import { ncRelay } from './benchmarks/nc-relay.mjs'
import { ncSweep } from './benchmarks/nc-sweep.mjs'
import { openPort } from './benchmarks/open-port.mjs'
import { packetCpu } from './benchmarks/packet-cpu.mjs'
import { packetPace } from './benchmarks/packet-pace.mjs'
import { packetRate } from './benchmarks/packet-rate.mjs'
import { packetRtt, packetRttBusy } from './benchmarks/packet-rtt.mjs'
import { packetScan } from './benchmarks/packet-scan.mjs'
import { scanFar } from './benchmarks/scan-far.mjs'
import { scanHosts } from './benchmarks/scan-hosts.mjs'
import { scanLimits } from './benchmarks/scan-limits.mjs'
import { scanLoss } from './benchmarks/scan-loss.mjs'
import { scanMemory } from './benchmarks/scan-memory.mjs'
import { scanPorts } from './benchmarks/scan-ports.mjs'
import { scanStealth } from './benchmarks/scan-stealth.mjs'
import { wholeProcess } from './benchmarks/whole-process.mjs'
import { verdictOf } from './figures.mjs'
import { store } from './results.mjs'
import { table } from './table.mjs'
import { buildTools, NotHere } from './world.mjs'

/** `pnpm bench`: ends with 0, 1 (a benchmark failed) or 2 (asked wrongly, or not possible here). */

/** @typedef {import('./figures.mjs').Context} Context @typedef {import('./figures.mjs').Report} Report */

/** @type {Readonly<Record<string, (context: Context) => Promise<Report>>>} */
const BENCHMARKS = {
  'open-port': openPort,
  'closed-port': closedPort,
  'cold-start': coldStart,
  process: wholeProcess,
  memory,
  'many-targets': manyTargets,
  'nc-process': ncProcess,
  'nc-sweep': ncSweep,
  'nc-relay': ncRelay,
  'nc-idle': ncIdle,
  'packet-rtt': packetRtt,
  'packet-rtt-busy': packetRttBusy,
  'packet-rate': packetRate,
  'packet-pace': packetPace,
  'packet-cpu': packetCpu,
  'packet-scan': packetScan,
  'hping-process': hpingProcess,
  'banner-process': bannerProcess,
  'banner-many': bannerMany,
  'banner-nmap': bannerNmap,
  'scan-ports': scanPorts,
  'scan-stealth': scanStealth,
  'scan-loss': scanLoss,
  'scan-limits': scanLimits,
  'scan-far': scanFar,
  'scan-hosts': scanHosts,
  'scan-memory': scanMemory,
}

const USAGE = `usage: pnpm bench [--quick] [name...]
names: ${Object.keys(BENCHMARKS).join(' ')} (all of them without a name)
`

/** @param {readonly string[]} args @returns {Promise<number>} the exit status */
async function main(args) {
  const names = args.filter((arg) => arg !== '--quick' && arg !== '--')
  const unknown = names.filter((name) => !Object.hasOwn(BENCHMARKS, name))
  if (unknown.length > 0) {
    process.stderr.write(`bench: ${unknown.join(' ')}: no such benchmark\n${USAGE}`)
    return 2
  }
  buildTools()
  /** @type {import('./figures.mjs').Figure[]} */
  const figures = []
  let status = 0
  for (const name of names.length > 0 ? names : Object.keys(BENCHMARKS)) {
    const report = await attempt(name, args.includes('--quick'))
    if (typeof report === 'number') status = Math.max(status, report)
    else figures.push(...report.figures)
  }
  process.stdout.write(figures.length > 0 ? `\n${table(figures)}` : '')
  const missed = figures.filter((figure) => verdictOf(figure) === 'missed').length
  const targets = figures.filter((figure) => verdictOf(figure) !== '').length
  if (targets > 0) process.stdout.write(`\n${targets - missed} of ${targets} targets reached\n`)
  return status
}

/** @param {string} name @param {boolean} quick @returns {Promise<Report | number>} the report, or an exit status */
async function attempt(name, quick) {
  const note = (/** @type {string} */ text) => void process.stderr.write(`bench: ${text}\n`)
  const at = new Date()
  try {
    const report = await BENCHMARKS[name]?.({ name, quick, note })
    if (report === undefined) return 2
    note(
      `${name}: ${((Date.now() - at.getTime()) / 1000).toFixed(1)} s, stored in ${store(name, report, at)}`,
    )
    return report
  } catch (error) {
    note(`${name}: ${error instanceof Error ? error.message : error}`)
    return error instanceof NotHere ? 2 : 1
  }
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
