import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { median } from '../figures.mjs'
import { TCPIE, TCPING } from '../tools.mjs'

/**
 * Wall time of a process that probes an open loopback port once, next to a Node that does nothing.
 * @param {import('../figures.mjs').Context} context @returns {Promise<import('../figures.mjs').Report>}
 */
export async function wholeProcess({ quick }) {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = String(typeof address === 'object' ? address?.port : '')
  const probe = ['-c', '1', '127.0.0.1', port]
  const commands = { 'node -e 0': ['-e', '0'], tcping: [TCPING, ...probe], tcpie: [TCPIE, ...probe] }
  try {
    const raw = takeTurns(commands, quick ? 5 : 30)
    const base = median(raw['node -e 0'] ?? [])
    const figures = Object.entries(raw).flatMap(([name, walls]) => {
      const wall = { what: `process: ${name}`, value: median(walls), unit: 'ms', samples: walls.length }
      if (name === 'node -e 0') return [wall]
      const ratio = {
        what: `process: ${name} / node -e 0`,
        value: wall.value / base,
        unit: '×',
        samples: walls.length,
      }
      return [wall, name === 'tcping' ? { ...ratio, limit: 1.35 } : ratio]
    })
    return { figures, raw }
  } finally {
    server.close()
  }
}

/**
 * @param {Readonly<Record<string, readonly string[]>>} commands @param {number} rounds
 * @returns {Record<string, number[]>} milliseconds
 */
function takeTurns(commands, rounds) {
  /** @type {Record<string, number[]>} */
  const walls = Object.fromEntries(Object.keys(commands).map((name) => [name, []]))
  // The first round fills the page cache and does not count.
  for (let round = -1; round < rounds; round++) {
    for (const [name, args] of Object.entries(commands)) {
      const startMs = performance.now()
      const { status } = spawnSync(process.execPath, args, { stdio: 'ignore', timeout: 10_000 })
      if (status !== 0) throw new Error(`${name} ended with ${status}`)
      if (round >= 0) walls[name]?.push(performance.now() - startMs)
    }
  }
  return walls
}
