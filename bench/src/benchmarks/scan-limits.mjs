import { HOSTS, ScanWorld, TRUTH } from '@portkit/lab/scan-world'
import { raceInWorld } from '../scan-race.mjs'
import { nmap, portscan } from '../scanners.mjs'

const SYN = portscan('syn')
const CONNECT = portscan('connect')
const PEER = nmap('syn', ['-T4'], { isOnce: true })

/**
 * Five thousand ports of a host that sends 500 resets a second and no more: ten seconds at the best.
 * @param {import('../figures.mjs').Context} context @returns {Promise<import('../figures.mjs').Report>}
 */
export function scanLimits(context) {
  const { address4 } = HOSTS.limited
  const ports = { from: 1, to: context.quick ? 1000 : 5000 }
  const task = {
    label: 'scan-limits',
    targets: [address4],
    addresses: [address4],
    ports,
    truth: TRUTH.limited,
  }
  const limit = context.quick ? 1 : 0.5
  const aims = [
    { ours: SYN, peer: PEER, limit },
    { ours: CONNECT, peer: PEER, limit },
  ]
  return raceInWorld(context, task, [SYN, CONNECT, PEER], aims, new ScanWorld())
}
