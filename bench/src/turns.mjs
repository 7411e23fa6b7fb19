import { spawnSync } from 'node:child_process'

/**
 * Wall times of Node programs that run in turns, so that a noisy machine is as noisy for all of them.
 * @param {Readonly<Record<string, readonly string[]>>} commands arguments of node, by name @param {number} rounds
 * @returns {Record<string, number[]>} milliseconds
 */
export function takeTurns(commands, rounds) {
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
