import { createLab, PORTS } from '@portkit/lab'
import { compare, toFigures, toRaw, withLimits } from '../rounds.mjs'
import { hping3, nping, tcping } from '../tools.mjs'
import { installed, mustHaveLab } from '../world.mjs'

/**
 * Printed round-trip times of a closed port against the packet capture.
 * @param {import('../figures.mjs').Context} context @returns {Promise<import('../figures.mjs').Report>}
 */
export async function closedPort(context) {
  mustHaveLab(['tcpdump'])
  const tools = installed([tcping, hping3, nping], context)
  const rounds = { port: PORTS.closed.port, rounds: context.quick ? 2 : 10, perRound: 30, intervalMs: 10 }
  const lab = await createLab()
  try {
    const compared = await compare(lab, tools, rounds)
    return {
      figures: withLimits(toFigures('closed', compared, context), { median: 80 }),
      raw: toRaw(compared),
    }
  } finally {
    await lab.remove()
  }
}
