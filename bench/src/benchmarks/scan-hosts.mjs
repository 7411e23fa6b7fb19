import { NETWORK, ScanWorld, TRUTH } from '@portkit/lab/scan-world'
import { raceInWorld } from '../scan-race.mjs'
import { nmap, portscan } from '../scanners.mjs'

const SYN = portscan('syn')
const CONNECT = portscan('connect')
const PEER = nmap('syn')
const PEER_CONNECT = nmap('connect')

/**
 * A hundred ports of each of 256 hosts on the link, one of them open.
 * @param {import('../figures.mjs').Context} context @returns {Promise<import('../figures.mjs').Report>}
 */
export function scanHosts(context) {
  const ports = { from: 1, to: 100 }
  const addresses = Array.from({ length: 256 }, (_, host) => NETWORK.replace(/0\/24$/, String(host)))
  const task = { label: 'scan-hosts', targets: [NETWORK], addresses, ports, truth: TRUTH.network }
  const aims = [
    { ours: SYN, peer: PEER, limit: 1 },
    { ours: CONNECT, peer: PEER_CONNECT, limit: 1 },
  ]
  return raceInWorld(context, task, [SYN, PEER, CONNECT, PEER_CONNECT], aims, new ScanWorld())
}
