import { accessSync, constants, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'

/** @typedef {string} Need a program that a test runs beside the lab's own */

/** capabilities(7): bit numbers. */
const CAPABILITIES = /** @type {const} */ ({ CAP_NET_ADMIN: 12, CAP_NET_RAW: 13, CAP_SYS_ADMIN: 21 })

/**
 * What this machine lacks for a lab, in words; empty when a lab can be made.
 * @param {readonly Need[]} needs
 * @returns {readonly string[]}
 */
export function missing(needs = []) {
  if (process.platform !== 'linux') return ['Linux']
  return [
    ...missingRights(),
    ...missingTun(),
    ...['ip', 'nft', ...needs].filter((program) => !onPath(program)),
  ]
}

/** Whether a lab can be made here. @param {readonly Need[]} needs */
export function canLab(needs = []) {
  return missing(needs).length === 0
}

function missingRights() {
  if (process.geteuid?.() !== 0) return ['root']
  const held = effectiveCapabilities()
  return Object.entries(CAPABILITIES).flatMap(([name, bit]) => ((held >> BigInt(bit)) & 1n ? [] : [name]))
}

function effectiveCapabilities() {
  const hex = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'
  return BigInt(`0x${hex}`)
}

function missingTun() {
  const device = usable('/dev/net/tun', constants.R_OK | constants.W_OK) ? [] : ['/dev/net/tun']
  return hasKoffi() ? device : [...device, 'koffi']
}

/** @param {string} program */
export function onPath(program) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.some((folder) => usable(join(folder, program), constants.X_OK))
}

/** @param {string} path @param {number} mode */
function usable(path, mode) {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}

function hasKoffi() {
  try {
    createRequire(import.meta.url).resolve('koffi')
    return true
  } catch {
    return false
  }
}
