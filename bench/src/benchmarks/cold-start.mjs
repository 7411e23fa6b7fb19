import { createLab, PORTS } from '@portkit/lab'
import { compare, toFigures, toRaw, withLimits } from '../rounds.mjs'
import { tcpie, tcping } from '../tools.mjs'
import { mustHaveLab } from '../world.mjs'

/**
 * The first and only probe of a process just started, against the packet capture.
 * @param {import('../figures.mjs').Context} context @returns {Promise<import('../figures.mjs').Report>}
 */
export async function coldStart(context) {
  mustHaveLab(['tcpdump'])
  const rounds = { port: PORTS.open.port, rounds: context.quick ? 5 : 25, perRound: 1, intervalMs: 1000 }
  const lab = await createLab()
  try {
    const compared = await compare(lab, [tcping, tcpie], rounds)
    const figures = toFigures('first probe', compared, context)
    return { figures: withLimits(figures, { median: 100, max: 100 }), raw: toRaw(compared) }
  } finally {
    await lab.remove()
  }
}
