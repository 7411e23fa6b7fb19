/**
 * The hosts of a scan world, what their ports are, and what a right scanner says of each.
 *
 * @typedef {'full' | 'limited' | 'lossy' | 'everything' | 'elsewhere' | 'stealth' | 'dropped' | 'absent' | 'far'} HostName
 * @typedef {{ readonly address4: string, readonly address6: string }} Host
 * @typedef {'syn' | 'connect' | 'udp'} Scan
 * @typedef {'open' | 'closed' | 'filtered' | 'open|filtered'} State as nmap calls them
 */

/** Open on every host that has all of them. */
export const OPEN_PORTS = /** @type {const} */ ([
  21, 22, 25, 80, 443, 631, 1433, 2049, 3306, 3389, 5432, 5900, 6379, 8080, 8443, 9000, 9090, 9999, 11211,
  12345, 17000, 22222, 27017, 31337, 33060, 40000, 44444, 50000, 55555, 61616, 65000, 65535,
])

/** The only open ports of a host that drops the others. */
export const STEALTH_OPEN_PORTS = /** @type {const} */ ([22, 443])

/** The only open port of each host in the network. */
export const NETWORK_PORT = 22

/** Filters of a full host; both ends of a range belong to it. */
export const DROPPED_PORTS = /** @type {const} */ ([
  [137, 137],
  [10_000, 10_999],
])
export const PROHIBITED_PORTS = { first: 20_000, last: 20_009 }
export const PORT_UNREACHABLE_PORT = 8
export const HOST_UNREACHABLE_PORT = 9
export const RESET_PORT = 30_000

/** UDP of a full host: services that answer, and ports that drop; the others are closed. */
export const UDP_ANSWERING_PORTS = /** @type {const} */ ([53, 123])
export const UDP_DROPPED_PORTS = /** @type {const} */ ([137, 5353])

/** A network of 256 hosts on the probe's link. */
export const NETWORK = '10.78.0.0/24'

/** @type {Readonly<Record<HostName, Host>>} */
export const HOSTS = {
  full: { address4: '10.77.0.2', address6: 'fd77::2' },
  limited: { address4: '10.77.0.3', address6: 'fd77::3' },
  lossy: { address4: '10.77.0.4', address6: 'fd77::4' },
  everything: { address4: '10.77.0.5', address6: 'fd77::5' },
  elsewhere: { address4: '10.77.0.6', address6: 'fd77::6' },
  absent: { address4: '10.77.0.99', address6: 'fd77::99' },
  stealth: { address4: '10.77.1.2', address6: 'fd77::12' },
  dropped: { address4: '10.77.1.3', address6: 'fd77::13' },
  far: { address4: '10.79.0.2', address6: 'fd79::2' },
}

/** Who answers for `elsewhere`. */
export const ELSEWHERE = { address4: '10.77.0.66', address6: 'fd77::66' }

/** Hosts with all ports of `full` that are in the target's namespace. */
export const FULL_HOSTS = /** @type {const} @satisfies {readonly HostName[]} */ ([
  'full',
  'limited',
  'lossy',
  'elsewhere',
])

/** @typedef {(port: number, scan: Scan) => State} Truth of port 1 to 65535; `absent` has none, since it is down */

/**
 * What is true of each port. Whatever the scan, a port whose SYNs are rejected by ICMP is filtered: `nmap -sT` calls
 * PORT_UNREACHABLE_PORT closed, since connect() has no other error for it.
 * @type {Readonly<Record<Exclude<HostName, 'absent'> | 'network', Truth>>}
 */
export const TRUTH = {
  full,
  limited: full,
  lossy: full,
  far: full,
  everything: (_, scan) => (scan === 'udp' ? 'open|filtered' : 'open'),
  elsewhere: silent,
  stealth: (port, scan) =>
    scan !== 'udp' && includes(STEALTH_OPEN_PORTS, port) ? 'open' : silent(port, scan),
  dropped: silent,
  network: (port, scan) => (scan !== 'udp' && port === NETWORK_PORT ? 'open' : 'closed'),
}

/** @type {Truth} */
function full(port, scan) {
  if (scan === 'udp') return fullUdp(port)
  if (includes(OPEN_PORTS, port)) return 'open'
  return isRejected(port) || isDropped(port) ? 'filtered' : 'closed'
}

/** @param {number} port @returns {State} */
function fullUdp(port) {
  if (includes(UDP_ANSWERING_PORTS, port)) return 'open'
  return includes(UDP_DROPPED_PORTS, port) ? 'open|filtered' : 'closed'
}

/** By an ICMP error. @param {number} port */
function isRejected(port) {
  if (port === PORT_UNREACHABLE_PORT || port === HOST_UNREACHABLE_PORT) return true
  return port >= PROHIBITED_PORTS.first && port <= PROHIBITED_PORTS.last
}

/** @param {number} port */
function isDropped(port) {
  return DROPPED_PORTS.some(([first, last]) => port >= first && port <= last)
}

/** @type {Truth} */
function silent(_, scan) {
  return scan === 'udp' ? 'open|filtered' : 'filtered'
}

/** @param {readonly number[]} ports @param {number} port */
function includes(ports, port) {
  return ports.includes(port)
}
