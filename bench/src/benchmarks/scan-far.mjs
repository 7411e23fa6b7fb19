import { HOSTS, ScanWorld, TRUTH } from '@portkit/lab/scan-world'
import { joined, raceInWorld } from '../scan-race.mjs'
import { nmap, portscan } from '../scanners.mjs'
import { mustHaveLab } from '../world.mjs'

const SYN = portscan('syn')
const CONNECT = portscan('connect')
const PEER = nmap('syn', [], { isOnce: true })
const HURRIED = nmap('syn', ['-T4', '--min-rate', '5000'], { isOnce: true })

const ROUND_TRIP_MS = 50
/** Of the packets, each way. */
const LOSS = 0.01

/**
 * All ports of a host with a round trip of 50 ms, without and with losses on the way.
 * @param {import('../figures.mjs').Context} context @returns {Promise<import('../figures.mjs').Report>}
 */
export async function scanFar(context) {
  mustHaveLab(['cc'])
  return joined([
    await far(context, 'scan-far: 50 ms', 0),
    await far(context, 'scan-far: 50 ms, 1 % lost', LOSS),
  ])
}

/** @param {import('../figures.mjs').Context} context @param {string} label @param {number} loss */
function far(context, label, loss) {
  const { address4 } = HOSTS.far
  const most = loss > 0 ? 2000 : 10_000
  const ports = { from: 1, to: context.quick ? most : 65_535 }
  const task = { label, targets: [address4], addresses: [address4], ports, truth: TRUTH.far }
  const limit = context.quick ? 1 : 0.3
  const aims = [
    { ours: SYN, peer: PEER, limit },
    { ours: CONNECT, peer: PEER, limit },
  ]
  const world = new ScanWorld({ far: { roundTripMs: ROUND_TRIP_MS, loss } })
  return raceInWorld(context, task, [SYN, CONNECT, HURRIED, PEER], aims, world)
}
