// @ts-check
// Parses on every Node that knows modules: an old one gets a sentence, not a syntax error.

/** The oldest Node that works: [major, minor]. The same as `engines` in package.json. */
export const NODE_FLOOR = [20, 19]

/**
 * @param {string} version as in process.versions.node, e.g. '18.20.4'
 * @returns {string | undefined} one sentence for the user, or nothing when this Node will do
 */
export function nodeTooOld(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [floorMajor = 0, floorMinor = 0] = NODE_FLOOR
  if (major > floorMajor || (major === floorMajor && minor >= floorMinor)) return undefined
  return `portkit needs Node ${floorMajor}.${floorMinor} or newer; this is Node ${version}\n`
}

/**
 * Runs `start` when this Node is new enough; otherwise says so on stderr and leaves exit status 1.
 * @param {() => Promise<unknown>} start imports and runs the rest, which may use newer syntax
 */
export function onRecentNode(start) {
  const complaint = nodeTooOld(process.versions.node)
  if (complaint === undefined) return start()
  process.stderr.write(complaint)
  process.exitCode = 1
  return Promise.resolve()
}
