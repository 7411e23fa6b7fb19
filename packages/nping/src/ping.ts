import {
  createLines,
  createTally,
  err,
  errorRecord,
  type Io,
  isAnyOpen,
  jsonClosing,
  jsonReport,
  type Lines,
  LocalFault,
  liveTimes,
  localDateTime,
  type Observer,
  type PingHost,
  recordLine,
  type Say,
  type SocketReport,
  type Times,
  type Trace,
  telling,
  timeZone,
} from '@portkit/core'
import { chooseMode } from './command-line/choose-mode.ts'
import { checkInterface } from './command-line/kinds.ts'
import { readNotes } from './command-line/read-notes.ts'
import { exitStatus, faultStatus } from './exit-status.ts'
import { closing } from './run/closing.ts'
import { findHosts } from './run/hosts.ts'
import type { Run } from './run/run.ts'
import { socketRun } from './run/socket-run.ts'
import { connectWay, datagramWay } from './run/socket-ways.ts'
import { connectLines, datagramLines } from './run/text-report.ts'
import type { Mode, Settings } from './settings.ts'
import { startLine } from './words/lines.ts'

/** What a run leaves behind besides its tally. */
interface Done {
  readonly traces: readonly Trace[]
  /** How long a capture lasted, nanoseconds. */
  readonly spanNs?: number
  /** When a capture ended, milliseconds since 1970. */
  readonly endedAtMs?: number
  /** What broke the run off; what was found before still counts. */
  readonly fault?: LocalFault
}

/** How records name this tool. */
const TOOL = 'nping-ts'

const NOTHING_MORE: Done = { traces: [] }

/** One run from its look-ups to its statistics; gives the exit status. Rejects with what kept it from beginning. */
export async function ping(settings: Settings, version: string, io: Io, say: Say): Promise<number> {
  const lines = createLines(say)
  const { json } = settings
  return telling({ tool: TOOL, json, clock: io.clock, lines }, () => pingAll(settings, version, io, lines))
}

async function pingAll(settings: Settings, version: string, io: Io, lines: Lines): Promise<number> {
  // From here on a signal ends the run with its statistics.
  const { interrupted } = io
  const startNs = io.clock.nowNs()
  const { verbosity, exitCode, json } = settings
  const note = (sentence: string): void => {
    if (verbosity >= -2) lines.line(err(`nping-ts: ${sentence}\n`))
  }
  const { hosts, errors } = await findHosts(settings, io)
  for (const error of errors) {
    note(`${error.host}: ${error.message}`)
    if (json) lines.line(recordLine(errorRecord(TOOL, io.clock.wallMs(), error)))
  }
  const mode = settings.read === undefined ? await modeOf(settings, hosts, io, note) : 'tcp'
  const tally = createTally(hosts)
  let hasBegun = false
  const begin = (atMs = io.clock.wallMs()): void => {
    hasBegun = true
    if (verbosity >= -1 && !json) lines.line(startLine(version, minuteOf(atMs)))
  }
  // Sockets always hear what comes back.
  const noCapture = settings.noCapture && !isOfSockets(mode)
  const run: Run = {
    settings: { ...settings, noCapture },
    io,
    tally,
    lines,
    observers: [],
    startNs,
    begin,
    note,
  }
  const done = await perform(run, mode).catch((error: unknown): Done => {
    // What stops a run in the middle does not undo what was found before.
    if (hasBegun && error instanceof LocalFault) return { ...NOTHING_MORE, fault: error }
    throw error
  })
  await conclude(run, mode, done)
  if (done.fault !== undefined) note(done.fault.message)
  await lines.flush()
  if (done.fault !== undefined) return faultStatus(exitCode)
  return exitStatus(exitCode, {
    anyOpen: isAnyOpen(tally),
    interrupted: interrupted.aborted,
    nothingSent: tally.refused > 0 && tally.sent === (isOfSockets(mode) ? tally.refused : 0),
  })
}

/** Sockets count each attempt as sent, as nping does. */
function isOfSockets(mode: Mode): boolean {
  return mode === 'tcp-connect' || mode === 'udp-sockets'
}

/** Says what came of it. */
async function conclude(run: Run, mode: Mode, done: Done): Promise<void> {
  const { settings, io, lines, tally } = run
  const span = spanOf(done, run.startNs, io)
  if (!settings.json) return closing(tally, mode, settings, span, done.traces, io, lines)
  const { fault, traces, endedAtMs: atMs = io.clock.wallMs() } = done
  const elapsedNs = span.endNs - span.startNs
  await jsonClosing(
    tally,
    { tool: TOOL, atMs, elapsedNs, interrupted: io.interrupted.aborted, traces, fault },
    lines,
  )
}

function spanOf({ spanNs }: Done, startNs: number, { clock }: Io) {
  return spanNs === undefined ? { startNs, endNs: clock.nowNs() } : { startNs: 0, endNs: spanNs }
}

/** Settled by what the user named and may do. */
async function modeOf(
  settings: Settings,
  hosts: readonly PingHost[],
  { packets }: Io,
  note: (sentence: string) => void,
): Promise<Mode> {
  const family = hosts[0]?.family ?? 4
  const isSettled = settings.mode !== undefined && settings.mode !== 'udp'
  const isAsked = settings.privileged === 'auto' && !isSettled
  const canSendPackets = isAsked && (await packets.obstacle(settings.backend)) === undefined
  const { mode, notes } = chooseMode(settings, { canSendPackets, family })
  for (const sentence of notes) note(sentence)
  return mode
}

async function perform(run: Run, mode: Mode): Promise<Done> {
  const { settings, io, lines, startNs } = run
  const start = { startNs, clock: io.clock }
  if (settings.read !== undefined) return read(run, settings.read)
  const json = settings.json ? jsonOf(settings, lines, liveTimes(io.clock)) : undefined
  switch (mode) {
    case 'tcp-connect': {
      if (settings.interfaceName !== undefined)
        checkInterface(settings.interfaceName, Object.keys(io.system.interfaces()))
      const net = await io.openNet('auto')
      await net.warmUp()
      await socketRun(run, connectWay(settings), net, [json ?? connectLines(settings, lines, start)])
      return NOTHING_MORE
    }
    case 'udp-sockets': {
      const way = datagramWay(settings, io)
      const net = await io.openNet('process')
      const text = datagramLines(settings, lines, start, way.payloadOctets)
      await socketRun(run, way, net, [json ?? text])
      return NOTHING_MORE
    }
    default: {
      const { packetLines, packetRun, traceRun } = await import('./run/by-packets.ts')
      const watched = { ...run, observers: [json ?? packetLines(settings, lines, start)] }
      if (settings.traceroute) return { traces: await traceRun(watched, mode) }
      await packetRun(watched, mode)
      return NOTHING_MORE
    }
  }
}

/** Records of each probe, but none under verbosity 0. */
function jsonOf({ verbosity }: Settings, lines: Lines, times: Times): Observer & Partial<SocketReport> {
  const report = jsonReport(TOOL, lines, times)
  if (verbosity >= 0) return report
  const { failed } = report
  return { refused: failed, failed }
}

/** Times of a capture count from its first packet. */
async function read(run: Run, path: string): Promise<Done> {
  const { settings, lines, note } = run
  for (const sentence of readNotes(settings)) note(sentence)
  const { captureRun, packetLines } = await import('./run/by-packets.ts')
  const { notes, ...done } = await captureRun(run, path, (times) =>
    settings.json
      ? jsonOf(settings, lines, times)
      : packetLines(settings, lines, { startNs: 0, clock: times }),
  )
  for (const sentence of notes) note(sentence)
  return done
}

/** `2026-11-21 11:07 UTC`. */
function minuteOf(wallMs: number): string {
  return `${localDateTime(wallMs).slice(0, -3)} ${timeZone(wallMs)}`
}
