import {
  DROPPED_PORTS,
  ELSEWHERE,
  FULL_HOSTS,
  HOST_UNREACHABLE_PORT,
  HOSTS,
  NETWORK,
  NETWORK_PORT,
  OPEN_PORTS,
  PORT_UNREACHABLE_PORT,
  PROHIBITED_PORTS,
  RESET_PORT,
  STEALTH_OPEN_PORTS,
  UDP_DROPPED_PORTS,
} from './hosts.mjs'

/** The packet filters of a scan world, as nft scripts. */

/** Packets with this mark are for the responder behind the target's TUN device. */
export const TO_RESPONDER = 1

/** Resets that `limited` sends in a second, and how many at once. */
const RESETS = 'limit rate over 500/second burst 50 packets'

/** How many of a hundred answers `lossy` loses. */
const LOST_OF_HUNDRED = 3

const ERRING = `{ ${PORT_UNREACHABLE_PORT}, ${HOST_UNREACHABLE_PORT}, ${PROHIBITED_PORTS.first}-${PROHIBITED_PORTS.last} }`
const FULL4 = `{ ${FULL_HOSTS.map((name) => HOSTS[name].address4).join(', ')} }`
const FULL6 = `{ ${FULL_HOSTS.map((name) => HOSTS[name].address6).join(', ')} }`

/** What a full host drops. */
const DROPS = [
  `tcp dport { ${DROPPED_PORTS.map((ends) => ends.join('-')).join(', ')} } drop`,
  `udp dport { ${UDP_DROPPED_PORTS.join(', ')} } drop`,
  `tcp dport ${RESET_PORT} reject with tcp reset`,
]

/**
 * The ICMP errors of the target come from the responder, a moment late: over a veth pair the kernel's own error is back
 * before connect() has let go of its socket, and Linux then drops it.
 */
export const TARGET_RULES = `table inet scan {
  set silent4 { type ipv4_addr; }
  set silent6 { type ipv6_addr; }
  chain dead {
    type filter hook prerouting priority raw; policy accept;
    ip daddr @silent4 drop
    ip6 daddr @silent6 drop
  }
  chain prerouting {
    type filter hook prerouting priority mangle; policy accept;
    ip daddr ${FULL4} tcp dport ${ERRING} meta mark set ${TO_RESPONDER}
    ip6 daddr ${FULL6} tcp dport ${ERRING} meta mark set ${TO_RESPONDER}
    ip daddr ${HOSTS.everything.address4} meta l4proto tcp meta mark set ${TO_RESPONDER}
    ip6 daddr ${HOSTS.everything.address6} meta l4proto tcp meta mark set ${TO_RESPONDER}
  }
  chain full {
    ${DROPS.join('\n    ')}
  }
  chain stealth {
    tcp dport { ${STEALTH_OPEN_PORTS.join(', ')} } accept
    meta l4proto { tcp, udp } drop
  }
  chain network {
    tcp dport { ${OPEN_PORTS.filter((port) => port !== NETWORK_PORT).join(', ')} } reject with tcp reset
  }
  chain input {
    type filter hook input priority filter; policy accept;
    ip daddr ${FULL4} jump full
    ip6 daddr ${FULL6} jump full
    ip daddr ${HOSTS.everything.address4} meta l4proto udp drop
    ip6 daddr ${HOSTS.everything.address6} meta l4proto udp drop
    ip daddr ${HOSTS.stealth.address4} jump stealth
    ip6 daddr ${HOSTS.stealth.address6} jump stealth
    ip daddr ${HOSTS.dropped.address4} drop
    ip6 daddr ${HOSTS.dropped.address6} meta l4proto { tcp, udp } drop
    ip6 daddr ${HOSTS.dropped.address6} icmpv6 type echo-request drop
    ip daddr ${NETWORK} jump network
  }
  chain postrouting {
    type filter hook postrouting priority mangle; policy accept;
    ip saddr @silent4 drop
    ip6 saddr @silent6 drop
    ip saddr ${HOSTS.limited.address4} tcp flags & rst == rst ${RESETS} drop
    ip6 saddr ${HOSTS.limited.address6} tcp flags & rst == rst ${RESETS} drop
    ip saddr ${HOSTS.lossy.address4} numgen random mod 100 < ${LOST_OF_HUNDRED} drop
    ip6 saddr ${HOSTS.lossy.address6} meta l4proto tcp numgen random mod 100 < ${LOST_OF_HUNDRED} drop
    ip saddr ${HOSTS.elsewhere.address4} ip saddr set ${ELSEWHERE.address4}
    ip6 saddr ${HOSTS.elsewhere.address6} meta l4proto { tcp, udp } ip6 saddr set ${ELSEWHERE.address6}
  }
}
`

export const FAR_RULES = `table inet scan {
  chain input {
    type filter hook input priority filter; policy accept;
    ${DROPS.join('\n    ')}
    tcp dport ${PORT_UNREACHABLE_PORT} reject with icmpx port-unreachable
    tcp dport ${HOST_UNREACHABLE_PORT} reject with icmpx host-unreachable
    tcp dport ${PROHIBITED_PORTS.first}-${PROHIBITED_PORTS.last} reject with icmpx admin-prohibited
  }
}
`

/** What the responder does. @type {import('../tun/rules.mjs').TunConfig} */
export const RESPONDER = {
  rules: [
    ...[HOSTS.everything.address4, HOSTS.everything.address6].map((to) => ({
      to,
      does: /** @type {const} */ ('open'),
    })),
    ...[
      { ports: `${PORT_UNREACHABLE_PORT}`, does: /** @type {const} */ ('port-unreachable'), delayMs: 0.5 },
      { ports: `${HOST_UNREACHABLE_PORT}`, does: /** @type {const} */ ('host-unreachable'), delayMs: 0.5 },
      {
        ports: `${PROHIBITED_PORTS.first}-${PROHIBITED_PORTS.last}`,
        does: /** @type {const} */ ('admin-prohibited'),
        delayMs: 0.5,
      },
    ],
  ],
}

/**
 * Arguments for nft(8) by which an address falls silent or speaks again.
 * @param {string} address @param {boolean} silent
 */
export function silenceCommand(address, silent) {
  const set = address.includes(':') ? 'silent6' : 'silent4'
  return [silent ? 'add' : 'delete', 'element', 'inet', 'scan', set, `{ ${address} }`]
}
