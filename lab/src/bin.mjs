import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { exampleTun } from './example-tun.mjs'
import { createLab, PORTS } from './lab.mjs'
import { missing } from './missing.mjs'
import { namedId, namespaceOf } from './names.mjs'
import { parseWish, USAGE, UsageError } from './options.mjs'
import { findLabs, removeLab, sweep } from './remove.mjs'

/** `pnpm lab`: labs that stay until they are taken down. Ends with 0, 1 (it failed) or 2 (it was asked wrongly). */

/** @typedef {import('./options.mjs').Wish} Wish */

/** @type {Readonly<Record<Wish['verb'], (wish: Wish) => Promise<number> | number>>} */
const VERBS = { up, down, exec: enter, list }

/** @param {readonly string[]} args @returns {Promise<number>} the exit status */
async function main(args) {
  const wish = parseWish(args)
  const lacks = missing()
  if (lacks.length > 0) throw new Error(`a lab needs ${lacks.join(', ')}`)
  return VERBS[wish.verb](wish)
}

/** @param {Wish} wish */
async function up({ name, routed }) {
  const lab = await createLab({ name, routed, tun: exampleTun })
  const { target, names } = lab
  const ports = Object.values(PORTS).map(({ port, does }) => `  ${String(port).padStart(5)}  ${does}`)
  say(`lab ${name} is up: ${lab.namespace('probe')}, ${lab.namespace('target')}`)
  say(`target ${target.address4} and ${target.address6}, names ${Object.keys(names).join(' ')}`)
  say(`ports, all others closed:\n${ports.join('\n')}`)
  return 0
}

/** @param {Wish} wish */
function down({ name }) {
  sweep()
  removeLab(mustFind(name))
  return 0
}

function list() {
  sweep()
  for (const { id, owner, namespaces } of findLabs()) {
    const whose = owner.kind === 'nobody' ? owner.name : `of process ${owner.pid}`
    say(`${whose.padEnd(20)} ${id.padEnd(36)} ${namespaces.length} namespaces`)
  }
  return 0
}

/** @param {Wish} wish @returns {Promise<number>} */
function enter({ name, as, command }) {
  const id = mustFind(name)
  const child = spawn('ip', ['netns', 'exec', namespaceOf(id, as), ...command], { stdio: 'inherit' })
  // The terminal sends Ctrl-C to both of us, and the command decides what it means.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status, signal) => resolve(status ?? 128 + (signal ? constants.signals[signal] : 0)))
  })
}

/** @param {string} name @returns {string} the lab's ID */
function mustFind(name) {
  const id = namedId(name)
  if (findLabs().some((lab) => lab.id === id)) return id
  throw new Error(`no lab called ${name} is up: pnpm lab up${name === 'default' ? '' : ` --name ${name}`}`)
}

/** @param {string} text */
function say(text) {
  process.stdout.write(`${text}\n`)
}

// Whoever reads only our first line (`| head`) has seen enough.
process.stdout.on('error', () => {})

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  const isUsage = error instanceof UsageError
  process.stderr.write(`lab: ${error instanceof Error ? error.message : error}\n${isUsage ? USAGE : ''}`)
  process.exitCode = isUsage ? 2 : 1
}
