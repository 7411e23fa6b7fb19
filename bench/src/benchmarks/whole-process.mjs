import { once } from 'node:events'
import { createServer } from 'node:net'
import { median } from '../figures.mjs'
import { TCPIE, TCPING } from '../tools.mjs'
import { takeTurns } from '../turns.mjs'

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
