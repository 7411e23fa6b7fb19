import { BlockList, isIP } from 'node:net'
import { addressBytes } from '../address.mjs'
import { isUnreachable } from '../ports.mjs'

/**
 * @typedef {'open' | 'closed' | 'stealth' | import('../ports.mjs').Unreachable} TunBehaviour
 * @typedef {{ readonly every: number } | { readonly first: number } | { readonly share: number }} Loss
 *   `every` n-th SYN (or echo request) that meets the rule, the `first` n SYNs of each flow, or a random `share` (0 to 1)
 * @typedef {{
 *   readonly to?: string,
 *   readonly ports?: string,
 *   readonly does?: TunBehaviour,
 *   readonly delayMs?: number,
 *   readonly jitterMs?: number,
 *   readonly lose?: Loss,
 *   readonly from?: string,
 * }} TunRule `to` is an address or a prefix, absent for all; `ports` are `22,80,1000-1010`, absent for all and for echo
 *   requests too; `does` is `open` unless said otherwise. Every answer waits `delayMs` and a random part of `jitterMs`.
 *   `from` is who sends ICMP errors, for packets of its family; otherwise the host that was asked does
 * @typedef {{
 *   readonly seed?: number,
 *   readonly rules?: readonly TunRule[],
 * }} TunConfig
 * @typedef {{
 *   readonly fits: (address: string, family: 4 | 6, port: number | undefined) => boolean,
 *   readonly does: TunBehaviour,
 *   readonly delayNs: () => number,
 *   readonly loses: (earlierSynsOfFlow: number) => boolean,
 *   readonly from: Buffer | undefined,
 * }} Rule
 */

const RULE_KEYS = ['to', 'ports', 'does', 'delayMs', 'jitterMs', 'lose', 'from']
const CONFIG_KEYS = ['seed', 'rules']
const LONGEST_MS = 600_000

/**
 * @param {unknown} value a TunConfig
 * @returns {readonly Rule[]}
 * @throws {Error} that names what is wrong
 */
export function parseConfig(value) {
  const config = recordOf(value, CONFIG_KEYS, 'configuration')
  const { seed = 1, rules = [] } = config
  if (!Array.isArray(rules)) throw invalid('rules', rules)
  const random = seededRandom(numberIn(seed, 'seed', 0, 0xffffffff))
  return rules.map((rule) => parseRule(rule, random))
}

/** @param {unknown} value @param {() => number} random @returns {Rule} */
function parseRule(value, random) {
  const {
    to,
    ports,
    does = 'open',
    delayMs = 0,
    jitterMs = 0,
    lose,
    from,
  } = recordOf(value, RULE_KEYS, 'rule')
  if (!isBehaviour(does)) throw invalid('does', does)
  const delay = numberIn(delayMs, 'delayMs', 0, LONGEST_MS)
  const jitter = numberIn(jitterMs, 'jitterMs', 0, LONGEST_MS)
  if (from !== undefined && !isAddress(from)) throw invalid('from', from)
  const toFits = parseTo(to)
  const portFits = parsePorts(ports)
  return {
    fits: (address, family, port) => portFits(port) && toFits(address, family),
    does,
    delayNs: () => (delay + jitter * (jitter > 0 ? random() : 0)) * 1e6,
    loses: parseLoss(lose, random),
    from: from === undefined ? undefined : addressBytes(from),
  }
}

/** @param {unknown} does @returns {does is TunBehaviour} */
function isBehaviour(does) {
  return typeof does === 'string' && (['open', 'closed', 'stealth'].includes(does) || isUnreachable(does))
}

/** @param {unknown} to @returns {(address: string, family: 4 | 6) => boolean} */
function parseTo(to) {
  if (to === undefined) return () => true
  if (typeof to !== 'string' || !(isPrefix(to) || isAddress(to))) throw invalid('to', to)
  const list = new BlockList()
  const [address = '', length] = to.split('/')
  const type = typeOf(isIP(address))
  if (length === undefined) list.addAddress(address, type)
  else list.addSubnet(address, Number(length), type)
  return (candidate, family) => list.check(candidate, typeOf(family))
}

/** @param {number} family */
function typeOf(family) {
  return family === 6 ? 'ipv6' : 'ipv4'
}

/** @param {unknown} ports @returns {(port: number | undefined) => boolean} */
function parsePorts(ports) {
  if (ports === undefined) return () => true
  if (typeof ports !== 'string' || !/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(ports)) throw invalid('ports', ports)
  const chosen = new Uint8Array(65_536)
  for (const range of ports.split(',')) {
    const [first = 0, last = first] = range.split('-').map(Number)
    if (first > last || last > 65_535) throw invalid('ports', ports)
    chosen.fill(1, first, last + 1)
  }
  return (port) => port !== undefined && chosen[port] === 1
}

/** @param {unknown} lose @param {() => number} random @returns {Rule['loses']} */
function parseLoss(lose, random) {
  if (lose === undefined) return () => false
  const { every, first, share } = recordOf(lose, ['every', 'first', 'share'], 'lose')
  if ([every, first, share].filter((way) => way !== undefined).length !== 1) throw invalid('lose', lose)
  if (share !== undefined) {
    const limit = numberIn(share, 'share', 0, 1)
    return () => random() < limit
  }
  if (first !== undefined) {
    const count = wholeIn(first, 'first')
    return (earlier) => earlier < count
  }
  const period = wholeIn(every, 'every')
  let met = 0
  return () => ++met % period === 0
}

/** @param {unknown} text @returns {text is string} */
function isAddress(text) {
  return typeof text === 'string' && isIP(text) !== 0 && !text.includes('%')
}

/** @param {unknown} prefix @returns {prefix is string} */
function isPrefix(prefix) {
  const [, address = '', length = ''] = /^([0-9a-f.:]+)\/(\d{1,3})$/i.exec(String(prefix)) ?? []
  const family = isIP(address)
  return typeof prefix === 'string' && family !== 0 && Number(length) <= (family === 4 ? 32 : 128)
}

/** @param {unknown} value @param {readonly string[]} keys @param {string} what @returns {Record<string, unknown>} */
function recordOf(value, keys, what) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(what, value)
  const unknown = Object.keys(value).find((key) => !keys.includes(key))
  if (unknown !== undefined) throw new Error(`${what} has no ${JSON.stringify(unknown)}: ${keys.join(', ')}`)
  return /** @type {Record<string, unknown>} */ (value)
}

/** @param {unknown} value @param {string} what @param {number} least @param {number} most @returns {number} */
function numberIn(value, what, least, most) {
  if (typeof value === 'number' && value >= least && value <= most) return value
  throw invalid(what, value)
}

/** @param {unknown} value @param {string} what @returns {number} */
function wholeIn(value, what) {
  const number = numberIn(value, what, 1, 1e9)
  if (!Number.isInteger(number)) throw invalid(what, value)
  return number
}

/** @param {string} what @param {unknown} value */
function invalid(what, value) {
  return new Error(`${what} invalid: ${JSON.stringify(value)}`)
}

/**
 * Numbers from 0 up to 1, the same ones for the same seed: Marsaglia's xorshift32 behind one multiplication.
 * @param {number} seed
 */
function seededRandom(seed) {
  let state = (Math.imul(seed + 1, 0x9e3779b1) | 1) >>> 0
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (Math.imul(state, 0x2c1b3c6d) >>> 0) / 0x1_0000_0000
  }
}
