import { createLab, PORTS } from '@portkit/lab'
import { withBusyCore } from '../busy-core.mjs'
import { compare, toFigures, toRaw, withLimits } from '../rounds.mjs'
import { hping3, nping, ping, tcpie, tcping } from '../tools.mjs'
import { installed, mustHaveLab } from '../world.mjs'

const LIMITS = { median: 25, p95: 60, 'below the wire': 5 }

/**
 * Printed round-trip times of an open port against the packet capture, idle and with one core kept busy.
 * @param {import('../figures.mjs').Context} context @returns {Promise<import('../figures.mjs').Report>}
 */
export async function openPort(context) {
  mustHaveLab(['tcpdump'])
  const tools = installed([tcping, tcpie, hping3, nping, ping], context)
  const rounds = { port: PORTS.open.port, rounds: context.quick ? 2 : 10, perRound: 30, intervalMs: 10 }
  const lab = await createLab()
  try {
    const idle = await compare(lab, tools, rounds)
    const busy = await withBusyCore(() => compare(lab, tools, rounds))
    const figures = [...toFigures('open', idle, context), ...toFigures('open, busy core', busy, context)]
    return { figures: withLimits(figures, LIMITS), raw: { idle: toRaw(idle), busy: toRaw(busy) } }
  } finally {
    await lab.remove()
  }
}
