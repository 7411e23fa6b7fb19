import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'

/**
 * Namespaces are called ID-ROLE. The ID of a lab says who owns it, so that nothing else has to be kept:
 * `pk-PID-START-RANDOM` belongs to a process, `pk-named-NAME` to nobody.
 *
 * @typedef {import('./plan.mjs').Role | 'hop2' | 'hop3'} Role the two hops are an nping world's
 * @typedef {{ readonly kind: 'process', readonly pid: number, readonly start: string }} ProcessOwner
 *   `start` tells the process from a later one with the same number
 * @typedef {{ readonly kind: 'nobody', readonly name: string }} Nobody
 * @typedef {{ readonly id: string, readonly role: Role, readonly owner: ProcessOwner | Nobody }} NamespaceName
 */

const OWNED = /^(pk-(\d+)-([0-9a-z]+)-[0-9a-f]+)-(probe|router|target|hop2|hop3)$/
const NAMED = /^(pk-named-(.+))-(probe|router|target|hop2|hop3)$/
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/

/** A new ID that belongs to this process. */
export function ownedId() {
  return `pk-${process.pid}-${startOf(process.pid) ?? '0'}-${randomBytes(4).toString('hex')}`
}

/** @param {string} name @throws {Error} when the name cannot be part of a file name */
export function namedId(name) {
  if (!NAME.test(name))
    throw new Error(`lab name invalid: ${JSON.stringify(name)} (letters, digits, - and _)`)
  return `pk-named-${name}`
}

/** @param {string} id @param {Role} role */
export function namespaceOf(id, role) {
  return `${id}-${role}`
}

/** @param {string} namespace @returns {NamespaceName | undefined} undefined when it is not a lab's */
export function parseNamespace(namespace) {
  const named = NAMED.exec(namespace)
  if (named)
    return { id: named[1] ?? '', role: roleOf(named[3]), owner: { kind: 'nobody', name: named[2] ?? '' } }
  const owned = OWNED.exec(namespace)
  if (!owned) return undefined
  const owner = /** @type {const} */ ({ kind: 'process', pid: Number(owned[2]), start: owned[3] ?? '' })
  return { id: owned[1] ?? '', role: roleOf(owned[4]), owner }
}

/** @param {string | undefined} text @returns {Role} */
function roleOf(text) {
  return text === 'probe' || text === 'router' || text === 'hop2' || text === 'hop3' ? text : 'target'
}

/** @param {ProcessOwner} owner */
export function isAlive({ pid, start }) {
  return startOf(pid) === start
}

/**
 * When a process was started, in clock ticks since boot, base 36 (proc_pid_stat(5): field 22).
 * @param {number} pid
 * @returns {string | undefined} undefined when there is no such process, or only its remains (a zombie)
 */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The second field is the program's name in brackets and may hold blanks and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined
    return BigInt(fields[19] ?? '0').toString(36)
  } catch {
    return undefined
  }
}
