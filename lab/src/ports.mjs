/**
 * What the target's TCP ports do, alike on IPv4 and IPv6. A port that is not in this table is closed: RST.
 *
 * @typedef {'hold' | 'http' | 'tls' | 'reset' | 'silent' | 'late' | 'chatty' | 'full'} Serving
 *   `hold` accepts and holds the connection until the peer ends it; `http` answers one request; `tls` holds after a TLS
 *   handshake; `reset` accepts and resets at once; `silent` accepts, says nothing and never ends the connection;
 *   `late` completes the handshake at once (Linux does so in the kernel) but speaks only LATE_MS later; `chatty` sends
 *   HOSTILE_BYTES; `full` listens but its accept queue is full, so Linux drops every further SYN.
 * @typedef {'stealth' | 'tcp-reset' | Unreachable} Filtering `stealth` drops, `tcp-reset` is a firewall's RST
 * @typedef {'port-unreachable' | 'host-unreachable' | 'admin-prohibited' | 'no-route'} Unreachable
 *   nftables' names of ICMP errors (nft(8), "reject"): `no-route` is ICMP net-unreachable on IPv4
 * @typedef {{ readonly port: number, readonly does: Serving | Filtering | 'nothing' }} LabPort
 */

/** Ports by name. @satisfies {Readonly<Record<string, LabPort>>} */
export const PORTS = /** @type {const} */ ({
  open: { port: 22, does: 'hold' },
  http: { port: 80, does: 'http' },
  tls: { port: 443, does: 'tls' },
  smtp: { port: 25, does: 'hold' },
  pop3: { port: 110, does: 'hold' },
  alternateHttp: { port: 8080, does: 'hold' },
  closed: { port: 111, does: 'nothing' },
  stealth: { port: 137, does: 'stealth' },
  hostUnreachable: { port: 7, does: 'host-unreachable' },
  portUnreachable: { port: 8, does: 'port-unreachable' },
  adminProhibited: { port: 9, does: 'admin-prohibited' },
  netUnreachable: { port: 10, does: 'no-route' },
  rejectedWithReset: { port: 11, does: 'tcp-reset' },
  resetAfterAccept: { port: 12, does: 'reset' },
  silent: { port: 13, does: 'silent' },
  slowAccept: { port: 14, does: 'late' },
  fullQueue: { port: 15, does: 'full' },
  flapping: { port: 16, does: 'hold' },
  chatty: { port: 17, does: 'chatty' },
})

/** How long the application behind a `late` port takes, in milliseconds. */
export const LATE_MS = 300

/** What a `late` port says when it is ready at last. */
export const LATE_GREETING = 'ready\r\n'

/**
 * A greeting that must not reach a terminal as it is: window title, clear screen, colour, a C1 control sequence
 * introducer, NUL, backspaces, a bidirectional override, an invalid UTF-8 octet, and a line end that hides a line.
 */
export const HOSTILE_BYTES = Buffer.concat([
  Buffer.from('220 \x1b]0;owned\x07\x1b[2J\x1b[31mred\x1b[8mhidden\x00\b\b\b\u009b1m\u202eevil\r220 nice'),
  Buffer.from([0xff, 0x9b, 0x0d, 0x0a]),
])

/** @type {readonly string[]} */
const UNREACHABLES = /** @type {const} @satisfies {readonly Unreachable[]} */ ([
  'port-unreachable',
  'host-unreachable',
  'admin-prohibited',
  'no-route',
])

/**
 * Ports that answer with an ICMP error.
 * @returns {readonly { readonly port: number, readonly does: Unreachable }[]}
 */
export function unreachablePorts() {
  return Object.values(PORTS).flatMap(({ port, does }) => (isUnreachable(does) ? [{ port, does }] : []))
}

/**
 * Ports that a process serves.
 * @returns {readonly { readonly port: number, readonly does: Serving }[]}
 */
export function servedPorts() {
  return Object.values(PORTS).flatMap(({ port, does }) =>
    does === 'nothing' || isFiltering(does) ? [] : [{ port, does }],
  )
}

/**
 * Ports that the packet filter answers for.
 * @returns {readonly { readonly port: number, readonly does: Filtering }[]}
 */
export function filteredPorts() {
  return Object.values(PORTS).flatMap(({ port, does }) => (isFiltering(does) ? [{ port, does }] : []))
}

/**
 * @param {LabPort['does']} does
 * @returns {does is Filtering}
 */
function isFiltering(does) {
  return does === 'stealth' || does === 'tcp-reset' || isUnreachable(does)
}

/**
 * @param {string} does
 * @returns {does is Unreachable}
 */
export function isUnreachable(does) {
  return UNREACHABLES.includes(does)
}
