import { forget } from './at-exit.mjs'
import { build } from './build.mjs'
import { openCapture } from './capture.mjs'
import { makeCertificate } from './certificate.mjs'
import { run, start } from './command.mjs'
import { onPath } from './missing.mjs'
import { namedId, namespaceOf, ownedId } from './names.mjs'
import { planLab } from './plan.mjs'
import { startPuppet } from './puppet.mjs'
import { raise } from './raise.mjs'
import { removeLab } from './remove.mjs'
import { startTun } from './tun.mjs'

export { canLab, missing } from './missing.mjs'
export { FAR, NOWHERE } from './plan.mjs'
export { HOSTILE_BYTES, LATE_GREETING, LATE_MS, PORTS } from './ports.mjs'

/**
 * @typedef {import('./plan.mjs').Role} Role
 * @typedef {import('./command.mjs').RunOptions & { readonly as?: Role }} InsideOptions `as` is the probe unless said otherwise
 * @typedef {'open' | 'closed' | 'stealth'} PortSwitch
 * @typedef {{
 *   readonly name?: string | undefined,
 *   readonly routed?: boolean | undefined,
 *   readonly tun?: import('./tun.mjs').TunConfig | undefined,
 * }} LabOptions a lab with a `name` outlives this process and stays until `pnpm lab down`
 */

/**
 * A lab that is up: namespaces, joined and addressed, with the target's ports served.
 * @param {LabOptions} options
 * @returns {Promise<Lab>}
 */
export async function createLab(options = {}) {
  const lab = new Lab(options)
  await lab.up()
  return lab
}

/** A test network. Its addresses are known before it is up. Owns namespaces and processes: `remove` frees them. */
export class Lab {
  /** @type {LabOptions} */
  #options
  #plan
  /** @type {import('./puppet.mjs').Puppet | undefined} */
  #server
  /** @type {import('./tun.mjs').Tun | undefined} */
  #tun
  /** @type {Set<import('./command.mjs').Running>} */
  #running = new Set()
  #ours = false

  /** @param {LabOptions} options */
  constructor(options = {}) {
    this.#options = options
    this.#plan = planLab(options)
    this.id = options.name === undefined ? ownedId() : namedId(options.name)
  }

  /** The probing side. */
  get probe() {
    return this.#plan.probe
  }

  /** The probed side; `dead6` drops everything. */
  get target() {
    return { ...this.#plan.target, setPort: this.#setPort }
  }

  /** Names in the lab's hosts file with their addresses, in the file's order. */
  get names() {
    return this.#plan.names
  }

  /** The responder for the far addresses, while the lab is up. */
  get tun() {
    if (this.#tun === undefined) throw new Error('the lab is not up')
    return this.#tun
  }

  /** @param {Role} role */
  namespace(role) {
    return namespaceOf(this.id, role)
  }

  /** Makes the lab, after removing those whose owners are gone. Leaves nothing behind when it fails. */
  async up() {
    await raise(this, async () => {
      this.#ours = true
      await this.#make()
    })
  }

  async #make() {
    const { name, tun = {} } = this.#options
    const keep = name !== undefined
    const { addresses } = this.#plan.target
    const [tls] = await Promise.all([
      onPath('openssl') ? makeCertificate(addresses) : undefined,
      build(this.id, this.#plan),
    ])
    const namespace = this.namespace('target')
    const serving = startPuppet(namespace, new URL('target/server.mjs', import.meta.url), { tls, keep })
    const responding = startTun(namespace, addresses, tun, keep)
    const [server, responder] = await Promise.all([serving, responding])
    this.#server = server
    this.#tun = responder
    if (keep) this.#handOver()
  }

  /** From here on the lab lives without us. */
  #handOver() {
    forget(this.id)
    this.#server?.release()
    this.#tun?.release()
  }

  /**
   * Opens, closes or hides one of the target's ports, on both families. Connections to it are reset when it closes.
   * @type {(port: number, state: PortSwitch) => Promise<void>}
   */
  #setPort = async (port, state) => {
    if (this.#server === undefined) throw new Error('the lab is not up')
    await this.#server.request({ port, state })
  }

  /**
   * Runs a program inside to its end; at the latest `timeoutMs` (10,000) after its start it is killed.
   * @param {string} command @param {readonly string[]} args @param {InsideOptions} options
   * @returns {Promise<import('./command.mjs').RunResult>}
   */
  exec(command, args = [], options = {}) {
    return run(...this.#inside(command, args, options))
  }

  /**
   * Starts a program inside and gives it back while it runs. It ends with the lab at the latest.
   * @param {string} command @param {readonly string[]} args @param {InsideOptions} options
   */
  spawn(command, args = [], options = {}) {
    const running = start(...this.#inside(command, args, { timeoutMs: 60_000, ...options }))
    this.#running.add(running)
    const over = () => this.#running.delete(running)
    running.done.then(over, over)
    return running
  }

  /**
   * @param {string} command @param {readonly string[]} args @param {InsideOptions} options
   * @returns {[string, string[], import('./command.mjs').RunOptions]}
   */
  #inside(command, args, { as = 'probe', ...options }) {
    return ['ip', ['netns', 'exec', this.namespace(as), command, ...args], options]
  }

  /**
   * Records the packets that pass `lab0` on one side, from when this resolves.
   * @param {{ readonly as?: Role, readonly filter?: string }} options `filter` as in pcap-filter(7)
   */
  capture({ as = 'probe', filter = 'tcp' } = {}) {
    return openCapture(this.namespace(as), filter)
  }

  /** Removes the lab with everything that runs in it. Safe to call twice. */
  async remove() {
    if (!this.#ours) return
    removeLab(this.id)
    forget(this.id)
    const ends = [...this.#running].map(({ done }) => done.then(nothing, nothing))
    await Promise.all([...ends, this.#server?.gone(), this.#tun?.gone()])
  }
}

function nothing() {}
