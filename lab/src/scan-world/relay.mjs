import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '../command.mjs'
import { startProgram } from '../puppet.mjs'
import { RELAY_DEVICE } from './places.mjs'

/**
 * The long way to the far host.
 * @typedef {{ readonly roundTripMs: number, readonly loss?: number }} LongWay half of `roundTripMs` each way; `loss` (0 to
 *   1) of the packets in each direction
 */

const SOURCE = fileURLToPath(new URL('relay.c', import.meta.url))
const DELAY_LIMIT_MS = 10_000

/**
 * Compiles and starts the relay between two namespaces. It is C, since it carries more packets than Node could while
 * the machine's other processors scan.
 * @param {string} near @param {string} far namespaces @param {LongWay} way
 * @returns {Promise<import('../puppet.mjs').Puppet>}
 * @throws {Error} when it does not compile
 */
export async function startRelay(near, far, way) {
  const folder = mkdtempSync(join(tmpdir(), 'portkit-relay-'))
  try {
    const program = join(folder, 'relay')
    const { status, stderr } = await run('cc', ['-O2', '-Wall', '-Wextra', '-o', program, SOURCE])
    if (status !== 0) throw new Error(`the relay does not compile: ${stderr}`)
    return await startProgram(near, [program, RELAY_DEVICE, `/run/netns/${far}`], toConfig(way))
  } finally {
    // A running program needs its file no more.
    rmSync(folder, { recursive: true })
  }
}

/** @param {LongWay} way @throws {RangeError} */
export function toConfig({ roundTripMs, loss = 0 }) {
  if (!(roundTripMs >= 0 && roundTripMs <= DELAY_LIMIT_MS))
    throw new RangeError(`roundTripMs: ${roundTripMs}`)
  if (!(loss >= 0 && loss <= 1)) throw new RangeError(`loss: ${loss}`)
  return { delayUs: Math.round(roundTripMs * 500), lostOfMillion: Math.round(loss * 1e6) }
}
