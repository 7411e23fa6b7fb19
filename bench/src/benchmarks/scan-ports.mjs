import { HOSTS, PROBE_DEVICE, ScanWorld, TARGET_MAC, TRUTH } from '@portkit/lab/scan-world'
import { raceInWorld } from '../scan-race.mjs'
import { masscan, nmap, portscan } from '../scanners.mjs'

const LINK = { device: PROBE_DEVICE, address: '10.77.0.1', gatewayMac: TARGET_MAC }

const OURS = portscan('syn')
const PEER = nmap('syn')
const OUR_CONNECT = portscan('connect', [], { asNobody: true })
const PEER_CONNECT = nmap('connect', [], { asNobody: true })

/**
 * All ports of a host on the link, 32 of them open and 1,013 filtered: by SYN, and by connect() without any right.
 * @param {import('../figures.mjs').Context} context @returns {Promise<import('../figures.mjs').Report>}
 */
export function scanPorts(context) {
  const { address4 } = HOSTS.full
  const ports = { from: 1, to: 65_535 }
  const task = { label: 'scan-ports', targets: [address4], addresses: [address4], ports, truth: TRUTH.full }
  const slow = context.quick ? [] : [masscan(LINK, 100_000)]
  const aims = [
    { ours: OURS, peer: PEER, limit: 0.3 },
    { ours: OUR_CONNECT, peer: PEER_CONNECT, limit: 0.75 },
  ]
  return raceInWorld(context, task, [OURS, PEER, ...slow, OUR_CONNECT, PEER_CONNECT], aims, new ScanWorld())
}
