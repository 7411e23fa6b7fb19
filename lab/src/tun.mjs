import { NOWHERE } from './plan.mjs'
import { unreachablePorts } from './ports.mjs'
import { startPuppet } from './puppet.mjs'

/**
 * The TUN responder answers for the far networks (FAR and NOWHERE), and for the target's ports with ICMP errors. What it does is said
 * in JSON: the first rule that fits a packet counts; without one a port is closed and an echo request is answered, both
 * at once.
 *
 * @typedef {import('./tun/rules.mjs').TunConfig} TunConfig
 * @typedef {import('./tun/rules.mjs').TunRule} TunRule
 * @typedef {{
 *   readonly src: string,
 *   readonly sport: number,
 *   readonly dst: string,
 *   readonly dport: number,
 *   readonly syns: number,
 *   readonly lost: number,
 *   readonly acks: number,
 *   readonly fins: number,
 *   readonly resets: number,
 *   readonly octets: number,
 * }} SeenFlow segments that arrived; `lost` are those of the `syns` that were not answered on purpose
 * @typedef {{
 *   readonly syns: number,
 *   readonly echoes: number,
 *   readonly lost: number,
 *   readonly ignored: number,
 *   readonly flows: readonly SeenFlow[],
 * }} Seen all packets since the start or the last `forget`; `lost` counts SYNs and echo requests, `ignored` packets that
 *   are neither good TCP nor ICMP echo
 * @typedef {{
 *   readonly configure: (config: TunConfig) => Promise<void>,
 *   readonly seen: () => Promise<Seen>,
 *   readonly forget: () => Promise<void>,
 *   readonly release: () => void,
 *   readonly gone: () => Promise<void>,
 * }} Tun `configure` starts the rules' counts anew and keeps connections
 */

/**
 * How long the target's ICMP errors take, in milliseconds: longer than connect() holds its socket, and with some sleep
 * in between, so that a connect() on the same processor gets on.
 */
const ERROR_DELAY_MS = 0.5

/**
 * Starts the responder in the target's namespace.
 * @param {string} namespace @param {readonly string[]} addresses the target's own
 * @param {TunConfig} first @param {boolean} keep
 * @returns {Promise<Tun>} once it answers
 */
export async function startTun(namespace, addresses, first, keep) {
  const own = ownRules(addresses)
  const config = withRules(first, own)
  const { request, release, gone } = await startPuppet(
    namespace,
    new URL('tun/responder.mjs', import.meta.url),
    {
      config,
      keep,
    },
  )
  return {
    async configure(next) {
      await request({ config: withRules(next, own) })
    },
    async seen() {
      return /** @type {Seen} */ (/** @type {unknown} */ ((await request({ report: true })).seen))
    },
    async forget() {
      await request({ forget: true })
    },
    release,
    gone,
  }
}

/** @param {readonly string[]} addresses @returns {readonly TunRule[]} */
function ownRules(addresses) {
  const delayMs = ERROR_DELAY_MS
  const ports = addresses.flatMap((to) =>
    unreachablePorts().map(({ port, does }) => ({ to, ports: String(port), does, delayMs })),
  )
  const nowhere = NOWHERE.prefixes.map((to) => {
    const from = to.includes(':') ? NOWHERE.router6 : NOWHERE.router4
    return /** @type {const} */ ({ to, from, does: 'no-route', delayMs })
  })
  return [...ports, ...nowhere]
}

/** @param {TunConfig} config @param {readonly TunRule[]} own @returns {TunConfig} */
function withRules(config, own) {
  return Array.isArray(config.rules ?? []) ? { ...config, rules: [...own, ...(config.rules ?? [])] } : config
}
