import {
  colours,
  type Io,
  type Lines,
  out,
  percentilesLine,
  type Tally,
  type Trace,
  verdictRows,
  verdictTable,
} from '@portkit/core'
import type { Mode, Settings } from '../settings.ts'
import { hopTable } from '../words/hop-table.ts'
import { type Figures, statistics } from '../words/statistics.ts'

/** When a run began, sent its last probe, and ended; nanoseconds on one clock. */
export interface Span {
  readonly startNs: number
  readonly endNs: number
}

const COUNTS: Readonly<Record<Mode, Figures['counts']>> = {
  'tcp-connect': 'connections',
  'udp-sockets': 'datagrams',
  tcp: 'packets',
  udp: 'packets',
  icmp: 'packets',
  arp: 'packets',
}

/** What stands at the end of a run: nping's statistics, then what we found out. */
export function closing(
  tally: Tally,
  mode: Mode,
  { verbosity, noCapture }: Pick<Settings, 'verbosity' | 'noCapture'>,
  { startNs, endNs }: Span,
  traces: readonly Trace[],
  { system }: Pick<Io, 'system'>,
  lines: Lines,
): void {
  lines.line(statistics(figuresOf(tally, COUNTS[mode], startNs, endNs), verbosity))
  if (verbosity < 0) return
  const width = system.stdout.isTty ? system.stdout.columns() : undefined
  const parts = [
    notCounted(tally, COUNTS[mode]) + (noCapture ? '' : percentilesLine(tally.rtt)),
    ...traces.map((trace) => titled(trace, traces.length, hopTable(trace.hops(), width))),
    noCapture
      ? ''
      : verdictTable(verdictRows(tally), { colours: colours(system.stdout, system.env, 'auto'), width }),
  ].filter((part) => part !== '')
  if (parts.length > 0) lines.line(out(`\n${parts.join('\n')}`))
}

function figuresOf(tally: Tally, counts: Figures['counts'], startNs: number, endNs: number): Figures {
  const { hosts, sent, received, sentOctets, receivedOctets, firstSentNs, lastSentNs } = tally
  const firstNs = firstSentNs ?? startNs
  return {
    counts,
    hosts: hosts.map(({ host, sent: to, received: from, rtt }) => ({
      name: host.name,
      address: host.address,
      sent: to,
      received: from,
      rtt: rtt.samples === 0 ? undefined : rtt,
    })),
    sent,
    received,
    sentBytes: sentOctets,
    receivedBytes: receivedOctets,
    // Times of a capture may go back.
    txNs: Math.max(0, (lastSentNs ?? firstNs) - firstNs),
    rxNs: Math.max(0, endNs - firstNs),
    elapsedNs: endNs - startNs,
  }
}

/** Packets that are none of the figures above. */
function notCounted({ again, late, refused, dropped }: Tally, counts: Figures['counts']): string {
  // An attempt through a socket is counted when it is made, as nping does.
  const unsent = counts === 'packets' ? refused : 0
  const parts = [
    counted(again, 'repeated answer', 'repeated answers'),
    counted(late, 'answer too late', 'answers too late'),
    counted(unsent, 'probe not sent', 'probes not sent'),
    counted(dropped, 'packet lost in the receive buffer', 'packets lost in the receive buffer'),
  ].filter((part) => part !== '')
  return parts.length === 0 ? '' : `Not counted: ${parts.join(', ')}\n`
}

function counted(count: number, one: string, many: string): string {
  return count === 0 ? '' : `${count} ${count === 1 ? one : many}`
}

function titled({ host, port }: Trace, count: number, table: string): string {
  if (table === '' || count === 1) return table
  return `Way to ${host.host.address}${port === 0 ? '' : ` port ${port}`}:\n${table}`
}
