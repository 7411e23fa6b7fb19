import { createLab } from '@portkit/lab'
import { median } from '../figures.mjs'
import { idlePeak, watchPeak } from '../process-peak.mjs'
import { saidByHping3, saidInJson, saidInText, truth, wrong } from '../scan-verdicts.mjs'
import { HPING_TS } from '../tools.mjs'
import { installed, mustHaveLab } from '../world.mjs'

const PATIENCE_MS = 120_000
const DROPPED = { from: 30_000, to: 30_999 }
const ALL = { from: 1, to: 65_535 }
/** hping3 aborts where it gets an ICMP error, as from the ports below these. */
const HARMLESS = { from: 18, to: 65_534 }

const FILTER = [
  'add table inet more',
  'add chain inet more input { type filter hook input priority -10; policy accept; }',
  `add rule inet more input tcp dport ${DROPPED.from}-${DROPPED.to} drop`,
].join('\n')

/**
 * @typedef {import('@portkit/lab').Lab} Lab
 * @typedef {{
 *   readonly name: string,
 *   readonly command: string,
 *   readonly args: readonly string[],
 *   readonly ports: import('../scan-verdicts.mjs').Range,
 *   readonly family?: 4 | 6,
 *   readonly said?: typeof saidInText,
 *   readonly isOurs?: boolean,
 *   readonly isSlow?: boolean,
 * }} Scanner `said` reads its verdicts; what is not ours is run once, and what is slow not at all when it is to be quick
 * @typedef {{ readonly wallMs: number, readonly peakMiB: number, readonly wrong: number | undefined }} Scan
 */

/** @type {readonly Scanner[]} */
const SCANNERS = [
  {
    name: 'hping-ts --scan 1-65535',
    command: process.execPath,
    args: [HPING_TS, '-S', '--scan', '1-65535'],
    ports: ALL,
    said: saidInText,
    isOurs: true,
  },
  {
    name: 'hping-ts --scan 1-65535 by IPv6',
    command: process.execPath,
    args: [HPING_TS, '-S', '--scan', '1-65535'],
    ports: ALL,
    family: 6,
    said: saidInText,
    isOurs: true,
  },
  { name: 'nmap -sS -p-', command: 'nmap', args: ['-n', '-Pn', '-sS', '-p-', '--reason'], ports: ALL },
  {
    name: 'hping3 --scan 18-65534',
    command: 'hping3',
    args: ['-S', '--scan', '18-65534'],
    ports: HARMLESS,
  },
  {
    name: 'hping3 --scan 1-65534',
    command: 'hping3',
    args: ['-S', '--scan', '1-65534'],
    ports: { ...ALL, to: 65_534 },
    said: saidByHping3,
    isSlow: true,
  },
]

/**
 * All TCP ports of a host that drops a thousand of them: wall time with the start of the process, verdicts, memory.
 * @param {import('../figures.mjs').Context} context @returns {Promise<import('../figures.mjs').Report>}
 */
export async function packetScan(context) {
  mustHaveLab()
  const wanted = SCANNERS.filter(({ isSlow }) => !(isSlow && context.quick))
  const scanners = installed(wanted, context)
  const lab = await createLab()
  /** @type {Record<string, Scan[]>} */
  const raw = Object.fromEntries(scanners.map(({ name }) => [name, []]))
  /** @type {number[]} */
  const idle = []
  try {
    const { status, stderr } = await lab.exec('nft', [FILTER], { as: 'target' })
    if (status !== 0) throw new Error(`nft: ${stderr}`)
    for (let round = 0; round < (context.quick ? 1 : 7); round++) {
      idle.push(await idlePeak(lab))
      for (const scanner of scanners) {
        if (scanner.isOurs || round === 0) raw[scanner.name]?.push(await scan(lab, scanner, context))
      }
    }
    const wrongInJson = await wrongVerdicts(lab)
    const figures = scanners.flatMap((scanner) => figuresOf(scanner, raw[scanner.name] ?? [], median(idle)))
    const inJson = { what: 'scan: hping-ts --json: wrong verdicts', value: wrongInJson, unit: 'ports' }
    return { figures: [...figures, { ...inJson, limit: 0, samples: ALL.to }], raw: { ...raw, idle } }
  } finally {
    await lab.remove()
  }
}

/** @param {Lab} lab @param {Scanner} scanner @param {import('../figures.mjs').Context} context @returns {Promise<Scan>} */
async function scan(lab, { name, command, args, ports, family = 4, said }, { note }) {
  const startMs = performance.now()
  const address = family === 4 ? lab.target.address4 : lab.target.address6
  const running = lab.spawn(command, [...args, address], { timeoutMs: PATIENCE_MS })
  const peak = watchPeak(running.pid)
  const { stdout, stderr, timedOut } = await running.done.finally(peak.stop)
  const wallMs = performance.now() - startMs
  if (timedOut) throw new Error(`${name} did not end`)
  const [fault] = /^\*\*\* .*/m.exec(stderr) ?? []
  if (fault !== undefined) note(`${name}: ${fault}`)
  const wrongOnes = said === undefined ? undefined : wrong(said(stdout, ports), truth(ports, DROPPED, family))
  return { wallMs, peakMiB: peak.stop(), wrong: wrongOnes }
}

/** The verdict on each port as a program reads it. @param {Lab} lab */
async function wrongVerdicts(lab) {
  const args = [HPING_TS, '-S', '--json', '--scan', '1-65535', lab.target.address4]
  const { stdout, timedOut } = await lab.exec(process.execPath, args, { timeoutMs: PATIENCE_MS })
  if (timedOut) throw new Error('hping-ts --json did not end')
  return wrong(saidInJson(stdout), truth(ALL, DROPPED))
}

/**
 * @param {Scanner} scanner @param {readonly Scan[]} scans @param {number} idleMiB
 * @returns {readonly import('../figures.mjs').Figure[]}
 */
function figuresOf({ name, said, isOurs = false }, scans, idleMiB) {
  const samples = scans.length
  const wall = {
    what: `scan: ${name}`,
    value: median(scans.map(({ wallMs }) => wallMs)),
    unit: 'ms',
    samples,
  }
  const mostWrong = Math.max(...scans.map((one) => one.wrong ?? 0))
  const verdicts = { what: `scan: ${name}: wrong verdicts`, value: mostWrong, unit: 'ports', samples }
  if (!isOurs) return said === undefined ? [wall] : [wall, verdicts]
  const above = median(scans.map(({ peakMiB }) => peakMiB)) - idleMiB
  const peak = { what: `scan: ${name}: peak above node -e 0`, value: above, unit: 'MiB', samples }
  return [{ ...wall, limit: 2000 }, { ...verdicts, limit: 0 }, peak]
}
