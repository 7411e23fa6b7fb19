// @ts-check
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @typedef {object} Package
 * @property {string} name npm name
 * @property {string} folder absolute
 * @property {boolean} isPublic
 * @property {Readonly<Record<string, string>>} bin command -> file, relative to the folder
 */

/**
 * The packages under packages/, in alphabetical order of their folders.
 * @param {string} root of the repository
 * @returns {Package[]}
 */
export function listPackages(root) {
  const parent = join(root, 'packages')
  return readdirSync(parent)
    .sort()
    .flatMap((entry) => readPackage(join(parent, entry)))
}

/**
 * @param {string} folder
 * @returns {Package[]} none where the folder holds no package.json
 */
function readPackage(folder) {
  const text = textOf(join(folder, 'package.json'))
  if (text === undefined) return []
  const { name, private: isPrivate, bin = {} } = JSON.parse(text)
  const commands = typeof bin === 'string' ? { [name.replace(/^@[^/]+\//, '')]: bin } : bin
  return [{ name, folder, isPublic: isPrivate !== true, bin: commands }]
}

/** @param {string} file */
function textOf(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/**
 * @param {readonly Package[]} packages
 * @returns {Map<string, string>} command -> absolute file, by name
 */
export function toolFiles(packages) {
  const pairs = packages.flatMap(({ folder, bin }) =>
    Object.entries(bin).map(
      ([command, file]) => /** @type {[string, string]} */ ([command, join(folder, file)]),
    ),
  )
  return new Map(pairs.sort(([a], [b]) => (a < b ? -1 : 1)))
}
