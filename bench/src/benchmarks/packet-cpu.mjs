import { createLab, PORTS } from '@portkit/lab'
import { median } from '../figures.mjs'
import { processorTime } from '../processor-time.mjs'
import { HPING_TS, NPING_TS } from '../tools.mjs'
import { installed, mustHaveLab } from '../world.mjs'

const RATE = 1000
const NPING_ARGS = ['--tcp', '--rate', String(RATE), '-H', '-q']
const HPING_ARGS = ['-S', '-n', '-i', `u${1e6 / RATE}`, '-q']

/** @typedef {{ readonly name: string, readonly command: string, readonly args: readonly string[], readonly limit?: number }} Worker */

/** @type {readonly Worker[]} */
const WORKERS = [
  { name: 'nping-ts', command: process.execPath, args: [NPING_TS, ...NPING_ARGS], limit: 25 },
  { name: 'nping', command: 'nping', args: NPING_ARGS },
  { name: 'hping-ts', command: process.execPath, args: [HPING_TS, ...HPING_ARGS], limit: 25 },
  { name: 'hping3', command: 'hping3', args: HPING_ARGS },
]

/**
 * Processor time of a thousand probes a second, from the start of the process to its end.
 * @param {import('../figures.mjs').Context} context @returns {Promise<import('../figures.mjs').Report>}
 */
export async function packetCpu(context) {
  mustHaveLab(['bash'])
  const workers = installed(WORKERS, context)
  const seconds = context.quick ? 2 : 5
  const lab = await createLab()
  /** @type {Record<string, number[]>} */
  const raw = Object.fromEntries(workers.map(({ name }) => [name, []]))
  try {
    for (let round = 0; round < (context.quick ? 1 : 3); round++) {
      for (const worker of workers) raw[worker.name]?.push(await shareOfCore(lab, worker, seconds))
    }
  } finally {
    await lab.remove()
  }
  const figures = workers.map(({ name, limit }) => {
    const shares = raw[name] ?? []
    return {
      what: `cpu: ${name}: ${RATE} packets/s for ${seconds} s`,
      value: median(shares),
      unit: '% of a core',
      samples: shares.length,
      ...(limit === undefined ? {} : { limit }),
    }
  })
  return { figures, raw }
}

/** @param {import('@portkit/lab').Lab} lab @param {Worker} worker @param {number} seconds */
async function shareOfCore(lab, { command, args }, seconds) {
  const task = ['-p', String(PORTS.closed.port), '-c', String(RATE * seconds), lab.target.address4]
  const { processorMs, wallMs } = await processorTime(lab, command, [...args, ...task])
  return (100 * processorMs) / wallMs
}
