import { createLab, PORTS } from '@portkit/lab'
import { median } from '../figures.mjs'
import { processorTime } from '../processor-time.mjs'
import { HPING_TS } from '../tools.mjs'
import { installed, mustHaveLab } from '../world.mjs'

/** @typedef {{ readonly name: string, readonly command: string, readonly args: readonly string[] }} Starter */

const IDLE = 'node -e 0'

/**
 * What `hping-ts -S -c 1` to an open port takes, next to a Node that does nothing and to hping3. Wall time has the
 * answer in it, which comes at once.
 * @param {import('../figures.mjs').Context} context @returns {Promise<import('../figures.mjs').Report>}
 */
export async function hpingProcess(context) {
  mustHaveLab(['bash'])
  const lab = await createLab()
  const probe = ['-S', '-n', '-p', String(PORTS.open.port), '-c', '1', lab.target.address4]
  const starters = installed(
    [
      { name: IDLE, command: process.execPath, args: ['-e', '0'] },
      { name: 'hping-ts', command: process.execPath, args: [HPING_TS, ...probe] },
      { name: 'hping3', command: 'hping3', args: probe },
    ],
    context,
  )
  /** @type {Record<string, { processorMs: number, wallMs: number }[]>} */
  const raw = Object.fromEntries(starters.map(({ name }) => [name, []]))
  try {
    // The first round fills the page cache and does not count.
    for (let round = -1; round < (context.quick ? 5 : 40); round++) {
      for (const { name, command, args } of starters) {
        const { status, ...took } = await processorTime(lab, command, args)
        if (status !== 0) throw new Error(`${name} ended with ${status}`)
        if (round >= 0) raw[name]?.push(took)
      }
    }
  } finally {
    await lab.remove()
  }
  return { figures: starters.flatMap((starter) => figuresOf(starter, raw)), raw }
}

/**
 * @param {Starter} starter @param {Readonly<Record<string, readonly { processorMs: number, wallMs: number }[]>>} raw
 * @returns {readonly import('../figures.mjs').Figure[]}
 */
function figuresOf({ name }, raw) {
  return /** @type {const} */ (['processorMs', 'wallMs']).flatMap((kind) => {
    const medianOf = (/** @type {string} */ who) => median((raw[who] ?? []).map((took) => took[kind]))
    const what = `hping-process: ${name}: ${kind === 'wallMs' ? 'wall' : 'processor'} time`
    const samples = raw[name]?.length ?? 0
    const time = { what, value: medianOf(name), unit: 'ms', samples }
    if (name === IDLE) return [time]
    return [time, { what: `${what} / ${IDLE}`, value: time.value / medianOf(IDLE), unit: '×', samples }]
  })
}
