import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { forget } from './at-exit.mjs'
import { ETC_NETNS, must, set, setIfThere } from './build.mjs'
import { namespaceOf, ownedId } from './names.mjs'
import { startPuppet } from './puppet.mjs'
import { raise } from './raise.mjs'
import { removeLab } from './remove.mjs'

/** @typedef {'probe' | 'target'} Side */

const SIDES = /** @type {const} */ (['probe', 'target'])

const HOSTS = `127.0.0.1 localhost
::1 localhost
10.77.0.2 target.lab target4.lab
fd77::2 target6.lab
fd77::2 dual.lab
10.77.0.2 dual.lab
10.77.0.3 multi.lab
10.77.0.2 multi.lab
`

/** Names that the hosts file does not have are asked for: in the probe there is somebody to answer, in the target not. */
const ETC = {
  hosts: HOSTS,
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n',
  'resolv.conf': 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n',
}

const RULES = `table inet world {
  chain input {
    type filter hook input priority filter; policy accept;
    meta l4proto { tcp, udp } th dport 137 drop
    meta l4proto { tcp, udp } th dport 8 reject with icmpx admin-prohibited
    tcp dport 9 reject with tcp reset
    meta nfproto ipv4 tcp dport 10 reject with icmp host-unreachable
    meta nfproto ipv4 tcp dport 11 reject with icmp net-unreachable
    meta nfproto ipv4 tcp dport 12 reject with icmp port-unreachable
    meta nfproto ipv4 tcp dport 13 reject with icmp prot-unreachable
    meta nfproto ipv4 tcp dport 14 reject with icmp host-prohibited
  }
}
`

const ADDRESSES = {
  probe: ['10.77.0.1/24 brd +', '10.77.0.11/24 brd +', 'fd77::1/64', 'fe80::1/64'],
  target: ['10.77.0.2/24 brd +', 'fd77::2/64', 'fe80::2/64'],
}

const ROUTES = {
  probe: ['unreachable 10.98.0.0/24', 'prohibit 10.97.0.0/24', 'blackhole 10.96.0.0/24'],
  target: [],
}

/**
 * The world in which OpenBSD nc was recorded: a probe and a target, one link, no default route. Target, TCP: 22 greets
 * as an SSH server, 80 serves a page, 137 drops, 8 to 14 are rejected in different ways, others are closed.
 * UDP: 7 echoes, 137 drops, 8 is rejected, others are closed. Owns namespaces and processes: `remove` frees them.
 */
export class NcWorld {
  id = ownedId()
  /** @type {Partial<Record<Side, import('./puppet.mjs').Puppet>>} */
  #puppets = {}

  /** @param {Side} side */
  namespace(side) {
    return namespaceOf(this.id, side)
  }

  /** Makes the world. Leaves nothing behind when it fails. */
  async up() {
    await raise(this, async () => {
      for (const side of SIDES) writeEtc(this.namespace(side))
      await must('ip', ['-batch', '-'], this.#linkScript())
      for (const side of SIDES) {
        await must('ip', ['netns', 'exec', this.namespace(side), 'sh', '-e'], sideScript(side))
        const script = new URL('peers/peer.mjs', import.meta.url)
        this.#puppets[side] = await startPuppet(this.namespace(side), script, { role: side })
      }
    })
  }

  #linkScript() {
    const [probe, target] = [this.namespace('probe'), this.namespace('target')]
    return [
      `netns add ${probe}`,
      `netns add ${target}`,
      `link add lab0 netns ${probe} type veth peer name lab0 netns ${target}`,
      '',
    ].join('\n')
  }

  /**
   * Starts a peer (`server`, `udplog`, `proxy`, `http`); resolves when it can be reached.
   * @param {Side} side @param {string} name @param {string} verb @param {readonly string[]} words
   */
  async startPeer(side, name, verb, words) {
    await this.#ask(side, { start: name, verb, words })
  }

  /**
   * What a peer has told so far, and whether it has come to its end.
   * @param {Side} side @param {string} name @returns {Promise<{ events: readonly string[], ended: boolean }>}
   */
  async askPeer(side, name) {
    return said(await this.#ask(side, { ask: name }))
  }

  /** Ends a peer. @param {Side} side @param {string} name */
  async stopPeer(side, name) {
    return said(await this.#ask(side, { stop: name }))
  }

  /** What programs wait at on this side, a text each. @param {Side} side @returns {Promise<readonly string[]>} */
  async bound(side) {
    const { bound } = await this.#ask(side, { bound: true })
    return /** @type {string[]} */ (bound)
  }

  /** @param {Side} side @param {object} message */
  #ask(side, message) {
    const puppet = this.#puppets[side]
    if (puppet === undefined) throw new Error('the world is not up')
    return puppet.request(message)
  }

  /** Removes the world with everything that runs in it. Safe to call twice. */
  async remove() {
    removeLab(this.id)
    forget(this.id)
    await Promise.all(Object.values(this.#puppets).map((puppet) => puppet.gone()))
    this.#puppets = {}
  }
}

/** @param {Record<string, unknown>} answer */
function said({ events, ended }) {
  return { events: /** @type {string[]} */ (events), ended: ended === true }
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
  const ip = [
    'link set lo up',
    'link set lab0 addrgenmode none',
    'link set lab0 up',
    ...ADDRESSES[side].map(
      (address) => `address add ${address} dev lab0${address.includes(':') ? ' nodad' : ''}`,
    ),
    ...ROUTES[side].map((route) => `route add ${route}`),
  ]
  const rules = side === 'target' ? ["nft -f - <<'END'", RULES, 'END'] : []
  return [
    // Linux sends one ICMP error a second to a host: further probes would look like silence.
    set('ipv4/icmp_ratelimit', '0'),
    set('ipv6/icmp/ratelimit', '0'),
    ...['ipv4/icmp_msgs_per_sec', 'ipv4/icmp_msgs_burst'].map((name) => setIfThere(name, '1000000')),
    "ip -batch - <<'END'",
    ...ip,
    'END',
    ...rules,
    '',
  ].join('\n')
}
