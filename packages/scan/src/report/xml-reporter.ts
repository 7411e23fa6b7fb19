import { fixed } from '@portkit/core'
import type { Progress, Reporter, ScanEvent, Sink } from '../model/event.ts'
import type { HostReport } from '../model/host-report.ts'
import type { RunEnd, RunInfo, ScanInfo } from '../model/scan-result.ts'
import { rangesOf } from '../results/port-ranges.ts'
import { calendarTime } from './dates.ts'
import { isTold } from './host-lines.ts'
import type { CollapseRule } from './not-shown.ts'
import { counted, elapsedSeconds } from './numbers.ts'
import { hintXml, hostXml, seconds } from './xml-host.ts'
import { emptyTag, escapeXml, startTag } from './xml-text.ts'

export interface XmlOptions extends CollapseRule {
  /** href of the stylesheet; undefined: none. */
  readonly stylesheet?: string | undefined
  /** How often `taskprogress` is written; undefined: never. */
  readonly statsEveryMs?: number | undefined
}

/** Pieces are gathered to some kilobytes. */
const PIECE = 16_384

/**
 * nmap's XML (nmap.dtd, xmloutputversion 1.05), as nmap 7.93 writes it. The DTD allows no other `scanner` than `nmap`, and
 * readers ask for it: who it really was is said by the comment, `args` and `version`. Valid also after a run that was cut.
 */
export function createXmlReporter(options: XmlOptions, sink: Sink): Reporter {
  const { statsEveryMs = Number.POSITIVE_INFINITY } = options
  const tellsTasks = options.verbose > 0 || options.debugging > 0
  let hasBegun = false
  let statsDone = 0

  const textOf = (event: Exclude<ScanEvent, { readonly kind: 'host' }>): string => {
    switch (event.kind) {
      case 'begin':
        hasBegun = true
        return beginXml(event.run, options.stylesheet)
      case 'phase':
      case 'phase-end':
        return tellsTasks ? taskXml(event) : ''
      case 'hint':
        return hintXml(event.host)
      case 'progress': {
        const before = statsDone
        statsDone = Math.max(before, Math.floor(event.progress.elapsedMs / statsEveryMs))
        return statsDone > before ? progressXml(event.progress) : ''
      }
      case 'end':
        return hasBegun ? endXml(event.end) : ''
      case 'port':
      case 'warning':
      case 'trace':
        return ''
    }
  }
  return {
    on(event) {
      if (event.kind !== 'host') {
        const text = textOf(event)
        if (text !== '') sink.write(text)
      } else if (isTold(event.report, options)) writeHost(event.report, options, sink)
    },
  }
}

function writeHost(report: HostReport, options: XmlOptions, sink: Sink): void {
  let text = ''
  for (const piece of hostXml(report, options)) {
    text += piece
    if (text.length < PIECE) continue
    sink.write(text)
    text = ''
  }
  sink.write(text)
}

function beginXml(run: RunInfo, stylesheet: string | undefined): string {
  const { args, startMs, verbose, debugging } = run
  const startstr = calendarTime(startMs)
  const by = run.scanner === 'nmap' ? `Nmap ${run.version}` : versionOf(run)
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE nmaprun>',
    ...(stylesheet === undefined
      ? []
      : [`<?xml-stylesheet href="${escapeXml(stylesheet)}" type="text/xsl"?>`]),
    `<!-- ${escapeXml(`${by} scan initiated ${startstr} as: ${args}`)} -->`,
    startTag('nmaprun', {
      scanner: 'nmap',
      args,
      start: seconds(startMs),
      startstr,
      version: versionOf(run),
      xmloutputversion: '1.05',
    }),
    ...run.scans.map(scanXml),
    emptyTag('verbose', { level: verbose }),
    emptyTag('debugging', { level: debugging }),
  ]
  return `${lines.join('\n')}\n`
}

/** `portscan 1.2.3`; nmap's version stands alone. */
export function versionOf({ scanner, version }: RunInfo): string {
  return scanner === 'nmap' ? version : `${scanner} ${version}`
}

function scanXml({ kind, protocol, ports }: ScanInfo): string {
  return emptyTag('scaninfo', { type: kind, protocol, numservices: ports.length, services: rangesOf(ports) })
}

function taskXml(event: ScanEvent & { readonly kind: 'phase' | 'phase-end' }): string {
  const { title: task, startMs, total } = event.phase
  if (event.kind === 'phase') return `${emptyTag('taskbegin', { task, time: seconds(startMs) })}\n`
  const extrainfo = total === '' ? undefined : total
  return `${emptyTag('taskend', { task, time: seconds(event.endMs), extrainfo })}\n`
}

function progressXml({ phase: task, nowMs, done, remainingMs }: Progress): string {
  const time = seconds(nowMs)
  const remaining = remainingMs === undefined ? undefined : Math.round(remainingMs / 1000)
  const etc = remaining === undefined ? undefined : time + remaining
  const percent = fixed(100 * Math.min(1, Math.max(0, done)), 2)
  return `${emptyTag('taskprogress', { task, time, percent, remaining, etc })}\n`
}

function endXml({ endMs, elapsedMs, hosts, cut }: RunEnd): string {
  const timestr = calendarTime(endMs)
  const elapsed = elapsedSeconds(elapsedMs)
  const many = counted(hosts.total, 'IP address', 'IP addresses')
  const done = cut === undefined ? 'Nmap done' : 'Stopped early'
  const finished = {
    time: seconds(endMs),
    timestr,
    summary: `${done} at ${timestr}; ${many} (${counted(hosts.up, 'host')} up) scanned in ${elapsed} seconds`,
    elapsed,
    exit: cut === undefined ? 'success' : 'error',
    errormsg: cut,
  }
  const { up, down, total } = hosts
  return `<runstats>${emptyTag('finished', finished)}${emptyTag('hosts', { up, down, total })}\n</runstats>\n</nmaprun>\n`
}
