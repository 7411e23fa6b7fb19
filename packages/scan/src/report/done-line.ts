import { escapeControl } from '@portkit/core'
import type { RunEnd } from '../model/scan-result.ts'
import { calendarTime } from './dates.ts'
import { counted, elapsedSeconds, octetsText } from './numbers.ts'

/** `Nmap done: 1 IP address (1 host up) scanned in 1.33 seconds`; a run that was cut does not say done. */
export function doneLine(end: RunEnd): string {
  const head = end.cut === undefined ? 'Nmap done' : `Stopped early (${escapeControl(end.cut)})`
  return `${head}: ${totalsText(end)}\n`
}

/** The last line of a file: `# Nmap done at Fri Nov 20 14:47:11 2026 -- 1 IP address (1 host up) scanned in 0.12 seconds`. */
export function doneComment(end: RunEnd): string {
  const head = end.cut === undefined ? 'Nmap done' : `Stopped early (${escapeControl(end.cut)})`
  return `# ${head} at ${calendarTime(end.endMs)} -- ${totalsText(end)}\n`
}

function totalsText({ hosts, elapsedMs }: RunEnd): string {
  const addresses = counted(hosts.total, 'IP address', 'IP addresses')
  return `${addresses} (${counted(hosts.up, 'host')} up) scanned in ${elapsedSeconds(elapsedMs)} seconds`
}

/** `           Raw packets sent: 14 (600B) | Rcvd: 9 (456B)`; nothing for runs that sent none themselves. */
export function packetsLine({ packets: p }: RunEnd): string {
  if (p === undefined) return ''
  const received = `Rcvd: ${p.received} (${octetsText(p.receivedOctets)})`
  return `${' '.repeat(11)}Raw packets sent: ${p.sent} (${octetsText(p.sentOctets)}) | ${received}\n`
}
