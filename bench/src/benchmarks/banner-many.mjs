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
 * @typedef {{ readonly wallMs: number, readonly peakMiB: number, readonly stdout: string }} Survey
 * @typedef {{ readonly wallMs: number, readonly peakMiB: number, readonly wrong: readonly number[] }} Judged `wrong`: ports
 */

/**
 * A thousand ports of one host that greet at once, different servers in turns, with lines for people and with JSON,
 * whose verdicts are judged; and a thousand ports that never answer beside twenty that do. Wall time has the start of
 * the process in it.
 * @param {import('../figures.mjs').Context} context @returns {Promise<import('../figures.mjs').Report>}
 */
export async function bannerMany({ quick, note }) {
  mustHaveLab()
  const lab = await createLab()
  /** @type {{ text: Survey[], json: Judged[], stealth: Judged[] }} */
  const raw = { text: [], json: [], stealth: [] }
  try {
    const { status, stderr } = await lab.exec('nft', [FILTER], { as: 'target' })
    if (status !== 0) throw new Error(`nft: ${stderr}`)
    const idle = await idlePeak(lab)
    const { served } = await serveGreeters(lab, MANY)
    const few = new Map([...served].slice(0, FEW))
    const stealth = `${DROPPED.from}-${DROPPED.to}`
    for (let round = 0; round < (quick ? 1 : 5); round++) {
      raw.text.push({ ...(await survey(lab, [], portsOf(served))), stdout: '' })
      raw.json.push(judged(await survey(lab, ['--json'], portsOf(served)), served))
    }
    raw.stealth.push(judged(await survey(lab, ['--json'], [stealth, ...portsOf(few)]), few))
    for (const { wrong } of [...raw.json, ...raw.stealth])
      if (wrong.length > 0) note(`wrong: ${wrong.map((port) => `${port} (${served.get(port)})`).join(', ')}`)
    return { figures: figuresOf(raw, idle), raw: { ...raw, idle } }
  } finally {
    await lab.remove()
  }
}

/** @param {Served} served */
function portsOf(served) {
  return [...served.keys()].map(String)
}

/** @param {Lab} lab @param {readonly string[]} options @param {readonly string[]} ports @returns {Promise<Survey>} */
async function survey(lab, options, ports) {
  const args = [BANNER, ...options, lab.target.address4, ports.join(',')]
  const startMs = performance.now()
  const running = lab.spawn(process.execPath, args, { timeoutMs: PATIENCE_MS })
  const peak = watchPeak(running.pid)
  const { stdout, stderr, timedOut } = await running.done.finally(peak.stop)
  const wallMs = performance.now() - startMs
  if (timedOut) throw new Error('banner did not end')
  if (stdout === '') throw new Error(`banner failed: ${stderr}`)
  return { wallMs, peakMiB: peak.stop(), stdout }
}

/** @param {Survey} survey in JSON @param {Served} served @returns {Judged} */
function judged({ wallMs, peakMiB, stdout }, served) {
  return { wallMs, peakMiB, wrong: wrongIn(jsonLines(stdout), served) }
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

/**
 * @param {{ readonly text: readonly Survey[], readonly json: readonly Judged[], readonly stealth: readonly Judged[] }} raw
 * @param {number} idleMiB
 */
function figuresOf({ text, json, stealth }, idleMiB) {
  const many = `banner-many: ${MANY} ports`
  const beside = `banner-many: ${MANY} stealth and ${FEW} open ports`
  return [
    ...costsOf(many, text, idleMiB),
    ...costsOf(`${many}, --json`, json, idleMiB),
    { what: `${many}, --json: wrong`, value: mostWrong(json), unit: 'ports', limit: 0, samples: json.length },
    { what: beside, value: secondsOf(stealth), unit: 's', samples: stealth.length },
    { what: `${beside}: wrong`, value: mostWrong(stealth), unit: 'ports', limit: 0, samples: stealth.length },
  ]
}

/** @param {string} what @param {readonly { readonly wallMs: number, readonly peakMiB: number }[]} all @param {number} idleMiB */
function costsOf(what, all, idleMiB) {
  const samples = all.length
  const peakMiB = Math.max(...all.map((one) => one.peakMiB))
  return [
    { what, value: secondsOf(all), unit: 's', limit: 10, samples },
    { what: `${what}: peak memory`, value: peakMiB * MEGABYTES_IN_A_MIB, unit: 'MB', limit: 100, samples },
    { what: `${what}: peak above node -e 0`, value: peakMiB - idleMiB, unit: 'MiB', samples },
  ]
}

/** @param {readonly { readonly wallMs: number }[]} all */
function secondsOf(all) {
  return median(all.map(({ wallMs }) => wallMs)) / 1000
}

/** @param {readonly Judged[]} all */
function mostWrong(all) {
  return Math.max(...all.map(({ wrong }) => wrong.length))
}
