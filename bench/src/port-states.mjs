/**
 * What scanners say of ports in the files that they write for programs, and how much of it is wrong.
 *
 * @typedef {ReadonlyMap<number, string>} PortStates
 * @typedef {ReadonlyMap<string, PortStates>} HostStates by address
 * @typedef {import('./scan-race.mjs').Task} Task
 * @typedef {{ readonly address: string, readonly port: number, readonly said: string | undefined, readonly is: string }} Wrong
 */

/** @param {string} xml of nmap, or of a scanner that writes the same @returns {HostStates} */
export function statesInXml(xml) {
  const hosts = [...xml.matchAll(/<host[ >].*?<\/host>/gs)].map(([host]) => host)
  return new Map(hosts.map((host) => [addressIn(host), portsIn(host)]))
}

/** @param {string} list of `masscan -oL`, which has open ports alone @returns {HostStates} */
export function statesInList(list) {
  /** @type {Map<string, Map<number, string>>} */
  const hosts = new Map()
  for (const [, state = '', port, address = ''] of list.matchAll(/^(\w+) tcp (\d+) (\S+) \d+$/gm)) {
    const ports = hosts.get(address) ?? new Map()
    hosts.set(address, ports.set(Number(port), state))
  }
  return hosts
}

/**
 * The ports of a task of which something false is said, or nothing.
 * @param {HostStates} said @param {Task} task @param {import('@portkit/lab/scan-world').Scan} scan
 * @param {boolean} onlyOpen whether nothing has to be said of ports that are not open
 * @returns {readonly Wrong[]}
 */
export function wrongStates(said, { addresses, ports, truth }, scan, onlyOpen) {
  return addresses.flatMap((address) => {
    const states = said.get(address)
    /** @type {Wrong[]} */
    const wrong = []
    for (let port = ports.from; port <= ports.to; port++) {
      const [is, state] = [truth(port, scan), states?.get(port)]
      if (state !== is && !(onlyOpen && state === undefined && is !== 'open'))
        wrong.push({ address, port, said: state, is })
    }
    return wrong
  })
}

/** @param {string} host */
function addressIn(host) {
  return /<address addr="([^"]+)" addrtype="ipv[46]"/.exec(host)?.[1] ?? ''
}

/** @param {string} host @returns {PortStates} */
function portsIn(host) {
  /** @type {Map<number, string>} */
  const states = new Map()
  for (const [, port, state = ''] of host.matchAll(
    /<port protocol="tcp" portid="(\d+)">\s*<state state="([^"]+)"/g,
  ))
    states.set(Number(port), state)
  for (const [, state = '', reasons = ''] of host.matchAll(
    /<extraports state="([^"]+)"[^>]*>(.*?)<\/extraports>/gs,
  ))
    for (const [, list = ''] of reasons.matchAll(/<extrareasons [^>]*ports="([^"]*)"/g))
      addAll(states, list, state)
  return states
}

/** @param {Map<number, string>} states @param {string} list as `1-7,10` @param {string} state */
function addAll(states, list, state) {
  for (const range of list.split(',').filter((text) => text !== '')) {
    const [first = 0, last = first] = range.split('-').map(Number)
    for (let port = first; port <= last; port++) states.set(port, state)
  }
}
