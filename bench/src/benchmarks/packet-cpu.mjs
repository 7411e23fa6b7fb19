import { createLab, PORTS } from '@portkit/lab'
import { median } from '../figures.mjs'
import { NPING_TS } from '../tools.mjs'
import { installed, mustHaveLab } from '../world.mjs'

const RATE = 1000

/** @typedef {{ readonly name: string, readonly command: string, readonly before: readonly string[], readonly limit?: number }} Worker */

/** @type {readonly Worker[]} */
const WORKERS = [
  { name: 'nping-ts', command: process.execPath, before: [NPING_TS], limit: 25 },
  { name: 'nping', command: 'nping', before: [] },
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
      what: `cpu: ${name}: --rate ${RATE} for ${seconds} s`,
      value: median(shares),
      unit: '% of a core',
      samples: shares.length,
      ...(limit === undefined ? {} : { limit }),
    }
  })
  return { figures, raw }
}

/** @param {import('@portkit/lab').Lab} lab @param {Worker} worker @param {number} seconds */
async function shareOfCore(lab, { name, command, before }, seconds) {
  const count = String(RATE * seconds)
  const args = ['--tcp', '-p', String(PORTS.closed.port), '-c', count, '--rate', String(RATE), '-H', '-q']
  const timed = `TIMEFORMAT='time %U %S %R'; time "$@"`
  const line = ['-c', timed, 'bash', command, ...before, ...args, lab.target.address4]
  const { stderr } = await lab.exec('bash', line, { timeoutMs: 60_000 })
  const [, user, system, wall] = /^time ([\d.]+) ([\d.]+) ([\d.]+)$/m.exec(stderr) ?? []
  if (wall === undefined) throw new Error(`${name} failed: ${stderr.slice(0, 500)}`)
  return (100 * (Number(user) + Number(system))) / Number(wall)
}
