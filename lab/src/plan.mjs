/**
 * Addresses, links and names of a lab, as data. They are the same in every lab: namespaces keep labs apart.
 *
 * @typedef {'probe' | 'router' | 'target'} Role
 * @typedef {{
 *   readonly device: string,
 *   readonly mac: string,
 *   readonly addresses: readonly string[],
 *   readonly neighbours: readonly { readonly address: string, readonly mac: string }[],
 * }} Link addresses with prefix length, as `ip address add` takes them
 * @typedef {{
 *   readonly role: Role,
 *   readonly forwards: boolean,
 *   readonly links: readonly Link[],
 *   readonly routes: readonly { readonly to: string, readonly via: string }[],
 * }} Node
 * @typedef {{ readonly role: Role, readonly device: string, readonly mac: string }} End
 * @typedef {{
 *   readonly nodes: readonly Node[],
 *   readonly wires: readonly (readonly [End, End])[],
 *   readonly names: Readonly<Record<string, readonly string[]>>,
 *   readonly probe: { readonly address4: string, readonly address6: string },
 *   readonly target: { readonly address4: string, readonly address6: string, readonly addresses: readonly string[], readonly dead6: string },
 * }} Plan `addresses` are all of the target's that live
 */

/** Networks that the TUN responder answers for: everything in them leads to the target, then to the TUN device. */
export const FAR = /** @type {const} */ ({
  prefixes: ['10.79.0.0/16', 'fd79::/64'],
  address4: '10.79.0.1',
  address6: 'fd79::1',
})

/** Networks that nobody has: a router on the way says so (net-unreachable, no route), from these addresses. */
export const NOWHERE = /** @type {const} */ ({
  prefixes: ['10.80.0.0/16', 'fd80::/64'],
  address4: '10.80.0.1',
  address6: 'fd80::1',
  router4: '10.79.0.254',
  router6: 'fd79::fe',
})

/** Everything that leads to the TUN responder. */
export const BEYOND = /** @type {const} */ ([...FAR.prefixes, ...NOWHERE.prefixes])

const MAC = /** @type {const} */ ({
  probe: '02:00:0a:4e:00:01',
  target: '02:00:0a:4e:00:02',
  routerNear: '02:00:0a:4e:00:03',
  routerFar: '02:00:0a:4e:00:04',
})

/** The target's TUN device, behind which the responder is. */
export const FAR_DEVICE = 'far0'

/** The device towards the other side, in every namespace; the router's second one is lab1. */
export const DEVICE = 'lab0'

/** @param {{ readonly routed?: boolean | undefined }} options @returns {Plan} */
export function planLab({ routed = false }) {
  return routed ? routedPlan() : directPlan()
}

/** @returns {Plan} */
function directPlan() {
  const probe = end('probe', MAC.probe, probeAddresses())
  const target = end('target', MAC.target, targetAddresses('10.78.0', 'fd78::'))
  const [gateway4, gateway6] = ['10.78.0.2', 'fd78::2']
  return {
    ...facts('10.78.0', 'fd78::', false),
    wires: [[probe, target]],
    nodes: [
      node('probe', [facing(probe, target)], routesVia(BEYOND, gateway4, gateway6)),
      { ...node('target', [facing(target, probe)], []), forwards: true },
    ],
  }
}

/** @returns {Plan} */
function routedPlan() {
  const probe = end('probe', MAC.probe, probeAddresses())
  const near = end('router', MAC.routerNear, ['10.78.0.254/24', 'fd78::fe/64', 'fe80::fe/64'])
  const far = end('router', MAC.routerFar, ['10.78.1.254/24', 'fd78:0:0:1::fe/64', 'fe80::fe/64'], 'lab1')
  const target = end('target', MAC.target, targetAddresses('10.78.1', 'fd78:0:0:1::'))
  const beyond = ['10.78.1.0/24', 'fd78:0:0:1::/64', ...BEYOND]
  const links = [facing(near, probe), facing(far, target)]
  return {
    ...facts('10.78.1', 'fd78:0:0:1::', true),
    wires: [
      [probe, near],
      [far, target],
    ],
    nodes: [
      node('probe', [facing(probe, near)], routesVia(beyond, '10.78.0.254', 'fd78::fe')),
      {
        ...node('router', links, routesVia(BEYOND, '10.78.1.2', 'fd78:0:0:1::2')),
        forwards: true,
      },
      {
        ...node(
          'target',
          [facing(target, far)],
          routesVia(['10.78.0.0/24', 'fd78::/64'], '10.78.1.254', 'fd78:0:0:1::fe'),
        ),
        forwards: true,
      },
    ],
  }
}

function probeAddresses() {
  return ['10.78.0.1/24', 'fd78::1/64', 'fe80::1/64']
}

/** @param {string} net4 @param {string} net6 */
function targetAddresses(net4, net6) {
  const four = [2, 3, 4].map((host) => `${net4}.${host}/24`)
  return [...four, `${net6}2/64`, `${net6}3/64`, `${net6}dead/64`, 'fe80::2/64']
}

/** @param {string} net4 @param {string} net6 @param {boolean} routed */
function facts(net4, net6, routed) {
  const [address4, address6] = [`${net4}.2`, `${net6}2`]
  const both = [address6, address4]
  const addresses = [...both, `${net6}3`, `${net4}.3`, `${net4}.4`]
  const target = { address4, address6, addresses, dead6: `${net6}dead` }
  return {
    probe: { address4: '10.78.0.1', address6: 'fd78::1' },
    target,
    names: {
      'target.lab': both,
      'only4.lab': [address4],
      'only6.lab': [address6],
      'dead6.lab': [target.dead6, address4],
      'many.lab': addresses,
      'far.lab': [FAR.address6, FAR.address4],
      'probe.lab': ['fd78::1', '10.78.0.1'],
      ...(routed ? { 'routed.lab': both } : {}),
    },
  }
}

/** @param {Role} role @param {string} mac @param {readonly string[]} addresses */
function end(role, mac, addresses, device = DEVICE) {
  return { role, device, mac, addresses }
}

/**
 * One end of a wire that knows its neighbours for good, so that no probe ever waits for ARP or neighbour discovery.
 * @param {ReturnType<typeof end>} near @param {ReturnType<typeof end>} far @returns {Link}
 */
function facing(near, far) {
  const neighbours = far.addresses.map((address) => ({ address: bare(address), mac: far.mac }))
  return { device: near.device, mac: near.mac, addresses: near.addresses, neighbours }
}

/** @param {Role} role @param {readonly Link[]} links @param {Node['routes']} routes @returns {Node} */
function node(role, links, routes) {
  return { role, links, routes, forwards: false }
}

/** @param {readonly string[]} prefixes @param {string} via4 @param {string} via6 */
function routesVia(prefixes, via4, via6) {
  return prefixes.map((to) => ({ to, via: to.includes(':') ? via6 : via4 }))
}

/** @param {string} address */
function bare(address) {
  return address.replace(/\/\d+$/, '')
}

/**
 * The lab's /etc/hosts.
 * @param {Plan} plan
 */
export function hostsFile({ names }) {
  const lines = Object.entries(names).flatMap(([name, list]) => list.map((address) => `${address} ${name}`))
  return ['127.0.0.1 localhost', '::1 localhost', ...lines, ''].join('\n')
}
