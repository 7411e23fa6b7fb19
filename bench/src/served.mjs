import { fileURLToPath } from 'node:url'

const GREETERS = fileURLToPath(new URL('greeters.mjs', import.meta.url))

/**
 * @typedef {keyof typeof import('./greetings.mjs').GREETERS} Kind
 * @typedef {ReadonlyMap<number, Kind>} Served what speaks at which port
 * @typedef {{
 *   readonly spawn: (
 *     command: string,
 *     args: readonly string[],
 *     options: import('@portkit/lab/command').RunOptions & { readonly as: 'target' },
 *   ) => import('@portkit/lab/command').Running,
 * }} World
 */

/**
 * One process with so many ports at a world's target that greet whoever connects, the kinds in turns.
 * @param {World} world @param {number} count @param {readonly Kind[]} kinds all of them when empty
 * @returns {Promise<{ readonly served: Served, readonly end: () => void }>}
 */
export async function serveGreeters(world, count, kinds = []) {
  const args = [GREETERS, String(count), ...kinds]
  const serving = world.spawn(process.execPath, args, { as: 'target', timeoutMs: 600_000 })
  const [line] = await serving.until(/^\[\[.*\]\]$/m)
  return { served: new Map(JSON.parse(line)), end: () => serving.kill('SIGKILL') }
}
