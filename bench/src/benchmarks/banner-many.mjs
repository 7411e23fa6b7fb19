import { createLab } from '@portkit/lab'
import { median } from '../figures.mjs'
import { GREETERS } from '../greetings.mjs'
import { idlePeak, watchPeak } from '../process-peak.mjs'
import { serveGreeters } from '../served.mjs'
import { BANNER, jsonLines } from '../tools.mjs'
import { mustHaveLab } from '../world.mjs'

const PATIENCE_MS = 600_000
const MANY = 1000
const FEW = 20
const DROPPED = { from: 10_000, to: 10_999 }
const MEGABYTES_IN_A_MIB = 1.048576

const FILTER = [
  'add table inet more',
  'add chain inet more input { type filter hook input priority -10; policy accept; }',
  `add rule inet more input tcp dport ${DROPPED.from}-${DROPPED.to} drop`,
].join('\n')

/**
 * @typedef {import('@portkit/lab').Lab} Lab
 * @typedef {import('../served.mjs').Served} Served
 * @typedef {{ readonly wallMs: number, readonly peakMiB: number, readonly wrong: readonly number[] }} Survey `wrong`: ports
 */

/**
 * A thousand ports of one host that greet at once, all different servers; and a thousand that never answer beside
 * twenty that do. Wall time has the start of the process in it.
 * @param {import('../figures.mjs').Context} context @returns {Promise<import('../figures.mjs').Report>}
 */
export async function bannerMany({ quick, note }) {
  mustHaveLab()
  const lab = await createLab()
  /** @type {{ many: Survey[], stealth: Survey[] }} */
  const raw = { many: [], stealth: [] }
  try {
    const { status, stderr } = await lab.exec('nft', [FILTER], { as: 'target' })
    if (status !== 0) throw new Error(`nft: ${stderr}`)
    const idle = await idlePeak(lab)
    const { served } = await serveGreeters(lab, MANY)
    const few = new Map([...served].slice(0, FEW))
    for (let round = 0; round < (quick ? 1 : 5); round++) raw.many.push(await survey(lab, [], served))
    raw.stealth.push(await survey(lab, [`${DROPPED.from}-${DROPPED.to}`], few))
    for (const { wrong } of [...raw.many, ...raw.stealth])
      if (wrong.length > 0)
        note(`wrongly named: ${wrong.map((port) => `${port} (${served.get(port)})`).join(', ')}`)
    return { figures: figuresOf(raw, idle), raw: { ...raw, idle } }
  } finally {
    await lab.remove()
  }
}

/** @param {Lab} lab @param {readonly string[]} others ranges of ports @param {Served} served @returns {Promise<Survey>} */
async function survey(lab, others, served) {
  const args = [BANNER, '--json', lab.target.address4, [...others, ...served.keys()].join(',')]
  const startMs = performance.now()
  const running = lab.spawn(process.execPath, args, { timeoutMs: PATIENCE_MS })
  const peak = watchPeak(running.pid)
  const { stdout, stderr, timedOut } = await running.done.finally(peak.stop)
  const wallMs = performance.now() - startMs
  if (timedOut) throw new Error('banner did not end')
  if (stdout === '') throw new Error(`banner failed: ${stderr}`)
  return { wallMs, peakMiB: peak.stop(), wrong: wrongIn(jsonLines(stdout), served) }
}

/** Ports of a server that is not named as it should be, and others that are said to be open. @param {readonly any[]} records @param {Served} served */
function wrongIn(records, served) {
  const byPort = new Map(records.map((record) => [record.port, record]))
  const misnamed = [...served].filter(([port, kind]) => {
    const { protocol, product, version } = GREETERS[kind]
    const said = byPort.get(port)
    return said?.protocol !== protocol || said.product !== product || said.version !== (version ?? null)
  })
  const open = records.filter(({ port, state }) => state === 'open' && !served.has(port))
  return [...misnamed.map(([port]) => port), ...open.map(({ port }) => port)]
}

/** @param {{ many: readonly Survey[], stealth: readonly Survey[] }} raw @param {number} idleMiB */
function figuresOf({ many, stealth }, idleMiB) {
  const samples = many.length
  const label = `banner-many: ${MANY} ports`
  const beside = `banner-many: ${MANY} stealth and ${FEW} open ports`
  const seconds = (/** @type {readonly Survey[]} */ all) => median(all.map(({ wallMs }) => wallMs)) / 1000
  const peakMiB = Math.max(...many.map(({ peakMiB }) => peakMiB))
  const mostWrong = (/** @type {readonly Survey[]} */ all) =>
    Math.max(...all.map(({ wrong }) => wrong.length))
  return [
    { what: label, value: seconds(many), unit: 's', limit: 10, samples },
    { what: `${label}: wrongly named`, value: mostWrong(many), unit: 'ports', limit: 0, samples },
    { what: `${label}: peak memory`, value: peakMiB * MEGABYTES_IN_A_MIB, unit: 'MB', limit: 100, samples },
    { what: `${label}: peak above node -e 0`, value: peakMiB - idleMiB, unit: 'MiB', samples },
    { what: beside, value: seconds(stealth), unit: 's', samples: stealth.length },
    { what: `${beside}: wrong`, value: mostWrong(stealth), unit: 'ports', limit: 0, samples: stealth.length },
  ]
}
