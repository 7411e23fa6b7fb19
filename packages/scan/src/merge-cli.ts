import { createLines, defineCli, type Io, type Line, type Lines, talk } from '@portkit/core'
import {
  MERGE_DEFINITION,
  MERGE_STATUS,
  type MergeSettings,
  readMergeSettings,
} from './command-line/merge-options.ts'
import { exitStatus } from './exit-status.ts'
import type { RunEnd, ScanResult } from './model/scan-result.ts'
import { loadResult } from './results/load-result.ts'
import { type Merged, mergeResults } from './results/merge.ts'
import type { ReadResult } from './results/read-result.ts'
import { openOutputs } from './run/outputs.ts'

/** So many warnings are told: the parts may disagree about every host. */
const TOLD = 20

/** `portscan merge`: the results of parts as one report. */
export const portscanMerge = defineCli({
  ...MERGE_DEFINITION,
  async *run(args, io): AsyncGenerator<Line, number> {
    const settings = readMergeSettings(args)
    // No report is begun before all parts are known to be readable.
    const merged = await joined(settings.inputs, io)
    return yield* talk(async (say) => {
      const end = await report(merged, settings, io, createLines(say))
      return settings.exitCode === 'nmap' ? MERGE_STATUS.done : stateStatus(merged.result, end)
    })
  },
})

async function joined(inputs: readonly string[], io: Io): Promise<Merged> {
  const parts: ReadResult[] = []
  const warnings: string[] = []
  for (const path of inputs) {
    const part = await loadResult(path, io)
    parts.push(part)
    warnings.push(...part.warnings.map((text) => `${path}: ${text}`))
  }
  const merged = mergeResults(parts)
  return { result: merged.result, warnings: [...warnings, ...merged.warnings] }
}

/** Tells of the result as if it had just been scanned. */
async function report(
  { result, warnings }: Merged,
  settings: MergeSettings,
  io: Io,
  lines: Lines,
): Promise<RunEnd> {
  const end = result.end ?? endOf(result)
  const outputs = await openOutputs(
    { ...settings, listOnly: false, discovery: { isSkipped: true }, timing: { defeatsRstLimit: false } },
    io.clock.wallMs(),
    io,
    lines,
  )
  try {
    for (const text of warnings.slice(0, TOLD)) outputs.on({ kind: 'warning', text })
    const more = warnings.length - TOLD
    if (more > 0) outputs.on({ kind: 'warning', text: `and ${more} more warnings of that kind` })
    outputs.on({ kind: 'begin', run: result.run })
    for (const host of result.hosts) {
      outputs.on({ kind: 'host', report: host })
      await outputs.flush()
    }
    outputs.on({ kind: 'end', end })
  } finally {
    outputs.close()
    await outputs.flush()
  }
  return end
}

/** Where every part ends before its run did. */
function endOf({ run: { startMs }, hosts }: ScanResult): RunEnd {
  const endMs = hosts.reduce((latest, host) => Math.max(latest, host.endMs), startMs)
  const count = (state: 'up' | 'down') => hosts.filter(({ status }) => status.state === state).length
  return {
    endMs,
    elapsedMs: endMs - startMs,
    hosts: { up: count('up'), down: count('down'), total: hosts.length },
    cut: 'no part is complete',
  }
}

function stateStatus({ hosts, run }: ScanResult, end: RunEnd): number {
  const open = hosts.reduce((sum, host) => sum + openPorts(host.ports?.tallies()), 0)
  const left = hosts.filter(({ ended }) => ended !== undefined).length + (end.cut === undefined ? 0 : 1)
  const scansPorts = run.scans.length > 0 || hosts.some(({ ports }) => ports !== undefined)
  return exitStatus(
    { hosts: end.hosts, cut: undefined },
    { open, left, unresolved: 0 },
    { exitCode: 'state', scansPorts, listOnly: false },
  )
}

function openPorts(tallies: readonly { readonly state: string; readonly count: number }[] = []): number {
  return tallies.reduce((sum, { state, count }) => (state === 'open' ? sum + count : sum), 0)
}
