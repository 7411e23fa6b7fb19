import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './command.mjs'
import { namespaceOf } from './names.mjs'
import { BEYOND, FAR_DEVICE, hostsFile } from './plan.mjs'
import { ruleset, TO_RESPONDER } from './ruleset.mjs'

/** ip-netns(8): files in here are bound over those in /etc for everything that `ip netns exec` starts. */
export const ETC_NETNS = '/etc/netns'

/** Number of the routing table for marked packets. */
const MARKED_TABLE = 100

/** Names come from the hosts file alone: an unknown one is unknown at once, and nobody is asked. */
const NSSWITCH = 'passwd: files\ngroup: files\nhosts: files\nservices: files\nprotocols: files\n'

/**
 * Takes a lab's ID for ourselves.
 * @param {string} id
 * @throws {Error} when there is such a lab already
 */
export function claim(id) {
  try {
    makeFolder(join(ETC_NETNS, namespaceOf(id, 'probe')))
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
    throw new Error(`the lab ${id.replace(/^pk-named-/, '')} is up already`)
  }
}

/**
 * Makes the namespaces of a claimed lab, joins them by veth, and gives them addresses, routes, names and filters.
 * @param {string} id
 * @param {import('./plan.mjs').Plan} plan
 */
export async function build(id, plan) {
  for (const { role } of plan.nodes) writeEtc(namespaceOf(id, role), hostsFile(plan))
  await must('ip', ['-batch', '-'], joinScript(id, plan))
  await Promise.all(
    plan.nodes.map((node) =>
      must('ip', ['netns', 'exec', namespaceOf(id, node.role), 'sh', '-e'], nodeScript(node, plan)),
    ),
  )
}

/** @param {string} namespace @param {string} hosts */
function writeEtc(namespace, hosts) {
  const folder = join(ETC_NETNS, namespace)
  makeFolder(folder, true)
  writeFileSync(join(folder, 'hosts'), hosts)
  // `ip netns exec` complains about a file that /etc itself does not have.
  if (existsSync('/etc/nsswitch.conf')) writeFileSync(join(folder, 'nsswitch.conf'), NSSWITCH)
}

/** @param {string} folder @param {boolean} evenIfThere */
function makeFolder(folder, evenIfThere = false) {
  for (let tries = 1; ; tries++) {
    try {
      mkdirSync(ETC_NETNS, { recursive: true })
      mkdirSync(folder)
      return
    } catch (error) {
      if (evenIfThere && isCode(error, 'EEXIST')) return
      // Another run that was just removed took the empty parent folder with it.
      if (!isCode(error, 'ENOENT') || tries === 10) throw error
    }
  }
}

/** @param {string} id @param {import('./plan.mjs').Plan} plan */
function joinScript(id, { nodes, wires }) {
  const adds = nodes.map(({ role }) => `netns add ${namespaceOf(id, role)}`)
  const links = wires.map(([a, b]) => {
    const [here, there] = [namespaceOf(id, a.role), namespaceOf(id, b.role)]
    return `link add ${a.device} address ${a.mac} netns ${here} type veth peer name ${b.device} address ${b.mac} netns ${there}`
  })
  return [...adds, ...links, ''].join('\n')
}

/**
 * A shell script that sets up one namespace from within.
 * @param {import('./plan.mjs').Node} node @param {import('./plan.mjs').Plan} plan
 */
function nodeScript(node, plan) {
  const lines = [...sysctls(node), ...hereDocument('ip -batch -', ipLines(node))]
  return `${[...lines, ...(node.role === 'target' ? targetLines(plan) : [])].join('\n')}\n`
}

/**
 * The filter, the responder's device, and the way there for packets that carry its mark, also those to our own addresses.
 * @param {import('./plan.mjs').Plan} plan
 */
function targetLines({ target }) {
  const device = [
    `tuntap add dev ${FAR_DEVICE} mode tun`,
    `link set ${FAR_DEVICE} addrgenmode none`,
    `link set ${FAR_DEVICE} mtu 1500 txqueuelen 10000 up`,
    ...BEYOND.map((prefix) => `route add ${prefix} dev ${FAR_DEVICE}`),
    `route add default dev ${FAR_DEVICE} table ${MARKED_TABLE}`,
    `route add ::/0 dev ${FAR_DEVICE} table ${MARKED_TABLE}`,
  ]
  const rules = [
    `rule add pref 5 fwmark ${TO_RESPONDER} lookup ${MARKED_TABLE}`,
    'rule add pref 10 lookup local',
    'rule delete pref 0',
  ]
  return [
    // The responder's ICMP errors come in with the target's own addresses.
    set('ipv4/conf/all/accept_local', '1'),
    ...hereDocument('nft -f -', [ruleset(target)]),
    ...hereDocument('ip -batch -', [...device, ...rules]),
    ...hereDocument('ip -6 -batch -', rules),
  ]
}

/** @param {string} command @param {readonly string[]} body */
function hereDocument(command, body) {
  return [`${command} <<'END'`, ...body, 'END']
}

/**
 * Makes namespaces and what connects them, then what is in each.
 * @param {string} links for `ip -batch`
 * @param {readonly (readonly [namespace: string, script: string])[]} scripts for sh, run at the same time
 */
export async function connect(links, scripts) {
  await must('ip', ['-batch', '-'], links)
  await Promise.all(
    scripts.map(([namespace, script]) => must('ip', ['netns', 'exec', namespace, 'sh', '-e'], script)),
  )
}

/**
 * @param {{ readonly forwards: boolean }} node
 */
export function sysctls({ forwards }) {
  const forwarding = forwards ? '1' : '0'
  return [
    set('ipv4/ip_forward', forwarding),
    set('ipv6/conf/all/forwarding', forwarding),
    // The root namespace's setting is inherited, and would drop what comes from the TUN device.
    set('ipv4/conf/all/rp_filter', '0'),
    set('ipv4/conf/default/rp_filter', '0'),
    // Linux sends one ICMP error a second to a host: further probes would look like silence.
    set('ipv4/icmp_ratelimit', '0'),
    set('ipv6/icmp/ratelimit', '0'),
    ...['ipv4/icmp_msgs_per_sec', 'ipv4/icmp_msgs_burst'].map((name) => setIfThere(name, '1000000')),
  ]
}

/** @param {string} name @param {string} value */
export function set(name, value) {
  return `echo ${value} > /proc/sys/net/${name}`
}

/** @param {string} name @param {string} value */
export function setIfThere(name, value) {
  return `if [ -w /proc/sys/net/${name} ]; then ${set(name, value)}; fi`
}

/** @param {import('./plan.mjs').Node} node */
function ipLines({ links, routes }) {
  return [
    'link set lo up',
    ...links.flatMap(linkLines),
    ...routes.map(({ to, via }) => `route add ${to} via ${via}`),
  ]
}

/** @param {import('./plan.mjs').Link} link */
function linkLines({ device, addresses, neighbours }) {
  return [
    `link set ${device} addrgenmode none`,
    `link set ${device} up`,
    ...addresses.map(
      (address) => `address add ${address} dev ${device}${address.includes(':') ? ' nodad' : ''}`,
    ),
    ...neighbours.map(
      ({ address, mac }) => `neighbour replace ${address} lladdr ${mac} dev ${device} nud permanent`,
    ),
  ]
}

/** @param {string} command @param {readonly string[]} args @param {string} stdin */
export async function must(command, args, stdin) {
  const { status, stderr, timedOut } = await run(command, args, { stdin })
  if (status === 0) return
  throw new Error(`${command} ${args.join(' ')} failed${timedOut ? ' (too slow)' : ''}: ${stderr.trim()}`)
}

/** @param {unknown} error @param {string} code */
function isCode(error, code) {
  return error instanceof Error && 'code' in error && error.code === code
}
