import { PORTS } from '@portkit/lab'
import { jsonLines } from './tools.mjs'

/**
 * What scans of the lab's target say about its ports, and what is true.
 *
 * @typedef {{ readonly from: number, readonly to: number }} Range both ends belong to it
 * @typedef {ReadonlyMap<number, string>} Verdicts state and reason by port: `open syn-ack`
 */

const SILENT = 'filtered no-response'
const CLOSED = 'closed reset'

/** @type {Readonly<Record<typeof PORTS[keyof typeof PORTS]['does'], string>>} */
const TRUTH = {
  hold: 'open syn-ack',
  http: 'open syn-ack',
  tls: 'open syn-ack',
  reset: 'open syn-ack',
  silent: 'open syn-ack',
  late: 'open syn-ack',
  chatty: 'open syn-ack',
  full: SILENT,
  stealth: SILENT,
  nothing: CLOSED,
  'tcp-reset': CLOSED,
  'port-unreachable': 'filtered port-unreach',
  'host-unreachable': 'filtered host-unreach',
  'admin-prohibited': 'filtered admin-prohibited',
  'no-route': 'filtered net-unreach',
}

/** ICMPv6 has another word for it (RFC 4443 section 3.1). */
const TRUTH6 = { ...TRUTH, 'no-route': 'filtered no-route' }

/**
 * @param {Range} scanned @param {Range} dropped what the packet filter drops besides @param {4 | 6} family
 * @returns {Verdicts}
 */
export function truth(scanned, dropped, family = 4) {
  const truths = new Map(portsOf(scanned).map((port) => [port, CLOSED]))
  const does = family === 4 ? TRUTH : TRUTH6
  for (const lab of Object.values(PORTS)) truths.set(lab.port, does[lab.does])
  for (const port of portsOf(dropped)) truths.set(port, SILENT)
  return new Map(portsOf(scanned).map((port) => [port, truths.get(port) ?? CLOSED]))
}

/** @param {string} stdout of `hping-ts --scan --json` @returns {Verdicts} */
export function saidInJson(stdout) {
  return new Map(
    jsonLines(stdout)
      .filter(({ type }) => type === 'verdict')
      .map(({ port, state, reason }) => [port, `${state} ${reason}`]),
  )
}

/**
 * What the table and the lists of `hping-ts --scan` say: the ports of the table, those that did not respond, and for the
 * others that they are closed, if there are just as many of them.
 * @param {string} stdout @param {Range} scanned @returns {Verdicts}
 */
export function saidInText(stdout, scanned) {
  const rows = [...stdout.matchAll(/^(\d+)\/tcp .*?\b(open|closed|filtered) +([a-z-]+)/gm)]
  const said = new Map(rows.map(([, port, state, reason]) => [Number(port), `${state} ${reason}`]))
  for (const port of notResponding(stdout)) said.set(port, SILENT)
  const others = portsOf(scanned).filter((port) => !said.has(port))
  const [, closed] = /^Not shown: (\d+) closed ports \(reset\)$/m.exec(stdout) ?? []
  if (Number(closed) === others.length) for (const port of others) said.set(port, CLOSED)
  return said
}

/**
 * What hping3 says, who has no reasons: the ports of its lines, those that did not respond, and all others are closed.
 * @param {string} stdout of `hping3 --scan` @param {Range} scanned @returns {Verdicts} states alone
 */
export function saidByHping3(stdout, scanned) {
  /** @type {Map<number, string>} */
  const said = new Map(portsOf(scanned).map((port) => [port, 'closed']))
  for (const [, port] of stdout.matchAll(/^ *(\d+) .{11}: \.S\.\.A/gm)) said.set(Number(port), 'open')
  for (const port of notResponding(stdout)) said.set(port, 'filtered')
  return said
}

/**
 * How many ports were called something else, or nothing; a verdict without a reason is right by its state.
 * @param {Verdicts} said @param {Verdicts} truths
 */
export function wrong(said, truths) {
  const missed = [...truths].filter(([port, is]) => {
    const verdict = said.get(port)
    return verdict === undefined || (verdict !== is && !is.startsWith(`${verdict} `))
  })
  return missed.length + [...said.keys()].filter((port) => !truths.has(port)).length
}

/** @param {string} stdout */
function notResponding(stdout) {
  const [, list = ''] = /^Not responding ports: (.*)$/m.exec(stdout) ?? []
  return [...list.matchAll(/\((\d+) /g)].map(([, port]) => Number(port))
}

/** @param {Range} range */
function portsOf({ from, to }) {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}
