import { createTally, jsonClosing, jsonReport, type Observer, type Times } from '@portkit/core'
import { captureClosing } from './closing.ts'
import { hostOf } from './host.ts'
import { type Kit, type Outcome, TOOL } from './kit.ts'
import { createNamedText } from './names.ts'
import type { Run } from './run.ts'
import { textReport } from './text-report.ts'

/** Reports on a capture instead of sending anything. Rejects with LocalFault when nothing of it can be read. */
export async function captured(kit: Kit, path: string): Promise<Outcome> {
  const { settings, io, lines, startNs, note, figures } = kit
  const tally = createTally(settings.host === undefined ? [] : [await hostOf(settings, io)])
  const text = settings.json ? undefined : createNamedText(io, lines)
  const run: Run = { settings, io, tally, lines, observers: [], startNs, begin: () => {}, note }
  const watch = (times: Times): Observer =>
    text === undefined ? jsonReport(TOOL, lines, times) : textReport(run, { text, clock: timesOf(times) })
  const { captureRun } = await import('./by-packets.ts')
  const watched = { ...run, observers: [figures] }
  const { notes, traces, spanNs, endedAtMs: atMs, fault } = await captureRun(watched, path, watch)
  await text?.settled()
  for (const sentence of notes) note(sentence)
  if (settings.json) {
    const interrupted = io.interrupted.aborted
    await jsonClosing(tally, { tool: TOOL, atMs, elapsedNs: spanNs, interrupted, traces, fault }, lines)
  } else captureClosing(run, path, figures)
  if (fault !== undefined) note(fault.message)
  return { tally, isFaulty: fault !== undefined }
}

/** Of the packet that is told now a capture knows no time but that of its last one. */
function timesOf(times: Times) {
  return { wallMs: () => times.wallMsAt(times.nowNs()) }
}
