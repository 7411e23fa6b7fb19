import { err, escapeControl, type Line } from '@portkit/core'
import { inMs } from './round-trip.ts'

/** Round trips in nanoseconds; core's `RttSummary` fits. */
export interface RoundTrips {
  readonly samples: number
  readonly minNs: number
  readonly avgNs: number
  readonly maxNs: number
  /** The standard deviation, as ping has it. */
  readonly mdevNs: number
}

/** What a run counted. Each probe is answered at most once; all that came besides has its own count. */
export interface Figures {
  /** As the user typed it. */
  readonly host: string
  readonly sent: number
  readonly received: number
  readonly outOfSequence: number
  /** Further answers to probes that were answered already. */
  readonly again: number
  /** First answers behind the end of their wait. */
  readonly late: number
  /** Packets that came faster than they were taken in. */
  readonly dropped: number
  /** Probes that the system did not send. */
  readonly refused: number
  /** undefined without a single round trip. */
  readonly rtt: RoundTrips | undefined
}

/** hping3's three or four lines, then ours, each only when there is something to tell. */
export function statistics(figures: Figures): Line {
  const { host, sent, received, outOfSequence, rtt } = figures
  const loss = `${lossPercent(sent, received)}% packet loss`
  return err(
    `\n--- ${escapeControl(host)} hping statistic ---\n` +
      `${sent} packets transmitted, ${received} packets received, ${loss}\n` +
      (outOfSequence === 0 ? '' : `${outOfSequence} out of sequence packets received\n`) +
      rttText(rtt) +
      besides(figures),
  )
}

/** In whole percent, rounded up as hping3 does; but all is lost only where nothing came. */
function lossPercent(sent: number, received: number): number {
  if (sent === 0) return 0
  const percent = Math.max(0, 100 - Math.floor((100 * received) / sent))
  return received > 0 ? Math.min(99, percent) : percent
}

function rttText(rtt: RoundTrips | undefined): string {
  if (rtt === undefined || rtt.samples === 0) return 'round-trip min/avg/max = 0.0/0.0/0.0 ms\n'
  const figures = [rtt.minNs, rtt.avgNs, rtt.maxNs].map(inMs).join('/')
  const spread = rtt.samples > 1 ? `round-trip mdev = ${inMs(rtt.mdevNs)} ms\n` : ''
  return `round-trip min/avg/max = ${figures} ms\n${spread}`
}

function besides({ again, late, dropped, refused }: Figures): string {
  return (
    counted(again, 'duplicate answer', 'duplicate answers') +
    counted(late, 'answer too late', 'answers too late') +
    counted(dropped, 'packet lost in the receive buffer', 'packets lost in the receive buffer') +
    counted(refused, 'packet not sent', 'packets not sent')
  )
}

function counted(count: number, one: string, many: string): string {
  return count === 0 ? '' : `${count} ${count === 1 ? one : many}\n`
}
