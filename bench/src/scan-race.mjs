import { median } from './figures.mjs'
import { wrongStates } from './port-states.mjs'
import { watchPeak } from './process-peak.mjs'
import { installed, mustHaveLab } from './world.mjs'

/**
 * Scanners over the same ports in turns: time, memory, and every state that is wrong.
 *
 * @typedef {import('@portkit/lab/scan-world').ScanWorld} ScanWorld
 * @typedef {import('./scanners.mjs').Scanner} Scanner
 * @typedef {import('./figures.mjs').Context} Context
 * @typedef {import('./figures.mjs').Figure} Figure
 * @typedef {{
 *   readonly label: string,
 *   readonly targets: readonly string[],
 *   readonly addresses: readonly string[],
 *   readonly ports: { readonly from: number, readonly to: number },
 *   readonly truth: import('@portkit/lab/scan-world').Truth,
 * }} Task `targets` as on the command line, `addresses` what they stand for
 * @typedef {{ readonly wallMs: number, readonly wrong: number, readonly peakMiB: number }} Run
 * @typedef {Readonly<Record<string, readonly Run[]>>} Runs by scanner's name
 * @typedef {{ readonly ours: Scanner, readonly peer: Scanner, readonly limit: number }} Aim the most that our time may be of the peer's
 */

const PATIENCE_MS = 600_000
const NOBODY = ['--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=-all', '--']
/** So many wrong states are named. */
const NAMED = 5

/** @throws {import('./world.mjs').NotHere} */
export function mustHaveScanners() {
  mustHaveLab(['nmap', 'setpriv'])
}

/**
 * @param {ScanWorld} world @param {Task} task @param {readonly Scanner[]} wanted @param {number} rounds @param {Context} context
 * @returns {Promise<Runs>} of those that are there
 */
export async function race(world, task, wanted, rounds, context) {
  const scanners = installed(wanted, context)
  /** @type {Record<string, Run[]>} */
  const runs = Object.fromEntries(scanners.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const scanner of scanners)
      if (round === 0 || !scanner.isOnce)
        runs[scanner.name]?.push(await runOnce(world, task, scanner, context))
  }
  return runs
}

/** @param {ScanWorld} world @param {Task} task @param {Scanner} scanner @param {Context} context @returns {Promise<Run>} */
async function runOnce(world, task, { name, command, args, scan, read, onlyOpen, asNobody }, { note }) {
  const words = [command, ...args(task)]
  const [program = command, ...rest] = asNobody ? ['setpriv', ...NOBODY, ...words] : words
  const startMs = performance.now()
  const running = world.spawn(program, rest, { timeoutMs: PATIENCE_MS })
  const peak = watchPeak(running.pid)
  const { stdout, stderr, status, timedOut } = await running.done.finally(peak.stop)
  const wallMs = performance.now() - startMs
  if (timedOut) throw new Error(`${name} did not end`)
  if (status !== 0) throw new Error(`${name} failed: ${stderr.slice(-500)}`)
  const wrong = wrongStates(read(stdout), task, scan, onlyOpen === true)
  for (const { address, port, said, is } of wrong.slice(0, NAMED))
    note(`${task.label}: ${name}: ${address} ${port} is ${is}, called ${said ?? 'nothing'}`)
  return { wallMs, wrong: wrong.length, peakMiB: peak.stop() }
}

/**
 * Times and wrong states of all, and what ours are of their peers'.
 * @param {Task} task @param {readonly Scanner[]} scanners @param {Runs} runs @param {readonly Aim[]} aims
 * @returns {readonly Figure[]}
 */
export function raceFigures({ label }, scanners, runs, aims) {
  const ran = scanners.filter(({ name }) => (runs[name] ?? []).length > 0)
  const ratios = aims.flatMap(({ ours, peer, limit }) => {
    const [mine, theirs] = [wallOf(runs, ours), wallOf(runs, peer)]
    if (mine === undefined || theirs === undefined) return []
    const samples = runs[ours.name]?.length ?? 0
    return [
      { what: `${label}: ${ours.name} / ${peer.name}`, value: mine / theirs, unit: '×', limit, samples },
    ]
  })
  return [...ran.flatMap((scanner) => figuresOf(label, scanner, runs[scanner.name] ?? [])), ...ratios]
}

/** @param {string} label @param {Scanner} scanner @param {readonly Run[]} runs @returns {readonly Figure[]} */
function figuresOf(label, { name, isOurs, onlyOpen }, runs) {
  const samples = runs.length
  const wrong = Math.max(...runs.map((run) => run.wrong))
  const wall = median(runs.map(({ wallMs }) => wallMs)) / 1000
  const wrongs = {
    what: `${label}: ${name}: ${onlyOpen ? 'open ports missed' : 'wrong states'}`,
    value: wrong,
    unit: 'ports',
    samples,
  }
  return [
    { what: `${label}: ${name}`, value: wall, unit: 's', samples },
    isOurs ? { ...wrongs, limit: 0 } : wrongs,
  ]
}

/** @param {Runs} runs @param {Scanner} scanner */
function wallOf(runs, { name }) {
  const walls = (runs[name] ?? []).map(({ wallMs }) => wallMs)
  return walls.length === 0 ? undefined : median(walls)
}

/**
 * A benchmark of one task in a world of its own.
 * @param {Context} context @param {Task} task @param {readonly Scanner[]} scanners @param {readonly Aim[]} aims
 * @param {ScanWorld} world not yet up
 * @returns {Promise<import('./figures.mjs').Report>}
 */
export async function raceInWorld(context, task, scanners, aims, world) {
  mustHaveScanners()
  try {
    await world.up()
    const raw = await race(world, task, scanners, context.quick ? 1 : 3, context)
    return { figures: raceFigures(task, scanners, raw, aims), raw }
  } finally {
    await world.remove()
  }
}

/** A report of several. @param {readonly import('./figures.mjs').Report[]} reports */
export function joined(reports) {
  return {
    figures: reports.flatMap(({ figures }) => figures),
    raw: Object.fromEntries(reports.map(({ raw }, i) => [i, raw])),
  }
}
