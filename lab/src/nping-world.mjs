import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { forget } from './at-exit.mjs'
import { connect, ETC_NETNS, set, setIfThere } from './build.mjs'
import { run, start } from './command.mjs'
import { onPath } from './missing.mjs'
import { namespaceOf, ownedId } from './names.mjs'
import { startPuppet } from './puppet.mjs'
import { raise } from './raise.mjs'
import { removeLab } from './remove.mjs'
import { MARK, openTap } from './tap.mjs'

/**
 * @typedef {'probe' | 'target' | 'hop2' | 'hop3'} Place
 * @typedef {{ readonly addresses: readonly string[], readonly mac: string }} Device
 * @typedef {{
 *   readonly devices: Readonly<Record<string, Device>>,
 *   readonly routes: readonly string[],
 *   readonly neighbours?: readonly string[],
 *   readonly forwards: boolean,
 *   readonly echo: readonly string[],
 * }} Node `echo`: addresses with a UDP echo service; `neighbours` of its first
 *   device, so that the system itself asks for none of them
 */

const PLACES = /** @type {const} */ (['probe', 'target', 'hop2', 'hop3'])

/** The probe's only device, under the name that the recorded command lines give it. */
export const PROBE_DEVICE = 'hraw-a'

const LINKS = /** @type {const} */ ([
  ['probe', PROBE_DEVICE, 'target', 'hraw-b'],
  ['target', 'hraw-c', 'hop2', 'hraw-d'],
  ['hop2', 'hraw-e', 'hop3', 'hraw-f'],
])

/** An address that is not to be chosen as a source: errors otherwise come from it. */
const SECOND = 'preferred_lft 0'

/** @type {Readonly<Record<Place, Node>>} */
const NODES = {
  probe: {
    devices: { [PROBE_DEVICE]: { addresses: ['10.77.0.1/24', 'fd77::1/64'], mac: '02:77:00:00:00:01' } },
    routes: [
      ...[78, 79, 80, 81, 82].map((net) => `10.${net}.0.0/24 via 10.77.0.2`),
      ...[78, 79, 80, 81, 82].map((net) => `fd${net}::/64 via fd77::2`),
      'prohibit 10.83.0.0/24',
    ],
    neighbours: ['10.77.0.2', '10.77.0.3', 'fd77::2', 'fd77::3'].map(
      (address) => `${address} lladdr 02:77:00:00:00:02`,
    ),
    forwards: false,
    echo: [],
  },
  target: {
    devices: {
      'hraw-b': {
        addresses: ['10.77.0.2/24', '10.77.0.3/24', 'fd77::2/64', `fd77::3/64 ${SECOND}`],
        mac: '02:77:00:00:00:02',
      },
      'hraw-c': { addresses: ['10.78.0.1/24', `fd78::1/64 ${SECOND}`], mac: '02:78:00:00:00:01' },
    },
    routes: [
      '10.79.0.0/24 via 10.78.0.2',
      'fd79::/64 via fd78::2',
      ...['prohibit', 'unreachable', 'blackhole'].flatMap((kind, i) => [
        `${kind} 10.${80 + i}.0.0/24`,
        `${kind} fd${80 + i}::/64`,
      ]),
    ],
    forwards: true,
    neighbours: ['10.77.0.1', 'fd77::1'].map((address) => `${address} lladdr 02:77:00:00:00:01`),
    echo: ['10.77.0.2', '10.77.0.3', 'fd77::2', 'fd77::3'],
  },
  hop2: {
    devices: {
      'hraw-d': { addresses: ['10.78.0.2/24', 'fd78::2/64'], mac: '02:78:00:00:00:02' },
      'hraw-e': { addresses: ['10.79.0.1/24', `fd79::1/64 ${SECOND}`], mac: '02:79:00:00:00:01' },
    },
    routes: ['10.77.0.0/24 via 10.78.0.1', 'fd77::/64 via fd78::1'],
    forwards: true,
    echo: [],
  },
  hop3: {
    devices: { 'hraw-f': { addresses: ['10.79.0.2/24', 'fd79::2/64'], mac: '02:79:00:00:00:02' } },
    routes: ['default via 10.79.0.1', 'default via fd79::1'],
    forwards: false,
    echo: ['10.79.0.2', 'fd79::2'],
  },
}

/** No name server is asked: a name that is not here is unknown at once. */
const ETC = {
  hosts: `127.0.0.1 localhost
::1 localhost
10.77.0.2 target.lab
10.77.0.3 target2.lab
10.79.0.2 far.lab
fd77::2 target6.lab
`,
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\nservices: files\nprotocols: files\n',
  'resolv.conf': '',
}

const RULES = `table inet world {
  chain input {
    type filter hook input priority filter; policy accept;
    meta l4proto { tcp, udp } th dport 137 drop
    meta l4proto { tcp, udp } th dport 8 reject with icmpx admin-prohibited
    tcp dport 9 reject with tcp reset
    tcp dport 10 reject with icmpx port-unreachable
    tcp dport 11 reject with icmpx host-unreachable
    tcp dport 12 reject with icmpx no-route
  }
}
`

/** What the ping group may be: every group, as Debian sets it. */
const PING_GROUPS = '0 2147483647'

/**
 * The world in which nping and hping3 were recorded: a probe 10.77.0.1, a target 10.77.0.2 and 10.77.0.3 that is also a
 * router, behind it 10.78.0.2 and the far host 10.79.0.2; IPv6 alike. The target's TCP: 22 greets as an SSH server, 80
 * serves a page, 137 drops, 8 to 12 are rejected in different ways, others are closed; UDP: 7 echoes, 137 drops, 8 is
 * rejected. Networks 80 to 82 are prohibited, unreachable and a black hole at the router, 83 is prohibited at the
 * probe, which has no default route. Owns namespaces and processes: `remove` frees them.
 */
export class NpingWorld {
  id = ownedId()
  /** @type {import('./puppet.mjs').Puppet[]} */
  #puppets = []
  /** @type {import('./tap.mjs').Tap | undefined} */
  #tap

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
    const links = LINKS.map(
      ([here, device, there, other]) =>
        `link add ${device} netns ${this.namespace(here)} type veth peer name ${other} netns ${this.namespace(there)}`,
    )
    return `${[...PLACES.map((place) => `netns add ${this.namespace(place)}`), ...links].join('\n')}\n`
  }

  async #populate() {
    const script = new URL('peers/nping-peer.mjs', import.meta.url)
    const marks = { ...MARK, device: PROBE_DEVICE }
    const [probe, ...others] = await Promise.all(
      PLACES.map((place) => {
        const { echo } = NODES[place]
        const config = { echo, tcp: echo.length > 0, ...(place === 'probe' ? { marks } : {}) }
        return startPuppet(this.namespace(place), script, config)
      }),
    )
    if (probe === undefined) throw new Error('no probe')
    this.#puppets = [probe, ...others]
    if (onPath('tcpdump'))
      this.#tap = await openTap(this.namespace('probe'), PROBE_DEVICE, (token) => probe.request({ token }))
  }

  /**
   * A nanosecond pcap file of what has passed the probe's device since the last call, or since the world came up.
   * @returns {Promise<Buffer>} @throws {Error} when there is no tcpdump
   */
  wire() {
    if (this.#tap === undefined) throw new Error('a capture needs tcpdump')
    return this.#tap.take()
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

  /** Makes the probe ask anew for addresses that nobody had: it otherwise remembers for seconds that they failed. */
  async forgetNeighbours() {
    const { status, stderr } = await this.exec('ip', ['neighbour', 'flush', 'dev', PROBE_DEVICE])
    if (status !== 0) throw new Error(stderr)
  }

  /** Removes the world with everything that runs in it. Safe to call twice. */
  async remove() {
    this.#tap?.close()
    removeLab(this.id)
    forget(this.id)
    await Promise.all(this.#puppets.map((puppet) => puppet.gone()))
    this.#puppets = []
    this.#tap = undefined
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

/** @param {Place} place */
function placeScript(place) {
  const { devices, routes, neighbours = [], forwards } = NODES[place]
  const ip = [
    'link set lo up',
    ...Object.entries(devices).flatMap(([device, { addresses, mac }]) => [
      `link set ${device} addrgenmode none address ${mac}`,
      `link set ${device} up`,
      // Without a link-local address nobody asks for a neighbour on behalf of another device's address.
      ...[...addresses, `fe80::${mac.slice(-2)}/64`].map(
        (address) => `address add ${address} dev ${device}${address.includes(':') ? ' nodad' : ''}`,
      ),
    ]),
    ...routes.map((route) => `route add ${route}`),
    ...neighbours.map(
      (neighbour) => `neighbour replace ${neighbour} dev ${Object.keys(devices)[0]} nud permanent`,
    ),
  ]
  return [
    set('ipv4/ip_forward', forwards ? '1' : '0'),
    set('ipv6/conf/all/forwarding', forwards ? '1' : '0'),
    // Linux sends one ICMP error a second to a host: further probes would look like silence.
    set('ipv4/icmp_ratelimit', '0'),
    set('ipv6/icmp/ratelimit', '0'),
    ...['ipv4/icmp_msgs_per_sec', 'ipv4/icmp_msgs_burst'].map((name) => setIfThere(name, '1000000')),
    set('ipv4/ping_group_range', PING_GROUPS),
    "ip -batch - <<'END'",
    ...ip,
    'END',
    ...(place === 'target' ? ["nft -f - <<'END'", RULES, 'END'] : []),
    '',
  ].join('\n')
}
