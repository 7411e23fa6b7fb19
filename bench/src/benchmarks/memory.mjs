import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { median } from '../figures.mjs'

const IDLE = 'process.stdout.write(JSON.stringify({ sent: 0, maxRssKiB: process.resourceUsage().maxRSS }))'

/**
 * Peak memory of a run of 1,000,000 simulated probes, next to a Node that does nothing.
 * @param {import('../figures.mjs').Context} context @returns {Promise<import('../figures.mjs').Report>}
 */
export async function memory({ quick }) {
  const count = quick ? 100_000 : 1_000_000
  const folder = mkdtempSync(join(tmpdir(), 'portkit-bench-'))
  try {
    const script = await bundle(join(folder, 'simulated-run.mjs'))
    const peaks = { tcping: /** @type {number[]} */ ([]), node: /** @type {number[]} */ ([]) }
    for (let round = 0; round < (quick ? 1 : 2); round++) {
      peaks.node.push(peakMiB(['-e', IDLE], 0))
      peaks.tcping.push(peakMiB([script, String(count)], count))
    }
    const [ours, idle] = [median(peaks.tcping), median(peaks.node)]
    const label = `memory: ${count} results`
    const samples = peaks.tcping.length
    const figures = [
      { what: 'memory: node -e 0', value: idle, unit: 'MiB', samples },
      { what: label, value: ours, unit: 'MiB', samples },
      { what: `${label} / node -e 0`, value: ours / idle, unit: '×', limit: 1.5, samples },
    ]
    return { figures, raw: peaks }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** @param {string} outfile */
async function bundle(outfile) {
  await build({
    entryPoints: [fileURLToPath(new URL('../simulated-run.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['portkit-source'],
    external: ['koffi', 'raw-socket'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  })
  return outfile
}

/** @param {readonly string[]} args @param {number} expected results */
function peakMiB(args, expected) {
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 120_000 })
  if (stdout === '') throw new Error(`the simulated run failed: ${stderr}`)
  const { sent, maxRssKiB } = JSON.parse(stdout)
  if (sent !== expected) throw new Error(`${sent} of ${expected} results`)
  return maxRssKiB / 1024
}
