import { errorFigures } from './figures.mjs'
import { echoExchanges, exchanges, matchRun } from './wire.mjs'

/**
 * Runs tools in turns (A B C, A B C, …) on one link, so that a noisy machine is as noisy for all of them, and puts what
 * they print next to the packet capture.
 *
 * @typedef {import('@portkit/lab').Lab} Lab
 * @typedef {import('./tools.mjs').Tool} Tool
 * @typedef {import('./wire.mjs').Span} Span
 * @typedef {{ readonly port: number, readonly rounds: number, readonly perRound: number, readonly intervalMs: number, readonly address?: string }} Rounds `address` is the target's unless said otherwise
 * @typedef {{ readonly printed: number, readonly wire: number }} Pair
 * @typedef {{ readonly tool: Tool, readonly span: Span, readonly printed: readonly import('./wire.mjs').Printed[] }} Run
 * @typedef {{ readonly name: string, readonly pairs: readonly Pair[], readonly unmatched: number }} Compared
 */

/** How `tooSmall` calls what it counts. */
export const BELOW = 'times below the wire'

/** A run that is not over by then has failed. */
const PATIENCE_MS = 20_000

/**
 * @param {Lab} lab @param {readonly Tool[]} tools @param {Rounds} rounds
 * @returns {Promise<readonly Compared[]>} in the order of the tools, microseconds
 */
export async function compare(lab, tools, rounds) {
  const segments = await lab.capture({ filter: `tcp port ${rounds.port}` })
  const echoes = tools.some((tool) => tool.echoes) ? await captureEchoes(lab) : undefined
  /** @type {Run[]} */
  const runs = []
  for (let round = 0; round < rounds.rounds; round++) {
    for (const tool of tools) runs.push(...(await turn(lab, tool, rounds)))
  }
  const wire = exchanges(await segments.stop(), rounds.port)
  const echoed = echoExchanges((await echoes?.stop()) ?? '')
  return tools.map((tool) => {
    const own = runs.filter((run) => run.tool === tool)
    const pairs = own.flatMap((run) => matchRun(run.printed, tool.echoes ? echoed : wire, run.span))
    return { name: tool.name, pairs, unmatched: rounds.rounds * rounds.perRound - pairs.length }
  })
}

/** @param {Lab} lab @param {Tool} tool @param {Rounds} rounds */
async function turn(lab, tool, { port, perRound, intervalMs, address = lab.target.address4 }) {
  const count = Math.min(perRound, tool.mostProbes ?? perRound)
  /** @type {Run[]} */
  const runs = []
  for (let done = 0; done < perRound; done += count) {
    const task = { address, port, count, intervalMs }
    const fromMs = Date.now()
    const { stdout, timedOut } = await lab.exec(tool.command, tool.args(task), { timeoutMs: PATIENCE_MS })
    if (timedOut) throw new Error(`${tool.name} did not end`)
    runs.push({ tool, span: { fromMs, toMs: Date.now() + 1 }, printed: tool.read(stdout) })
  }
  return runs
}

/** The lab's own capture knows TCP alone. @param {Lab} lab */
async function captureEchoes(lab) {
  const options = ['-i', 'lab0', '-n', '-tt', '--time-stamp-precision=nano', '--immediate-mode', '-l', 'icmp']
  const tcpdump = lab.spawn('tcpdump', options, { timeoutMs: 300_000 })
  await lab.exec('ping', ['-n', '-c', '1', '-w', '2', lab.target.address4])
  for (let tries = 0; !tcpdump.stdout().includes('reply') && tries < 20; tries++) {
    await lab.exec('ping', ['-n', '-c', '1', '-w', '2', lab.target.address4])
  }
  return {
    async stop() {
      tcpdump.kill('SIGINT')
      return (await tcpdump.done).stdout
    },
  }
}

/** @param {string} label @param {readonly Compared[]} compared @param {import('./figures.mjs').Context} context */
export function toFigures(label, compared, { note }) {
  return compared.flatMap(({ name, pairs, unmatched }) => {
    if (unmatched > 0)
      note(`${label}: ${name}: ${unmatched} probes printed no time, or none that the capture knows`)
    if (pairs.length === 0) return []
    const { samples, below, ...errors } = errorFigures(pairs)
    const parts = { ...errors, 'below the wire': below }
    return Object.entries(parts).map(([part, value]) => ({
      what: `${label}: ${name}: ${part}`,
      value,
      unit: 'µs',
      samples,
    }))
  })
}

/**
 * Adds limits to the figures of one tool.
 * @param {readonly import('./figures.mjs').Figure[]} figures @param {Readonly<Record<string, number>>} limits by part
 * @param {string} name
 * @returns {readonly import('./figures.mjs').Figure[]}
 */
export function withLimits(figures, limits, name = 'tcping') {
  return figures.map((figure) => {
    const [, tool, part = ''] = figure.what.split(': ')
    const limit = tool === name ? limits[part] : undefined
    return limit === undefined ? figure : { ...figure, limit }
  })
}

/**
 * How many times each tool printed that are too small to be true, its rounding put aside.
 * @param {string} label @param {readonly Compared[]} compared @param {readonly Tool[]} tools in the same order
 * @returns {readonly import('./figures.mjs').Figure[]}
 */
export function tooSmall(label, compared, tools) {
  return compared.flatMap(({ name, pairs }, i) => {
    const roundingUs = (tools[i]?.stepUs ?? 1) / 2
    // A thousandth on top: microseconds are not exact in binary.
    const value = pairs.filter(({ printed, wire }) => printed < wire - roundingUs - 0.001).length
    return pairs.length === 0
      ? []
      : [{ what: `${label}: ${name}: ${BELOW}`, value, unit: 'probes', samples: pairs.length }]
  })
}

/** @param {readonly Compared[]} compared */
export function toRaw(compared) {
  return Object.fromEntries(compared.map(({ name, pairs }) => [name, pairs]))
}
