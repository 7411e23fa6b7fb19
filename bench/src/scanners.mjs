import { fileURLToPath } from 'node:url'
import { statesInList, statesInXml } from './port-states.mjs'

/**
 * The scanners that are compared: how each is asked, and how what it says is read.
 *
 * @typedef {import('./scan-race.mjs').Task} Task
 * @typedef {import('@portkit/lab/scan-world').Scan} Scan
 * @typedef {{
 *   readonly name: string,
 *   readonly command: string,
 *   readonly args: (task: Task) => readonly string[],
 *   readonly scan: Scan,
 *   readonly read: (stdout: string) => import('./port-states.mjs').HostStates,
 *   readonly isOurs?: boolean,
 *   readonly isOnce?: boolean,
 *   readonly onlyOpen?: boolean,
 *   readonly asNobody?: boolean,
 * }} Scanner `isOnce` for what takes minutes; `onlyOpen` says nothing of other ports; `asNobody` without any right
 */

const PORTSCAN = fileURLToPath(new URL('../../packages/scan/dist/portscan.cjs', import.meta.url))

/** What both sides of every comparison are told. */
const COMMON = ['-n', '-Pn', '-oX', '-']

/**
 * @param {Scan} scan @param {readonly string[]} more options @param {Partial<Scanner>} rest
 * @returns {Scanner}
 */
export function portscan(scan, more = [], rest = {}) {
  const args = (/** @type {Task} */ task) => [PORTSCAN, ...COMMON, letter(scan), ...more, ...where(task)]
  const name = ['portscan', letter(scan), ...more].join(' ')
  return { name, command: process.execPath, args, scan, read: statesInXml, isOurs: true, ...rest }
}

/**
 * @param {Scan} scan @param {readonly string[]} more options @param {Partial<Scanner>} rest
 * @returns {Scanner}
 */
export function nmap(scan, more = [], rest = {}) {
  const unprivileged = rest.asNobody ? ['--unprivileged'] : []
  const options = [letter(scan), ...more]
  const args = (/** @type {Task} */ task) => [...COMMON, ...unprivileged, ...options, ...where(task)]
  return { name: ['nmap', ...options].join(' '), command: 'nmap', args, scan, read: statesInXml, ...rest }
}

/**
 * It has to be told its way in a namespace, and stays on for long after its last packet.
 * @param {{ readonly device: string, readonly address: string, readonly gatewayMac: string }} link @param {number} rate
 * @returns {Scanner}
 */
export function masscan({ device, address, gatewayMac }, rate) {
  const link = ['--interface', device, '--adapter-ip', address, '--router-mac', gatewayMac]
  const options = ['--rate', String(rate), '--wait', '1', '-oL', '-']
  const args = (/** @type {Task} */ { targets, ports }) => [
    ...link,
    ...options,
    `-p${ports.from}-${ports.to}`,
    ...targets,
  ]
  const name = `masscan --rate ${rate} --wait 1`
  return { name, command: 'masscan', args, scan: 'syn', read: statesInList, isOnce: true, onlyOpen: true }
}

/** @param {Scan} scan */
function letter(scan) {
  return scan === 'syn' ? '-sS' : '-sT'
}

/** @param {Task} task */
function where({ targets, ports }) {
  return [`-p${ports.from}-${ports.to}`, ...targets]
}
