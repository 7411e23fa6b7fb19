import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { forget } from './at-exit.mjs'
import { connect, ETC_NETNS } from './build.mjs'
import { run, start } from './command.mjs'
import { namespaceOf, ownedId } from './names.mjs'
import { startPuppet } from './puppet.mjs'
import { raise } from './raise.mjs'
import { removeLab } from './remove.mjs'
import { FULL_HOSTS, HOSTS, NETWORK, OPEN_PORTS, TRUTH, UDP_ANSWERING_PORTS } from './scan-world/hosts.mjs'
import { PLACES, PROBE_DEVICE, placeScript, TARGET_DEVICE, TARGET_MAC } from './scan-world/places.mjs'
import { startRelay, toConfig } from './scan-world/relay.mjs'
import { RESPONDER, silenceCommand } from './scan-world/rules.mjs'

export { HOSTS, NETWORK, OPEN_PORTS, PROBE_DEVICE, TARGET_MAC, TRUTH }

/**
 * @typedef {import('./scan-world/places.mjs').Place} Place
 * @typedef {import('./scan-world/relay.mjs').LongWay} LongWay
 * @typedef {import('./scan-world/hosts.mjs').HostName} HostName
 * @typedef {import('./scan-world/hosts.mjs').Scan} Scan
 * @typedef {import('./scan-world/hosts.mjs').Truth} Truth
 */

/** No name server is asked: a name that is not here is unknown at once. */
const ETC = {
  hosts: `127.0.0.1 localhost
::1 localhost
10.77.0.2 full.lab
fd77::2 full6.lab
10.77.1.2 stealth.lab
10.79.0.2 far.lab
fd79::2 far6.lab
`,
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\nservices: files\nprotocols: files\n',
  'resolv.conf': '',
}

/**
 * The world in which scanners are tried: a probe, and on its link `HOSTS` and the 256 hosts of `NETWORK`. `full` has 32
 * open ports, dropped ones, and ports with ICMP errors; `limited` is the same with 500 resets a second at most, `lossy`
 * with three of a hundred answers lost, `far` at the end of a long way; `stealth` drops all but two ports, `dropped` all,
 * `everything` answers everything as open, `elsewhere` answers from another address, `absent` is not there. IPv6 alike,
 * without the network. What is true of each port is in `TRUTH`. The far host is there when `far` was given, and needs cc.
 * Owns namespaces and processes: `remove` frees them.
 */
export class ScanWorld {
  id = ownedId()
  /** @type {LongWay | undefined} */
  #far
  /** @type {import('./puppet.mjs').Puppet[]} */
  #puppets = []
  /** @type {import('./puppet.mjs').Puppet | undefined} */
  #relay

  /** @param {{ readonly far?: LongWay }} options */
  constructor({ far } = {}) {
    this.#far = far
  }

  /** @param {Place} place */
  namespace(place) {
    return namespaceOf(this.id, place)
  }

  /** Makes the world. Leaves nothing behind when it fails. */
  async up() {
    await raise(this, async () => {
      for (const place of PLACES) writeEtc(this.namespace(place))
      const scripts = PLACES.map(
        (place) => /** @type {const} */ ([this.namespace(place), placeScript(place)]),
      )
      await connect(this.#linkScript(), scripts)
      await this.#populate()
    })
  }

  #linkScript() {
    const [probe, target] = [this.namespace('probe'), this.namespace('target')]
    const link = `link add ${PROBE_DEVICE} netns ${probe} type veth peer name ${TARGET_DEVICE} netns ${target}`
    return `${[...PLACES.map((place) => `netns add ${this.namespace(place)}`), link].join('\n')}\n`
  }

  async #populate() {
    const services = new URL('peers/scan-peer.mjs', import.meta.url)
    const responder = new URL('tun/responder.mjs', import.meta.url)
    const target = this.namespace('target')
    const near = FULL_HOSTS.flatMap((name) => Object.values(HOSTS[name]))
    const ports = { tcp: OPEN_PORTS, udp: UDP_ANSWERING_PORTS }
    this.#puppets = await Promise.all([
      startPuppet(target, services, { ...ports, addresses: near }),
      startPuppet(target, responder, { config: RESPONDER }),
      ...(this.#far ? this.#populateFar(this.#far, services, ports) : []),
    ])
    this.#relay = this.#puppets[3]
  }

  /** @param {LongWay} way @param {URL} services @param {object} ports */
  #populateFar(way, services, ports) {
    const far = this.namespace('hop2')
    return [
      startPuppet(far, services, { ...ports, addresses: Object.values(HOSTS.far) }),
      startRelay(this.namespace('target'), far, way),
    ]
  }

  /** Makes the way to the far host longer or shorter, for packets from now on. @param {LongWay} way */
  async lengthen(way) {
    if (this.#relay === undefined) throw new Error('the world was made without a far host')
    await this.#relay.request(toConfig(way))
  }

  /** From now on a host says nothing more. @param {string} address */
  async silence(address) {
    await this.#nft(silenceCommand(address, true))
  }

  /** Ends a silence. @param {string} address */
  async revive(address) {
    await this.#nft(silenceCommand(address, false))
  }

  /** @param {readonly string[]} args */
  async #nft(args) {
    const { status, stderr } = await this.exec('nft', args, { as: 'target' })
    if (status !== 0) throw new Error(`nft: ${stderr.trim()}`)
  }

  /**
   * Runs a program inside to its end.
   * @param {string} command @param {readonly string[]} args
   * @param {import('./command.mjs').RunOptions & { readonly as?: Place }} options
   */
  exec(command, args = [], { as = 'probe', ...options } = {}) {
    return run('ip', ['netns', 'exec', this.namespace(as), command, ...args], options)
  }

  /**
   * Starts a program inside and gives it back while it runs.
   * @param {string} command @param {readonly string[]} args
   * @param {import('./command.mjs').RunOptions & { readonly as?: Place }} options
   */
  spawn(command, args = [], { as = 'probe', ...options } = {}) {
    return start('ip', ['netns', 'exec', this.namespace(as), command, ...args], options)
  }

  /** Removes the world with everything that runs in it. Safe to call twice. */
  async remove() {
    removeLab(this.id)
    forget(this.id)
    await Promise.all(this.#puppets.map((puppet) => puppet.gone()))
    this.#puppets = []
    this.#relay = undefined
  }
}

/** @param {string} namespace */
function writeEtc(namespace) {
  const folder = join(ETC_NETNS, namespace)
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(ETC)) {
    // `ip netns exec` complains about a file that /etc itself does not have.
    if (existsSync(join('/etc', name))) writeFileSync(join(folder, name), text)
  }
}
