import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { servedPorts } from '../ports.mjs'
import { serveRequests } from '../requests.mjs'
import { stealthCommand } from '../ruleset.mjs'
import { fillQueue } from './full-queue.mjs'
import { listen } from './listener.mjs'

/**
 * The process that serves the target's ports.
 * Requests: first `{ tls?: { key, cert }, keep }`, later `{ port, state: 'open' | 'closed' | 'stealth' }`.
 *
 * @typedef {import('./listener.mjs').Listener} Listener
 */

const nft = promisify(execFile)

/** @type {Map<number, Listener>} */
const listeners = new Map()

/** @type {Set<number>} */
const stealth = new Set()

/** @type {Map<number, import('../ports.mjs').Serving>} */
const usual = new Map(servedPorts().map(({ port, does }) => [port, does]))

/** @type {import('./listener.mjs').Certificate | undefined} */
let certificate

let started = false

await serveRequests(async (message) => {
  if (started) return setPort(Number(message.port), String(message.state))
  started = true
  certificate = /** @type {typeof certificate} */ (message.tls)
  const serving = [...usual].filter(([, does]) => does !== 'tls' || certificate !== undefined)
  await Promise.all(serving.map(([port, does]) => open(port, does)))
  return { ready: true }
})

/** @param {number} port @param {string} state */
async function setPort(port, state) {
  if (!(Number.isInteger(port) && port >= 1 && port <= 65_535))
    throw new Error(`port number invalid: ${port}`)
  if (!['open', 'closed', 'stealth'].includes(state)) throw new Error(`port state invalid: ${state}`)
  if (state === 'stealth') await drop(port)
  if (state === 'open' && !listeners.has(port)) await open(port, usual.get(port) ?? 'hold')
  if (state === 'closed') await close(port)
  if (state !== 'stealth') await undrop(port)
  return { port, state }
}

/** @param {number} port @param {import('../ports.mjs').Serving} does */
async function open(port, does) {
  listeners.set(port, does === 'full' ? await fillQueue(port) : await listen(port, does, certificate))
}

/** @param {number} port */
async function close(port) {
  await listeners.get(port)?.close()
  listeners.delete(port)
}

/** @param {number} port */
async function drop(port) {
  if (stealth.has(port)) return
  await nft('nft', stealthCommand(port, true))
  stealth.add(port)
}

/** @param {number} port */
async function undrop(port) {
  if (!stealth.has(port)) return
  await nft('nft', stealthCommand(port, false))
  stealth.delete(port)
}
