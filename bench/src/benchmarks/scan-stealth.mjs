import { HOSTS, ScanWorld, TRUTH } from '@portkit/lab/scan-world'
import { raceInWorld } from '../scan-race.mjs'
import { nmap, portscan } from '../scanners.mjs'

const SYN = portscan('syn')
const CONNECT = portscan('connect')
const PEER = nmap('syn', [], { isOnce: true })
const HURRIED = nmap('syn', ['-T5', '--min-rate', '20000'])

/**
 * All ports of a host that drops all but two of them.
 * @param {import('../figures.mjs').Context} context @returns {Promise<import('../figures.mjs').Report>}
 */
export function scanStealth(context) {
  const { address4 } = HOSTS.stealth
  const ports = { from: 1, to: context.quick ? 10_000 : 65_535 }
  const task = {
    label: 'scan-stealth',
    targets: [address4],
    addresses: [address4],
    ports,
    truth: TRUTH.stealth,
  }
  const aims = [
    { ours: SYN, peer: PEER, limit: 0.02 },
    { ours: CONNECT, peer: PEER, limit: 0.06 },
    { ours: SYN, peer: HURRIED, limit: 0.3 },
  ]
  // What is true of few ports is not what is promised for all of them.
  const aimsHere = context.quick ? aims.map((aim) => ({ ...aim, limit: 1 })) : aims
  return raceInWorld(context, task, [SYN, CONNECT, HURRIED, PEER], aimsHere, new ScanWorld())
}
