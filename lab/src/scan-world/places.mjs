import { set, sysctls } from '../build.mjs'
import { FAR_DEVICE } from '../plan.mjs'
import { ELSEWHERE, FULL_HOSTS, HOSTS, NETWORK } from './hosts.mjs'
import { FAR_RULES, TARGET_RULES, TO_RESPONDER } from './rules.mjs'

/**
 * The namespaces of a scan world, as shell scripts that set up each from within.
 * @typedef {'probe' | 'target' | 'hop2'} Place
 */

export const PLACES = /** @type {const} @satisfies {readonly Place[]} */ (['probe', 'target', 'hop2'])

/** The probe's device, and the one at the other end of its link. */
export const PROBE_DEVICE = 'scan0'
export const TARGET_DEVICE = 'scan1'
export const TARGET_MAC = '02:77:00:00:00:02'

/** The TUN device at either end of the long way between the target, which is its router, and the far host. */
export const RELAY_DEVICE = 'long0'

/** Number of the routing table for marked packets. */
const MARKED_TABLE = 100

/** Every group may send echo requests, as Debian sets it. */
const PING_GROUPS = '0 2147483647'

/** Addresses of the target's device; the network's 256 are local without being there. */
const HERE = [
  ...[...FULL_HOSTS, /** @type {const} */ ('everything')].map((name) => HOSTS[name]),
  ELSEWHERE,
  HOSTS.stealth,
  HOSTS.dropped,
]

/** @type {Readonly<Record<Place, () => readonly string[]>>} */
const LINES = { probe: probeLines, target: targetLines, hop2: farLines }

/** @param {Place} place */
export function placeScript(place) {
  return `${[...settings(place === 'target'), ...LINES[place](), ''].join('\n')}`
}

function probeLines() {
  return batch('ip', [
    'link set lo up',
    ...device(PROBE_DEVICE, '02:77:00:00:00:01', ['10.77.0.1/24', 'fd77::1/64', 'fe80::1/64']),
    // From one source address, since nmap keeps hosts apart that it asks from different ones.
    `route add 10.77.1.0/24 dev ${PROBE_DEVICE} src 10.77.0.1`,
    `route add ${NETWORK} dev ${PROBE_DEVICE} src 10.77.0.1`,
    'route add 10.79.0.0/24 via 10.77.0.2',
    'route add fd79::/64 via fd77::2',
  ])
}

function targetLines() {
  const addresses = HERE.flatMap(({ address4, address6 }) => [`${address4}/24`, `${address6}/64`])
  const rules = [
    `rule add pref 5 fwmark ${TO_RESPONDER} lookup ${MARKED_TABLE}`,
    'rule add pref 10 lookup local',
    'rule delete pref 0',
  ]
  return [
    // The responder's packets come in with the target's own addresses.
    set('ipv4/conf/all/accept_local', '1'),
    ...batch('nft', [TARGET_RULES]),
    ...batch('ip', [
      'link set lo up',
      ...device(TARGET_DEVICE, TARGET_MAC, [...addresses, 'fe80::2/64']),
      `route add local ${NETWORK} dev lo`,
      ...tun(FAR_DEVICE),
      `route add default dev ${FAR_DEVICE} table ${MARKED_TABLE}`,
      `route add ::/0 dev ${FAR_DEVICE} table ${MARKED_TABLE}`,
      ...tun(RELAY_DEVICE),
      `route add 10.79.0.0/24 dev ${RELAY_DEVICE}`,
      `route add fd79::/64 dev ${RELAY_DEVICE}`,
      ...rules,
    ]),
    ...batch('ip -6', rules),
  ]
}

function farLines() {
  return [
    ...batch('nft', [FAR_RULES]),
    ...batch('ip', [
      'link set lo up',
      ...tun(RELAY_DEVICE),
      `address add ${HOSTS.far.address4}/32 dev ${RELAY_DEVICE}`,
      `address add ${HOSTS.far.address6}/128 dev ${RELAY_DEVICE} nodad`,
      `route add default dev ${RELAY_DEVICE}`,
      `route add ::/0 dev ${RELAY_DEVICE}`,
    ]),
  ]
}

/** @param {string} name @param {string} mac @param {readonly string[]} addresses */
function device(name, mac, addresses) {
  return [
    `link set ${name} addrgenmode none address ${mac}`,
    `link set ${name} up`,
    ...addresses.map(
      (address) => `address add ${address} dev ${name}${address.includes(':') ? ' nodad' : ''}`,
    ),
  ]
}

/** @param {string} name */
function tun(name) {
  return [
    `tuntap add dev ${name} mode tun`,
    `link set ${name} addrgenmode none`,
    `link set ${name} mtu 1500 txqueuelen 20000 up`,
  ]
}

/** @param {boolean} forwards */
function settings(forwards) {
  return [...sysctls({ forwards }), set('ipv4/ping_group_range', PING_GROUPS)]
}

/** @param {string} command @param {readonly string[]} body */
function batch(command, body) {
  return [`${command} ${command === 'nft' ? '-f' : '-batch'} - <<'END'`, ...body, 'END']
}
