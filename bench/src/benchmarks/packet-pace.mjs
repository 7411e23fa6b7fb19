import { createLab, PORTS } from '@portkit/lab'
import { counted } from '../counted.mjs'
import { median } from '../figures.mjs'
import { HPING_TS, NPING_TS } from '../tools.mjs'
import { installed, mustHaveLab } from '../world.mjs'

const RATES = [10, 600, 1000, 5000, 20_000]
const PATIENCE_MS = 60_000
const TRIES = 5

/**
 * @typedef {{
 *   readonly name: string,
 *   readonly command: string,
 *   readonly asks: (rate: number) => readonly string[],
 *   readonly limit?: number,
 * }} Pacer
 */

/** @type {readonly Pacer[]} */
const PACERS = [
  {
    name: 'nping-ts',
    command: process.execPath,
    asks: (rate) => [NPING_TS, ...npingArgs(rate)],
    limit: 2,
  },
  { name: 'nping', command: 'nping', asks: npingArgs },
  {
    name: 'hping-ts',
    command: process.execPath,
    asks: (rate) => [HPING_TS, '--max-rate', String(Math.max(...RATES)), ...hpingArgs(rate)],
    limit: 2,
  },
  { name: 'hping3', command: 'hping3', asks: hpingArgs },
]

/** @param {number} rate */
function npingArgs(rate) {
  return ['--tcp', '--rate', String(rate), '-H', '-q']
}

/** hping3 knows whole microseconds alone, which is some ten thousandths beside the rate. @param {number} rate */
function hpingArgs(rate) {
  return ['-S', '-n', '-q', '-i', `u${Math.round(1e6 / rate)}`]
}

/**
 * How far the rate on the wire is from the one that was asked for, from the first packet to the last.
 * @param {import('../figures.mjs').Context} context @returns {Promise<import('../figures.mjs').Report>}
 */
export async function packetPace(context) {
  mustHaveLab()
  const pacers = installed(PACERS, context)
  const lab = await createLab()
  /** @type {Record<string, readonly number[]>} */
  const raw = {}
  try {
    for (const rate of RATES) Object.assign(raw, await realRates(lab, pacers, rate, context))
  } finally {
    await lab.remove()
  }
  return { figures: RATES.flatMap((rate) => figuresOf(pacers, raw, rate)), raw }
}

/** @param {readonly Pacer[]} pacers @param {Readonly<Record<string, readonly number[]>>} raw @param {number} rate */
function figuresOf(pacers, raw, rate) {
  return pacers.map(({ name, limit }) => {
    const errors = (raw[`${name} ${rate}`] ?? []).map((real) => (100 * Math.abs(real - rate)) / rate)
    const figure = {
      what: `pace: ${name}: off ${rate} packets/s`,
      value: median(errors),
      unit: '%',
      samples: errors.length,
    }
    return limit === undefined ? figure : { ...figure, limit }
  })
}

/**
 * @param {import('@portkit/lab').Lab} lab @param {readonly Pacer[]} pacers @param {number} rate
 * @param {import('../figures.mjs').Context} context
 */
async function realRates(lab, pacers, rate, context) {
  /** @type {Record<string, number[]>} */
  const rates = Object.fromEntries(pacers.map(({ name }) => [`${name} ${rate}`, []]))
  for (let round = 0; round < (context.quick ? 1 : 3); round++) {
    for (const pacer of pacers) {
      rates[`${pacer.name} ${rate}`]?.push(await realRate(lab, pacer, rate, context))
    }
  }
  return rates
}

/**
 * @param {import('@portkit/lab').Lab} lab @param {Pacer} pacer @param {number} rate
 * @param {import('../figures.mjs').Context} context @returns {Promise<number>} packets a second
 */
async function realRate(lab, { name, command, asks }, rate, { quick }) {
  const count = rate * (quick ? 1 : 2) + 1
  const { port } = PORTS.closed
  const args = [...asks(rate), '-p', String(port), '-c', String(count), lab.target.address4]
  for (let tries = 0; tries < TRIES; tries++) {
    const { done, changes } = await counted(lab, () => lab.exec(command, args, { timeoutMs: PATIENCE_MS }))
    if (done.timedOut) throw new Error(`${name} at ${rate} packets/s did not end`)
    const [start = [0, 0], first = [0, 0]] = changes
    const last = changes.at(-1) ?? start
    // Now and then the system itself sends something, and then nobody knows which was the first or the last.
    if (last[1] - start[1] === count) return ((last[1] - first[1]) * 1000) / (last[0] - first[0])
  }
  throw new Error(`${name} at ${rate} packets/s: never ${count} packets`)
}
