import { filteredPorts, unreachablePorts } from './ports.mjs'

/** @typedef {import('./ports.mjs').Filtering} Filtering */

/** nft(8): icmpx names the error for both families at once. @type {Readonly<Record<Filtering, string>>} */
const VERDICTS = {
  stealth: 'drop',
  'port-unreachable': 'reject with icmpx port-unreachable',
  'host-unreachable': 'reject with icmpx host-unreachable',
  'admin-prohibited': 'reject with icmpx admin-prohibited',
  'no-route': 'reject with icmpx no-route',
  'tcp-reset': 'reject with tcp reset',
}

/** Packets with this mark are routed to the TUN responder, whatever their address. */
export const TO_RESPONDER = 1

/**
 * The target's packet filter as an nft script.
 *
 * Neighbour discovery of the dead address stays answered: it is dead behind its link, not missing from it.
 *
 * The ports with ICMP errors go to the TUN responder, which takes a moment: over a veth pair the kernel's own error is
 * back before connect() has let go of the socket, and then Linux drops it (LockDroppedIcmps; no real network is so
 * quick). The kernel answers only on link-local addresses, which are not routed.
 * @param {import('./plan.mjs').Plan['target']} target
 * @returns {string}
 */
export function ruleset({ addresses, dead6 }) {
  const stealth = filteredPorts().filter(({ does }) => does === 'stealth')
  const spoken = filteredPorts().filter(({ does }) => does !== 'stealth')
  const erring = portSet(unreachablePorts())
  return [
    'table inet lab {',
    `  set stealth { type inet_service; elements = ${portSet(stealth)}; }`,
    '  chain prerouting {',
    '    type filter hook prerouting priority mangle; policy accept;',
    `    ip6 daddr ${dead6} meta l4proto { tcp, udp } drop`,
    `    ip6 daddr ${dead6} icmpv6 type echo-request drop`,
    ...addresses.map(
      (address) =>
        `    ${address.includes(':') ? 'ip6' : 'ip'} daddr ${address} tcp dport ${erring} meta mark set ${TO_RESPONDER}`,
    ),
    '  }',
    '  chain input {',
    '    type filter hook input priority filter; policy accept;',
    '    tcp dport @stealth drop',
    ...spoken.map(({ port, does }) => `    tcp dport ${port} ${VERDICTS[does]}`),
    '  }',
    '}',
  ].join('\n')
}

/** @param {readonly { readonly port: number }[]} ports */
function portSet(ports) {
  return `{ ${ports.map(({ port }) => port).join(', ')} }`
}

/**
 * Arguments for nft(8) that make a port stealth or take it out again.
 * @param {number} port
 * @param {boolean} stealth
 */
export function stealthCommand(port, stealth) {
  return [stealth ? 'add' : 'delete', 'element', 'inet', 'lab', 'stealth', `{ ${port} }`]
}
