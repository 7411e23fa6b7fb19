import { once } from 'node:events'
import { createServer } from 'node:net'
import { median } from '../figures.mjs'
import { NC_TS } from '../tools.mjs'
import { takeTurns } from '../turns.mjs'

/**
 * Wall time of `nc-ts -z` on an open loopback port, next to a Node that does nothing.
 * @param {import('../figures.mjs').Context} context @returns {Promise<import('../figures.mjs').Report>}
 */
export async function ncProcess({ quick }) {
  const server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = String(typeof address === 'object' ? address?.port : '')
  try {
    const raw = takeTurns({ node: ['-e', '0'], nc: [NC_TS, '-z', '127.0.0.1', port] }, quick ? 5 : 40)
    const [base, ours] = [median(raw.node ?? []), median(raw.nc ?? [])]
    const samples = raw.nc?.length ?? 0
    const figures = [
      { what: 'nc-process: node -e 0', value: base, unit: 'ms', samples },
      { what: 'nc-process: nc-ts -z', value: ours, unit: 'ms', samples },
      { what: 'nc-process: nc-ts -z / node -e 0', value: ours / base, unit: '×', limit: 1.15, samples },
    ]
    return { figures, raw }
  } finally {
    server.close()
  }
}
