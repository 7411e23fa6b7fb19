/**
 * What programs name at ports, and whether they are right.
 *
 * @typedef {{ readonly protocol: string, readonly product?: string, readonly version?: string }} Named
 * @typedef {ReadonlyMap<number, Named>} NamedPorts only ports at which something was recognised
 * @typedef {{ readonly protocol?: string | undefined, readonly product?: string | undefined }} Truth products only where
 *   the wire holds them
 */

/** Names of nmap's that are ours by another word, or with TLS in them. */
const NMAP_NAMES = /** @type {Readonly<Record<string, string>>} */ ({
  beanstalk: 'beanstalkd',
  domain: 'dns',
  https: 'http',
  'https-alt': 'http',
  imaps: 'imap',
  jabber: 'xmpp',
  ldaps: 'ldap',
  ldapssl: 'ldap',
  'microsoft-ds': 'smb',
  'netbios-ssn': 'smb',
  pop3s: 'pop3',
  'secure-mqtt': 'mqtt',
  smtps: 'smtp',
  submission: 'smtp',
  svnserve: 'svn',
  'xmpp-client': 'xmpp',
  'xmpp-server': 'xmpp',
})

/** It says these where it could not find out. */
const NO_NAMES = ['tcpwrapped', 'unknown']

/**
 * What nmap recognised by probing; names from its table of ports are guesses, which it marks with `?` itself.
 * @param {string} xml of `nmap -sV -oX -` @returns {NamedPorts}
 */
export function namedByNmap(xml) {
  const ports = [...xml.matchAll(/<port protocol="\w+" portid="(\d+)">(.*?)<\/port>/gs)]
  return new Map(
    ports.flatMap(([, port, inside = '']) => {
      const [service = ''] = /<service [^>]*>/.exec(inside) ?? []
      const { name = '', method, product, version } = attributes(service)
      if (method !== 'probed' || NO_NAMES.includes(name)) return []
      const [, broker] = /^mosquitto version (\S+)$/.exec(name) ?? []
      if (broker !== undefined) return [[Number(port), named('mqtt', 'mosquitto', broker)]]
      return [[Number(port), named(NMAP_NAMES[name] ?? name, product, version)]]
    }),
  )
}

/** @param {string} element @returns {Readonly<Record<string, string>>} */
function attributes(element) {
  const pairs = [...element.matchAll(/([\w-]+)="([^"]*)"/g)]
  return Object.fromEntries(pairs.map(([, key = '', value = '']) => [key, unescaped(value)]))
}

const ENTITIES = /** @type {Readonly<Record<string, string>>} */ ({ lt: '<', gt: '>', quot: '"', amp: '&' })

/** @param {string} value */
function unescaped(value) {
  return value.replace(/&(lt|gt|quot|amp);/g, (_, name) => ENTITIES[name] ?? '')
}

/** @param {readonly any[]} records of `banner --json` @returns {NamedPorts} */
export function namedByBanner(records) {
  const identified = records.filter(({ outcome }) => outcome === 'identified')
  return new Map(
    identified.map(({ port, protocol, product, version }) => [port, named(protocol, product, version)]),
  )
}

/** @param {string} protocol @param {string | null | undefined} product @param {string | null | undefined} version @returns {Named} */
function named(protocol, product, version) {
  return { protocol, ...(product ? { product } : {}), ...(version ? { version } : {}) }
}

/**
 * Whether protocol and product are as they are in truth. A product may have more words, as `Apache httpd` and `ISC BIND`
 * have, or stand in the version, as `5.5.5-10.11.19-MariaDB`; where the wire holds none, whatever is said is not held
 * against anybody.
 * @param {Truth} truth @param {Named | undefined} said
 */
export function isRight(truth, said) {
  if (said === undefined || said.protocol !== truth.protocol) return false
  if (truth.product === undefined) return true
  const [word = ''] = truth.product.toLowerCase().split(' ')
  return `${said.product ?? ''} ${said.version ?? ''}`
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .includes(word)
}

/**
 * Whether a product's version is claimed that is none of those which run there. A version without a product is that of a
 * protocol; `2.2.X - 2.3.X` and `9.6.0 or later` are true of all that they cover.
 * @param {Named | undefined} said @param {readonly string[]} installed upstream's versions of all that belongs to the server
 */
export function isFalseVersion(said, installed) {
  const { product, version } = said ?? {}
  if (product === undefined || version === undefined) return false
  const [, low, high] = /^(\S+) - (\S+)$/.exec(version) ?? []
  if (low !== undefined && high !== undefined)
    return !installed.some((one) => compare(one, low) >= 0 && compare(one, high) <= 0)
  const [, least] = /^(\S+) or (?:later|newer)$/.exec(version) ?? []
  if (least !== undefined) return !installed.some((one) => compare(one, least) >= 0)
  return !installed.some((one) => isSame(version, one))
}

/**
 * `9.2p1 Debian 2` is 9.2p1, as `5.5.5-10.11.19-MariaDB` is 10.11.19, and 9.2 is not wrong.
 * @param {string} said @param {string} installed
 */
function isSame(said, installed) {
  return said.split(/[ -]/).some((word) => {
    const isPart = /^\d/.test(word) && installed.startsWith(word)
    return word === installed || (isPart && /^[a-z.]/.test(installed.slice(word.length)))
  })
}

/** By their numbers, as far as both have some; X is any number. @param {string} a @param {string} b */
function compare(a, b) {
  const [left, right] = [a.split('.'), b.split('.')]
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const [one = '', other = ''] = [left[i], right[i]]
    if (one.toUpperCase() === 'X' || other.toUpperCase() === 'X') return 0
    const difference = Number.parseInt(one, 10) - Number.parseInt(other, 10)
    if (difference !== 0) return difference
  }
  return 0
}

/**
 * Debian's version without its own parts (deb-version(7)): `2:4.17.12+dfsg-0+deb12u1` is 4.17.12.
 * @param {string} version
 */
export function upstreamOf(version) {
  return version
    .replace(/^\d+:/, '')
    .replace(/-[^-]*$/, '')
    .replace(/[+~].*$/, '')
}
