import {
  answered,
  escapeControl,
  formatEndpoint,
  type Handshake,
  type Observation,
  type ProbeResult,
  type StatsSnapshot,
  type Target,
  type TlsFact,
  type Word,
  word,
} from '@portkit/core'

/** Milliseconds of a single probe: three decimals below 100 ms, one above. */
export function probeMs(ns: number): string {
  const ms = ns / 1e6
  return ms < 99.9995 ? ms.toFixed(3) : ms.toFixed(1)
}

/** Milliseconds in ping's statistics: always three decimals. */
function statMs(ns: number): string {
  return (ns / 1e6).toFixed(3)
}

/** `TCPING db.lan (10.78.0.2) port 22 (ssh)`. */
export function header({ host, address, port }: Target, service: string | undefined): string {
  return `TCPING ${escapeControl(host)} (${address}) port ${port}${service === undefined ? '' : ` (${service})`}\n`
}

/** `10.78.0.2:22`; among several targets a name stands before it: `db.lan (10.78.0.2):22`. */
export function place({ host, address, port }: Target, several: boolean): string {
  if (!several || host === address) return formatEndpoint({ address, port })
  return `${escapeControl(host)} (${address}):${port}`
}

export interface ProbeLineStyle {
  readonly several: boolean
  readonly verbose: boolean
  readonly nowMs: number
  /** Round-trip times above this many nanoseconds are marked. */
  readonly slowNs: number | undefined
  paintWord(shown: Word, text: string): string
  paintSlow(text: string): string
}

/** One probe's line: the word first, then ping's shape, then why, in brackets. */
export function probeLine({ target, seq, observation, verdict }: ProbeResult, style: ProbeLineStyle): string {
  const from = answered(verdict) ? 'from ' : ''
  const subject = style.paintWord(word(verdict), word(verdict))
  const notes = notesOf(observation, verdict.reason, style)
  const brackets = notes.length === 0 ? '' : ` (${notes.join(', ')})`
  return `${subject} ${from}${place(target, style.several)}: seq=${seq} ${duration(observation, style)}${brackets}\n`
}

function duration(o: Observation, { slowNs, paintSlow }: ProbeLineStyle): string {
  if (o.kind === 'silence') return `no answer in ${Math.round(o.waitedNs / 1e6)} ms`
  const tls = o.kind === 'handshake' && o.tls?.kind === 'tls' ? ` tls=${probeMs(o.tls.handshakeNs)} ms` : ''
  // Which of several SYNs was answered is not known: that is no round-trip time.
  if (o.rttNs === undefined) return `after ${probeMs(o.elapsedNs)} ms${tls}`
  const time = `time=${probeMs(o.rttNs)} ms`
  return (slowNs !== undefined && o.rttNs > slowNs ? paintSlow(time) : time) + tls
}

function notesOf(o: Observation, reason: string, style: ProbeLineStyle): string[] {
  const resent =
    o.syns !== undefined && o.syns > 1 ? [o.syns === 2 ? 'SYN resent' : `${o.syns} SYNs sent`] : []
  return [...whyOf(o, reason, style.nowMs), ...resent, ...(style.verbose ? detailsOf(o) : [])]
}

function whyOf(o: Observation, reason: string, nowMs: number): string[] {
  switch (o.kind) {
    case 'handshake':
      return [
        ...(o.reset ? ['reset after accept'] : []),
        ...(o.tls === undefined ? [] : tlsNotes(o.tls, nowMs)),
      ]
    case 'refused':
      return ['refused']
    case 'reply':
    case 'host-reply':
      return []
    case 'segment':
      return reason === 'reset' ? ['refused'] : []
    case 'icmp-error':
      return [o.from === undefined ? reason : `${reason} from ${o.from}`]
    case 'unreachable':
      return [reason]
    case 'silence':
      return []
  }
}

function detailsOf(o: Observation): string[] {
  if (o.kind === 'silence') return []
  const own = o.kind === 'handshake' && o.local.port !== 0 ? [`from ${formatEndpoint(o.local)}`] : []
  return [...packetOf(o), ...own, `${o.clock} clock`]
}

/** What is known of the packet that came back. */
function packetOf(o: Observation): string[] {
  if (o.kind === 'refused') return o.by === 'rst' ? ['RST'] : []
  if (o.kind !== 'segment') return []
  const what = (o.flags & RST) === 0 ? 'SYN-ACK' : 'RST'
  return [what, ...(o.ttl === undefined ? [] : [`ttl ${o.ttl}`])]
}

/** RFC 9293 section 3.1. */
const RST = 0x04

const DAY_MS = 86_400_000

/** Whole days until the certificate ends; negative when it has ended. */
export function daysLeft(validToMs: number, nowMs: number): number {
  return Math.floor((validToMs - nowMs) / DAY_MS)
}

function tlsNotes(tls: NonNullable<Handshake['tls']>, nowMs: number): string[] {
  if (tls.kind === 'tls-failed') return [`TLS failed: ${escapeControl(tls.message)}`]
  return [tls.protocol, ...certificateNotes(tls, nowMs)]
}

function certificateNotes({ validToMs, invalid }: TlsFact & { kind: 'tls' }, nowMs: number): string[] {
  const days = validToMs === undefined ? undefined : daysLeft(validToMs, nowMs)
  const ends =
    days === undefined
      ? []
      : [days < 0 ? 'certificate has expired' : `certificate ${count(days, 'day')} left`]
  return [
    ...ends,
    ...(invalid === undefined || invalid === 'CERT_HAS_EXPIRED' ? [] : [escapeControl(invalid)]),
  ]
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** Per cent as ping prints them: six significant digits at most, no trailing zeros. */
export function percent(value: number): string {
  return `${Number(value.toPrecision(6))}%`
}

/** ping's own second line: scripts cut it apart. */
export function packetsLine(s: StatsSnapshot, elapsedMs: number): string {
  const errors = s.localErrors > 0 ? `, +${s.localErrors} errors` : ''
  const loss = s.lossPercent === undefined ? '' : `, ${percent(s.lossPercent)} packet loss`
  return `${s.sent} packets transmitted, ${s.answered} received${errors}${loss}, time ${Math.round(elapsedMs)}ms\n`
}

/** ping's last line, and one more; nothing when no round trip was measured. */
export function rttLines({ rtt }: StatsSnapshot): string {
  if (rtt === undefined) return ''
  const basic = [rtt.minNs, rtt.avgNs, rtt.maxNs, rtt.mdevNs].map(statMs).join('/')
  const names = ['median', 'p95', 'p99', ...(rtt.jitterNs === undefined ? [] : ['jitter'])].join('/')
  const values = [rtt.medianNs, rtt.p95Ns, rtt.p99Ns, ...(rtt.jitterNs === undefined ? [] : [rtt.jitterNs])]
  return `rtt min/avg/max/mdev = ${basic} ms\nrtt ${names} = ${values.map(statMs).join('/')} ms\n`
}

/** The one line that ping prints at SIGQUIT. */
export function statusLine(s: StatsSnapshot): string {
  const loss = s.lossPercent === undefined ? '' : `, ${Math.round(s.lossPercent)}% loss`
  const { rtt } = s
  const times =
    rtt === undefined
      ? ''
      : `, min/avg/ewma/max = ${[rtt.minNs, rtt.avgNs, rtt.ewmaNs, rtt.maxNs].map(statMs).join('/')} ms`
  return `${s.answered}/${s.sent} packets${loss}${times}\n`
}

/** `2.0 s`, `12 m 3 s`, `5 h 12 m`, `3 d 4 h`. */
export function span(ms: number): string {
  const s = ms / 1000
  if (s < 59.95) return `${s.toFixed(1)} s`
  const whole = Math.round(s)
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${whole % 60} s`
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} m`
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`
}
