import { HOSTS, ScanWorld, TRUTH } from '@portkit/lab/scan-world'
import { raceInWorld } from '../scan-race.mjs'
import { nmap, portscan } from '../scanners.mjs'

const SYN = portscan('syn')
const CONNECT = portscan('connect')
const PEER = nmap('syn', [], { isOnce: true })

/**
 * All ports of a host of whose answers three in a hundred are lost.
 * @param {import('../figures.mjs').Context} context @returns {Promise<import('../figures.mjs').Report>}
 */
export function scanLoss(context) {
  const { address4 } = HOSTS.lossy
  const ports = { from: 1, to: context.quick ? 3000 : 65_535 }
  const task = { label: 'scan-loss', targets: [address4], addresses: [address4], ports, truth: TRUTH.lossy }
  const limit = context.quick ? 1 : 0.1
  const aims = [
    { ours: SYN, peer: PEER, limit },
    { ours: CONNECT, peer: PEER, limit },
  ]
  return raceInWorld(context, task, [SYN, CONNECT, PEER], aims, new ScanWorld())
}
