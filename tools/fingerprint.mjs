// @ts-check
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Name, size and modification time of every file below the given paths, one a line: two equal texts mean that
 * nothing was touched in between. It only asks for metadata, so it costs a few milliseconds.
 * @param {string} root
 * @param {readonly string[]} paths files or folders, relative to the root; a missing one is part of the answer
 * @returns {string}
 */
export function fingerprint(root, paths) {
  return paths.flatMap((path) => describe(root, path)).join('\n')
}

/**
 * @param {string} root
 * @param {string} path
 * @returns {string[]}
 */
function describe(root, path) {
  const stat = statSync(join(root, path), { throwIfNoEntry: false })
  if (stat === undefined) return [`${path} missing`]
  if (!stat.isDirectory()) return [`${path} ${stat.size} ${stat.mtimeMs}`]
  const entries = readdirSync(join(root, path)).sort()
  return entries.flatMap((entry) => describe(root, `${path}/${entry}`))
}
