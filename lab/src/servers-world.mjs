import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { forget } from './at-exit.mjs'
import { ETC_NETNS, must, set, setIfThere } from './build.mjs'
import { makeCertificate } from './certificate.mjs'
import { run, start } from './command.mjs'
import { namespaceOf, ownedId } from './names.mjs'
import { raise } from './raise.mjs'
import { removeLab } from './remove.mjs'
import { SERVERS } from './servers/all.mjs'
import { boundPorts, toBeBound } from './servers/bound.mjs'
import { runServer } from './servers/run-server.mjs'
import { installedPackages, truthsOf, versionsOf } from './servers/server.mjs'

export { SERVERS } from './servers/all.mjs'
export { HOSTILE } from './servers/hostile.mjs'

/**
 * @typedef {'probe' | 'target'} Side
 * @typedef {import('./servers/server.mjs').Server} Server
 * @typedef {import('./servers/server.mjs').Truth} Truth
 * @typedef {import('./servers/run-server.mjs').RunningServer} RunningServer
 * @typedef {{ readonly name: string, readonly lacks: readonly string[] }} Absent a server and the packages that it lacks here
 */

const SIDES = /** @type {const} */ (['probe', 'target'])

/** The target, and the name in its certificates. */
export const TARGET = /** @type {const} */ ({
  name: 'target.lab',
  address4: '10.77.0.2',
  address6: 'fd77::2',
})

const ADDRESSES = {
  probe: ['10.77.0.1/24 brd +', 'fd77::1/64', 'fe80::1/64'],
  target: [`${TARGET.address4}/24 brd +`, `${TARGET.address6}/64`, 'fe80::2/64'],
}

/** No name server is asked: a name that is not here is unknown at once. */
const ETC = {
  hosts: `127.0.0.1 localhost
::1 localhost
10.77.0.1 probe.lab
fd77::1 probe.lab
${TARGET.address4} ${TARGET.name}
${TARGET.address6} ${TARGET.name}
`,
  'nsswitch.conf':
    'passwd: files\ngroup: files\nhosts: files\nservices: files\nprotocols: files\nrpc: files\n',
  'resolv.conf': '',
}

/** How long all servers together may take to start, in milliseconds, and between two looks. */
const PATIENCE_MS = 50_000
const LOOK_MS = 50

/**
 * Which of these servers can be started on this machine, what is to be found at their ports, and who lacks which packages.
 * @param {readonly Server[]} wanted
 * @returns {Promise<{ readonly servers: readonly Server[], readonly truths: readonly Truth[], readonly absent: readonly Absent[] }>}
 */
export async function serversHere(wanted = SERVERS) {
  const installed = await installedPackages(wanted.flatMap(({ packages }) => packages))
  const versions = versionsOf(installed)
  const all = wanted.map((server) => ({
    server,
    lacks: server.packages.filter((name) => !installed.has(name)),
  }))
  const servers = all.flatMap(({ server, lacks }) => (lacks.length === 0 ? [server] : []))
  return {
    servers,
    truths: servers.flatMap((server) => truthsOf(server, versions)),
    absent: all.flatMap(({ server: { name }, lacks }) => (lacks.length > 0 ? [{ name, lacks }] : [])),
  }
}

/**
 * A probe and a target, joined by one link, with real servers from Debian at the target, each in its own
 * namespaces and on its own configuration. Owns namespaces and processes: `remove` frees them, and the
 * kernel ends the servers when their owner ends in whatever way.
 */
export class ServersWorld {
  id = ownedId()
  #wanted
  /** @type {RunningServer[]} */
  #running = []
  /** @type {readonly Truth[]} */
  #truths = []

  /** @param {readonly Server[]} wanted the servers to start, as far as they are installed */
  constructor(wanted = SERVERS) {
    this.#wanted = wanted
  }

  /** What is to be found at the target's ports; empty before the world is up. */
  get truths() {
    return this.#truths
  }

  /** @param {Side} side */
  namespace(side) {
    return namespaceOf(this.id, side)
  }

  /**
   * Makes the world and starts the servers that are installed, all at once. Leaves nothing behind when it fails.
   * @throws {Error} when one of them does not come up, with what it said
   */
  async up() {
    await raise(this, async () => {
      const [{ servers, truths }, certificate] = await Promise.all([
        serversHere(this.#wanted),
        makeCertificate([TARGET.address4, TARGET.address6]),
        this.#join(),
      ])
      this.#running = servers.map((server) => runServer(this.namespace('target'), server, certificate))
      await this.#ready(servers, truths)
      this.#truths = truths
    })
  }

  async #join() {
    const [probe, target] = [this.namespace('probe'), this.namespace('target')]
    for (const side of SIDES) writeEtc(this.namespace(side))
    const script = [
      `netns add ${probe}`,
      `netns add ${target}`,
      `link add lab0 netns ${probe} type veth peer name lab0 netns ${target}`,
      '',
    ]
    await must('ip', ['-batch', '-'], script.join('\n'))
    await Promise.all(
      SIDES.map((side) => must('ip', ['netns', 'exec', this.namespace(side), 'sh', '-e'], sideScript(side))),
    )
  }

  /** @param {readonly Server[]} servers @param {readonly Truth[]} truths */
  async #ready(servers, truths) {
    const deadline = performance.now() + PATIENCE_MS
    for (;;) {
      const bound = await boundPorts(this.namespace('target'))
      const late = this.#running.filter((running) => {
        const ready = servers.find(({ name }) => name === running.name)?.ready
        const ports = toBeBound(truths.filter(({ server }) => server === running.name))
        return (
          running.over() || ports.some((port) => !bound.has(port)) || ready?.test(running.log()) === false
        )
      })
      if (late.length === 0) return
      if (late.some((running) => running.over()) || performance.now() > deadline)
        throw new Error(late.map((running) => failure(running, truths, bound)).join('\n'))
      await pause(LOOK_MS)
    }
  }

  /** The last of what a server has printed. @param {string} name */
  log(name) {
    return this.#running.find((running) => running.name === name)?.log() ?? ''
  }

  /**
   * Runs a program inside to its end.
   * @param {string} command @param {readonly string[]} args
   * @param {import('./command.mjs').RunOptions & { readonly as?: Side }} options
   */
  exec(command, args = [], { as = 'probe', ...options } = {}) {
    return run('ip', ['netns', 'exec', this.namespace(as), command, ...args], options)
  }

  /**
   * Starts a program inside and gives it back while it runs.
   * @param {string} command @param {readonly string[]} args
   * @param {import('./command.mjs').RunOptions & { readonly as?: Side }} options
   */
  spawn(command, args = [], { as = 'probe', ...options } = {}) {
    return start('ip', ['netns', 'exec', this.namespace(as), command, ...args], options)
  }

  /** Removes the world with everything that runs in it. Safe to call twice. */
  async remove() {
    for (const running of this.#running) running.end()
    removeLab(this.id)
    forget(this.id)
    await Promise.all(this.#running.map((running) => running.gone()))
    this.#running = []
    this.#truths = []
  }
}

/** @param {RunningServer} running @param {readonly Truth[]} truths @param {ReadonlySet<string>} bound */
function failure({ name, over, log }, truths, bound) {
  const closed = toBeBound(truths.filter(({ server }) => server === name)).filter((port) => !bound.has(port))
  const what = over() ? 'ended' : 'did not come up'
  return `${name} ${what}; not bound: ${closed.join(', ') || 'nothing'}; it said:\n${log().trim()}`
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

/** @param {Side} side */
function sideScript(side) {
  return [
    // Linux sends one ICMP error a second to a host: further probes would look like silence.
    set('ipv4/icmp_ratelimit', '0'),
    set('ipv6/icmp/ratelimit', '0'),
    ...['ipv4/icmp_msgs_per_sec', 'ipv4/icmp_msgs_burst'].map((name) => setIfThere(name, '1000000')),
    "ip -batch - <<'END'",
    'link set lo up',
    'link set lab0 addrgenmode none',
    'link set lab0 up',
    ...ADDRESSES[side].map(
      (address) => `address add ${address} dev lab0${address.includes(':') ? ' nodad' : ''}`,
    ),
    'END',
    '',
  ].join('\n')
}
