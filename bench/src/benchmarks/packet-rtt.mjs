import { cpus } from 'node:os'
import { createLab, PORTS } from '@portkit/lab'
import { withBusyCores } from '../busy-core.mjs'
import { BELOW, compare, toFigures, tooSmall, toRaw, withLimits } from '../rounds.mjs'
import { fping, hping3, hpingTs, nping, npingTs, ping } from '../tools.mjs'
import { installed, mustHaveLab } from '../world.mjs'

/**
 * @typedef {import('../figures.mjs').Context} Context
 * @typedef {import('../figures.mjs').Report} Report
 * @typedef {import('../tools.mjs').Tool} Tool
 * @typedef {{
 *   readonly name: string,
 *   readonly port: number,
 *   readonly address?: string,
 *   readonly isExact: boolean,
 * }} Aim `isExact`: all who listen on the device get one stamp for an answer
 * @typedef {{ readonly aims: readonly Aim[], readonly intervalMs: number, readonly tools: readonly Tool[] }} Case
 */

/** Answered by a program behind the target. */
const FAR = '10.79.0.5'

/**
 * A SYN/ACK of Linux's own still carries the sender's departure time when it comes over veth, so every tap stamps
 * it for itself: two tcpdumps differ by microseconds, and none of them says who is below the wire.
 * @type {readonly Aim[]}
 */
const AIMS = [
  { name: 'open', port: PORTS.open.port, isExact: false },
  { name: 'open and far', port: PORTS.open.port, address: FAR, isExact: true },
  { name: 'closed', port: PORTS.closed.port, isExact: true },
]

const OURS = [npingTs, hpingTs]
const TOOLS = [...OURS, nping, hping3, ping, fping]

/** @type {readonly Case[]} */
const CASES = [
  { aims: AIMS, intervalMs: 10, tools: TOOLS },
  // nping has no useful time for more than one probe of a run, so an interval means nothing to it.
  { aims: AIMS, intervalMs: 1, tools: TOOLS.filter((tool) => tool !== nping) },
]

/** @type {readonly Case[]} */
const BUSY_CASES = [{ aims: AIMS, intervalMs: 10, tools: [...OURS, nping, hping3] }]

/**
 * Round-trip times of the packet clock against the packet capture.
 * @param {Context} context @returns {Promise<Report>}
 */
export function packetRtt(context) {
  return measure(CASES, 'rtt', { median: 2, p95: 5 }, context)
}

/**
 * The same with every core kept busy.
 * @param {Context} context @returns {Promise<Report>}
 */
export function packetRttBusy(context) {
  return withBusyCores(cpus().length, () => measure(BUSY_CASES, 'busy rtt', { median: 2, p95: 20 }, context))
}

/**
 * @param {readonly Case[]} cases @param {string} label @param {Readonly<Record<string, number>>} limits @param {Context} context
 * @returns {Promise<Report>}
 */
async function measure(cases, label, limits, context) {
  mustHaveLab(['tcpdump'])
  const here = installed(TOOLS, context)
  const lab = await createLab({ tun: { rules: [{ to: FAR, ports: String(PORTS.open.port) }] } })
  /** @type {import('../figures.mjs').Figure[]} */
  const figures = []
  /** @type {Record<string, unknown>} */
  const raw = {}
  try {
    for (const { aims, intervalMs, tools } of cases) {
      const used = tools.filter((tool) => here.includes(tool))
      for (const { name, isExact, ...aim } of aims) {
        const rounds = { ...aim, rounds: context.quick ? 2 : 10, perRound: 30, intervalMs }
        const compared = await compare(lab, used, rounds)
        const what = `${label}, ${name}, ${intervalMs} ms`
        /** @type {readonly import('../figures.mjs').Figure[]} */
        const all = [...toFigures(what, compared, context), ...tooSmall(what, compared, used)]
        const never = isExact ? { [BELOW]: 0 } : {}
        figures.push(
          ...OURS.reduce((some, tool) => withLimits(some, { ...limits, ...never }, tool.name), all),
        )
        raw[what] = toRaw(compared)
      }
    }
    return { figures, raw }
  } finally {
    await lab.remove()
  }
}
