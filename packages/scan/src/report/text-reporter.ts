import { colours, escapeControl } from '@portkit/core'
import type { Reporter, ScanEvent, Sink } from '../model/event.ts'
import type { RunEnd } from '../model/scan-result.ts'
import { doneComment, doneLine, packetsLine } from './done-line.ts'
import { type HostLook, hostLines, isTold } from './host-lines.ts'
import { stateStyle } from './port-lines.ts'
import { firstComment, firstLine } from './text-frame.ts'
import { phaseEndLine, phaseLines } from './text-phases.ts'
import { createStatsLines, type StatsLines } from './text-stats.ts'

/** How a run is told in nmap's words. */
export interface TextOptions extends HostLook {
  readonly packetTrace: boolean
  readonly statsEveryMs?: number | undefined
  /** Hosts are asked whether they are up, so that it may help not to. */
  readonly pings: boolean
  /** -oN: what happened, without how it went; its first and last lines are comments. */
  readonly isFile: boolean
}

/** Octets of text that are written at once. */
const CHUNK = 32_768

/**
 * nmap's report for people, as nmap 7.93 prints it: but for our own name, with what is known of hosts that were left early,
 * and without its lines about its own data files. Warnings belong to stderr: it passes them over.
 */
export function createTextReporter(options: TextOptions, sink: Sink): Reporter {
  const { isFile } = options
  const plain = colours({ isTty: false }, {}, 'never')
  const look: HostLook = { ...options, colours: isFile ? plain : options.colours }
  const stats = createStatsLines(options)
  return {
    on(event) {
      const text = textOf(event, options)
      if (text !== '') sink.write(text)
      else if (event.kind === 'host' && isTold(event.report, look))
        writeAll(hostLines(event.report, look), sink)
      else if (!isFile) writeLive(event, { options, look, stats }, sink)
    },
  }
}

/** What files have as well; hosts are told apart from it, since they may be long. */
function textOf(event: ScanEvent, { isFile, packetTrace, pings, verbose }: TextOptions): string {
  switch (event.kind) {
    case 'begin':
      return isFile ? firstComment(event.run) : firstLine(event.run)
    case 'trace':
      return packetTrace ? `${escapeControl(event.text)}\n` : ''
    case 'end':
      if (isFile) return doneComment(event.end)
      return hintLine(event.end, pings) + doneLine(event.end) + (verbose > 0 ? packetsLine(event.end) : '')
    case 'phase':
    case 'phase-end':
    case 'hint':
    case 'port':
    case 'warning':
    case 'progress':
    case 'host':
      return ''
  }
}

interface Live {
  readonly options: TextOptions
  readonly look: HostLook
  readonly stats: StatsLines
}

/** How it goes, while it goes. */
function writeLive(event: ScanEvent, { options, look, stats }: Live, sink: Sink): void {
  if (event.kind === 'phase') stats.restart()
  const text = liveText(event, look, stats, options.verbose > 0 || options.debugging > 0)
  if (text !== '') sink.write(text)
}

function liveText(event: ScanEvent, look: HostLook, stats: StatsLines, isTelling: boolean): string {
  if (event.kind === 'progress') return stats.at(event.progress)
  if (!isTelling) return ''
  if (event.kind === 'phase') return phaseLines(event.phase)
  if (event.kind === 'phase-end') return phaseEndLine(event.phase, event.elapsedMs, event.endMs)
  if (event.kind !== 'port' || event.row.state !== 'open') return ''
  const { port, protocol, state } = event.row
  const open = stateStyle(state, look.colours)(state)
  return `Discovered ${open} port ${port}/${protocol} on ${escapeControl(event.address)}\n`
}

/** Only of a single host, as with nmap: of many, some are usually down. */
function hintLine({ hosts, cut }: RunEnd, pings: boolean): string {
  if (!pings || cut !== undefined || hosts.total !== 1 || hosts.up > 0) return ''
  return 'Note: Host seems down. If it is really up, but blocking our ping probes, try -Pn\n'
}

function writeAll(lines: Iterable<string>, sink: Sink): void {
  let text = ''
  for (const line of lines) {
    text += line
    if (text.length < CHUNK) continue
    sink.write(text)
    text = ''
  }
  if (text !== '') sink.write(text)
}
