import { createLab } from '@portkit/lab'
import { counted } from '../counted.mjs'
import { median, sendingRate } from '../figures.mjs'
import { idlePeak, watchPeak } from '../process-peak.mjs'
import { HPING_TS, NPING_TS } from '../tools.mjs'
import { installed, mustHaveLab } from '../world.mjs'

const PORTS = 65_535
const PATIENCE_MS = 60_000
const HPING_ARGS = ['-S', '-n', '-q', '-p', '++1', '-c', String(PORTS)]
const NPING_ARGS = ['--tcp', '-p', `1-${PORTS}`, '-c', '1', '--rate', '1000000', '-H', '-q']

/**
 * @typedef {import('@portkit/lab').Lab} Lab
 * @typedef {{
 *   readonly name: string,
 *   readonly command: string,
 *   readonly args: readonly string[],
 *   readonly counted: RegExp,
 *   readonly leastRate?: number,
 *   readonly mostMiB?: number,
 * }} Sweeper `counted` finds the answers that it says it saw
 * @typedef {{ readonly rate: number, readonly answers: number, readonly counted: number, readonly peakMiB: number }} Sweep
 */

const RECEIVED = /\| Rcvd: (\d+) /
const HPING_RECEIVED = /, (\d+) packets received/

/** @type {readonly Sweeper[]} */
const SWEEPERS = [
  {
    name: 'nping-ts',
    command: process.execPath,
    args: [NPING_TS, ...NPING_ARGS],
    counted: RECEIVED,
    leastRate: 60_000,
    mostMiB: 50,
  },
  {
    name: 'nping-ts --clock process',
    command: process.execPath,
    args: [NPING_TS, ...NPING_ARGS, '--clock', 'process'],
    counted: RECEIVED,
    leastRate: 100_000,
    mostMiB: 50,
  },
  { name: 'nping', command: 'nping', args: NPING_ARGS, counted: RECEIVED },
  {
    name: 'hping-ts --faster',
    command: process.execPath,
    args: [HPING_TS, ...HPING_ARGS, '--faster', '--max-rate', '1000000'],
    counted: HPING_RECEIVED,
    leastRate: 60_000,
  },
  { name: 'hping3 --faster', command: 'hping3', args: [...HPING_ARGS, '--faster'], counted: HPING_RECEIVED },
]

/**
 * All ports of a host as fast as they go: packets on the wire, answers that were counted, memory.
 * @param {import('../figures.mjs').Context} context @returns {Promise<import('../figures.mjs').Report>}
 */
export async function packetRate(context) {
  mustHaveLab()
  const sweepers = installed(SWEEPERS, context)
  const lab = await createLab()
  /** @type {Record<string, Sweep[]>} */
  const raw = Object.fromEntries(sweepers.map(({ name }) => [name, []]))
  /** @type {number[]} */
  const idle = []
  try {
    for (let round = 0; round < (context.quick ? 1 : 5); round++) {
      idle.push(await idlePeak(lab))
      for (const sweeper of sweepers) raw[sweeper.name]?.push(await sweep(lab, sweeper))
    }
    return { figures: figuresOf(sweepers, raw, median(idle)), raw: { ...raw, idle } }
  } finally {
    await lab.remove()
  }
}

/** @param {Lab} lab @param {Sweeper} sweeper @returns {Promise<Sweep>} */
async function sweep(lab, { name, command, args, counted: pattern }) {
  const before = await packetsIn(lab)
  const { done, changes } = await counted(lab, async () => {
    const running = lab.spawn(command, [...args, lab.target.address4], { timeoutMs: PATIENCE_MS })
    const peak = watchPeak(running.pid)
    const ended = await running.done.finally(peak.stop)
    return { ...ended, peakMiB: peak.stop() }
  })
  const { stdout, stderr, timedOut, peakMiB } = done
  if (timedOut) throw new Error(`${name} did not end`)
  const said = pattern.exec(stdout + stderr)?.[1]
  if (said === undefined) throw new Error(`${name} says no number of answers: ${stderr.slice(0, 500)}`)
  const answers = (await packetsIn(lab)) - before
  return { rate: sendingRate(changes), answers, counted: Number(said), peakMiB }
}

/** IPv4 packets that came to the probing side so far, as its kernel counts them, but for its own. @param {Lab} lab */
async function packetsIn(lab) {
  const { stdout } = await lab.exec('cat', ['/proc/net/snmp', '/proc/net/dev'])
  const all = Number(/^Ip: (?:\d+ ){2}(\d+) /m.exec(stdout)?.[1])
  // nping-ts asks the kernel's clock with a datagram to itself.
  return all - Number(/^ *lo: *\d+ +(\d+) /m.exec(stdout)?.[1])
}

/**
 * @param {readonly Sweeper[]} sweepers @param {Readonly<Record<string, readonly Sweep[]>>} raw @param {number} idleMiB
 * @returns {readonly import('../figures.mjs').Figure[]}
 */
function figuresOf(sweepers, raw, idleMiB) {
  return sweepers.flatMap(({ name, leastRate, mostMiB }) => {
    const sweeps = raw[name] ?? []
    const samples = sweeps.length
    const limits = leastRate === undefined ? {} : { limit: 0 }
    const lost = sweeps.map(({ answers, counted }) => Math.max(0, answers - counted))
    const above = median(sweeps.map(({ peakMiB }) => peakMiB)) - idleMiB
    return [
      {
        what: `rate: ${name}: sent`,
        value: median(sweeps.map(({ rate }) => rate)),
        unit: 'packets/s',
        samples,
        ...(leastRate === undefined ? {} : { least: leastRate }),
      },
      {
        what: `rate: ${name}: answers not counted`,
        value: Math.max(...lost),
        unit: 'packets',
        samples,
        ...limits,
      },
      {
        what: `rate: ${name}: peak above node -e 0`,
        value: above,
        unit: 'MiB',
        samples,
        ...(mostMiB === undefined ? {} : { limit: mostMiB }),
      },
    ]
  })
}
