import { HOSTS, ScanWorld, TRUTH } from '@portkit/lab/scan-world'
import { median } from '../figures.mjs'
import { idlePeak } from '../process-peak.mjs'
import { mustHaveScanners, race, raceFigures } from '../scan-race.mjs'
import { nmap, portscan } from '../scanners.mjs'

const OURS = [portscan('syn'), portscan('connect')]
const PEERS = [nmap('syn', [], { isOnce: true }), nmap('connect', [], { isOnce: true })]

/** MiB above a Node that does nothing. */
const MOST = 40

/**
 * Peak memory of a scan of all ports.
 * @param {import('../figures.mjs').Context} context @returns {Promise<import('../figures.mjs').Report>}
 */
export async function scanMemory(context) {
  mustHaveScanners()
  const world = new ScanWorld()
  const { address4 } = HOSTS.full
  const ports = { from: 1, to: 65_535 }
  const task = { label: 'scan-memory', targets: [address4], addresses: [address4], ports, truth: TRUTH.full }
  const rounds = context.quick ? 1 : 3
  try {
    await world.up()
    /** @type {number[]} */
    const idle = []
    for (let round = 0; round < rounds; round++) idle.push(await idlePeak(world))
    const runs = await race(world, task, [...OURS, ...PEERS], rounds, context)
    const peakOf = (/** @type {string} */ name) => median((runs[name] ?? []).map(({ peakMiB }) => peakMiB))
    const ran = (/** @type {{ readonly name: string }} */ { name }) => (runs[name] ?? []).length > 0
    const ours = OURS.filter(ran).map(({ name }) => ({
      what: `scan-memory: ${name}: peak above node -e 0`,
      value: peakOf(name) - median(idle),
      unit: 'MiB',
      limit: MOST,
      samples: rounds,
    }))
    const peers = PEERS.filter(ran).map(({ name }) => ({
      what: `scan-memory: ${name}: peak`,
      value: peakOf(name),
      unit: 'MiB',
      samples: 1,
    }))
    return { figures: [...ours, ...peers, ...raceFigures(task, OURS, runs, [])], raw: { runs, idle } }
  } finally {
    await world.remove()
  }
}
