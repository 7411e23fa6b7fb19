import { err, type Io, LocalFault, localDateTime, type Say, timeZone } from '@portkit/core'
import { chooseMode } from './command-line/choose-mode.ts'
import { exitStatus, faultStatus } from './exit-status.ts'
import { closing } from './run/closing.ts'
import { findHosts } from './run/hosts.ts'
import { createLines } from './run/lines.ts'
import { packetRun } from './run/packet-run.ts'
import { readRun } from './run/read-run.ts'
import type { Run } from './run/run.ts'
import { socketRun } from './run/socket-run.ts'
import { connectWay, datagramWay } from './run/socket-ways.ts'
import { createTally, isAnyOpen, type PingHost } from './run/tally.ts'
import { connectLines, datagramLines, packetLines } from './run/text-report.ts'
import type { Trace } from './run/trace.ts'
import { traceRun } from './run/trace-run.ts'
import type { Mode, Settings } from './settings.ts'
import { startLine } from './words/lines.ts'

/** What a run leaves behind besides its tally. */
interface Done {
  readonly traces: readonly Trace[]
  /** How long a capture lasted, nanoseconds. */
  readonly spanNs?: number
  /** What broke the run off; what was found before still counts. */
  readonly fault?: LocalFault
}

const NOTHING_MORE: Done = { traces: [] }

/** One run from its look-ups to its statistics; gives the exit status. Rejects with what kept it from beginning. */
export async function ping(settings: Settings, version: string, io: Io, say: Say): Promise<number> {
  // From here on a signal ends the run with its statistics.
  const { interrupted } = io
  const startNs = io.clock.nowNs()
  const lines = createLines(say)
  const { verbosity, exitCode } = settings
  const note = (sentence: string): void => {
    if (verbosity >= -2) lines.line(err(`nping-ts: ${sentence}\n`))
  }
  const { hosts, errors } = await findHosts(settings, io)
  for (const { host, message } of errors) note(`${host}: ${message}`)
  const mode = settings.read === undefined ? await modeOf(settings, hosts, io, note) : 'tcp'
  const tally = createTally(hosts)
  let hasBegun = false
  const begin = (): void => {
    hasBegun = true
    if (verbosity >= -1) lines.line(startLine(version, minuteOf(io)))
  }
  const run: Run = { settings, io, tally, lines, observers: [], startNs, begin, note }
  const done = await perform(run, mode).catch((error: unknown): Done => {
    // What stops a run in the middle does not undo what was found before.
    if (hasBegun && error instanceof LocalFault) return { ...NOTHING_MORE, fault: error }
    throw error
  })
  const span = spanOf(done, startNs, io)
  closing(tally, mode, settings, span, done.traces, io, lines)
  if (done.fault !== undefined) note(done.fault.message)
  await lines.flush()
  const couldNotSend = tally.sent === 0 && tally.refused > 0
  if (done.fault !== undefined || couldNotSend) return faultStatus(exitCode)
  return exitStatus(exitCode, { anyOpen: isAnyOpen(tally), interrupted: interrupted.aborted })
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
  switch (mode) {
    case 'tcp-connect': {
      const net = await io.openNet('auto')
      await net.warmUp()
      await socketRun(run, connectWay(settings), net, [connectLines(settings, lines, start)])
      return NOTHING_MORE
    }
    case 'udp-sockets': {
      const way = datagramWay(settings, io)
      const net = await io.openNet('process')
      await socketRun(run, way, net, [datagramLines(settings, lines, start, way.payloadOctets)])
      return NOTHING_MORE
    }
    default: {
      const watched = { ...run, observers: [packetLines(settings, lines, start)] }
      if (settings.traceroute) return { traces: await traceRun(watched, mode) }
      await packetRun(watched, mode)
      return NOTHING_MORE
    }
  }
}

/** Times of a capture count from its first packet. */
async function read(run: Run, path: string): Promise<Done> {
  const { settings, lines, io, note } = run
  const observers = [packetLines(settings, lines, { startNs: 0, clock: io.clock })]
  const { notes, spanNs } = await readRun({ ...run, observers }, path)
  for (const sentence of notes) note(sentence)
  return { ...NOTHING_MORE, spanNs }
}

/** `2026-11-21 11:07 UTC`. */
function minuteOf({ clock }: Io): string {
  const wallMs = clock.wallMs()
  return `${localDateTime(wallMs).slice(0, -3)} ${timeZone(wallMs)}`
}
