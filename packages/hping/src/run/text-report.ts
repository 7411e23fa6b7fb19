import type { Clock, LocalFault, Observer, Shot, ShotAnswer } from '@portkit/core'
import type { Settings } from '../settings.ts'
import { createAnswerText } from '../words/answer-text.ts'
import { debugSent } from '../words/debug-text.ts'
import { errorText, hopPrefix, hopRttLine, statusLine } from '../words/error-text.ts'
import type { NamedText } from './names.ts'
import { sinceMidnight } from './probe-of.ts'
import type { Run } from './run.ts'

export interface TextReportOptions {
  readonly text: NamedText
  readonly clock: Pick<Clock, 'wallMs'>
}

/** The lines about each packet. */
export function textReport({ settings, note }: Run, options: TextReportOptions): Observer {
  const { text } = options
  const refused = refusals(note)
  const sent: Observer['sent'] = (_, { octets, from, to }) =>
    text.text(debugSent(octets.subarray(from, to)).text)
  const debug = settings.debug ? { sent } : {}
  if (settings.quiet) return { ...debug, refused }
  const words = createAnswerText(settings)
  return {
    ...debug,
    answered(shot, answer) {
      const { sighting, timing, kind } = answer
      if (sighting.kind === 'icmp-error') {
        tellError(settings, options, shot, answer)
        text.text(words.behindError(sighting))
        return
      }
      if (sighting.kind === 'arp' || sighting.kind === 'neighbour') return
      const nowMs = sinceMidnight(options.clock.wallMs())
      const shown = { sighting, seq: shot.index, rttNs: timing.rttNs, isAgain: kind === 'again', nowMs }
      text.text(words.answer(shown))
    },
    refused,
  }
}

function tellError(
  { traceroute, trNoRtt, numeric, mode }: Settings,
  { text }: TextReportOptions,
  shot: Shot,
  { sighting, timing, kind }: ShotAnswer,
): void {
  if (sighting.kind !== 'icmp-error') return
  const isHop = traceroute && isTimeExceeded(sighting)
  const ttl = shot.round + 1
  text.named((isHop ? hopPrefix(ttl) : '') + errorText(sighting), numeric ? undefined : sighting.source)
  text.text('\n')
  if (isHop && !trNoRtt) text.text(hopRttLine(ttl, timing.rttNs))
  const { transport } = sighting.quoted
  if (mode === 'udp' && !isTimeExceeded(sighting) && transport?.kind === 'udp')
    text.text(statusLine({ port: transport.sourcePort, seq: shot.index, isAgain: kind === 'again' }))
}

/** RFC 792 and RFC 4443 section 3.3. */
function isTimeExceeded({ family, type }: { readonly family: 4 | 6; readonly type: number }): boolean {
  return type === (family === 4 ? 11 : 3)
}

/** The same fault is told once, however many packets it keeps from leaving. */
export function refusals(note: Run['note']): NonNullable<Observer['refused']> {
  const told = new Set<string>()
  return (_: Shot, { message }: LocalFault) => {
    if (told.has(message)) return
    told.add(message)
    note(message)
  }
}
