import { createLab } from '@portkit/lab'
import { median } from '../figures.mjs'
import { NC_TS } from '../tools.mjs'
import { mustHaveLab } from '../world.mjs'

const PATIENCE_MS = 60_000

/**
 * Ports 1 to 10000 of a lab host, nearly all of them closed, with nc and with nc-ts in turns. nc-ts may take what nc
 * takes and what Node needs to start.
 * @param {import('../figures.mjs').Context} context @returns {Promise<import('../figures.mjs').Report>}
 */
export async function ncSweep({ quick }) {
  mustHaveLab(['nc'])
  const lab = await createLab()
  try {
    // One of the lab's ports is dropped: the sweep begins above them.
    const scan = ['-z', '-w', '1', lab.target.address4, '1000-10999']
    const commands = /** @type {const} */ ({
      node: [process.execPath, '-e', '0'],
      nc: ['nc', ...scan],
      'nc-ts': [process.execPath, NC_TS, ...scan],
    })
    /** @type {Record<keyof typeof commands, number[]>} */
    const raw = { node: [], nc: [], 'nc-ts': [] }
    for (let round = -1; round < (quick ? 2 : 8); round++) {
      for (const name of /** @type {const} */ (['node', 'nc', 'nc-ts'])) {
        const [command, ...args] = commands[name]
        const ms = await timed(lab, command, args)
        if (round >= 0) raw[name].push(ms)
      }
    }
    const [start, nc, ours] = [median(raw.node), median(raw.nc), median(raw['nc-ts'])]
    const samples = raw.nc.length
    const figures = [
      { what: 'nc-sweep: nc', value: nc, unit: 'ms', samples },
      { what: 'nc-sweep: nc-ts', value: ours, unit: 'ms', samples },
      {
        what: 'nc-sweep: nc-ts / (nc + node -e 0)',
        value: ours / (nc + start),
        unit: '×',
        limit: 1,
        samples,
      },
    ]
    return { figures, raw }
  } finally {
    await lab.remove()
  }
}

/** @param {import('@portkit/lab').Lab} lab @param {string} command @param {readonly string[]} args */
async function timed(lab, command, args) {
  const startMs = performance.now()
  const { timedOut } = await lab.exec(command, args, { timeoutMs: PATIENCE_MS })
  if (timedOut) throw new Error(`${command} did not end`)
  return performance.now() - startMs
}
