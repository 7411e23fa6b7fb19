import type { VerdictRow } from '../cli/verdict-table.ts'
import type { PortTally } from './port-tallies.ts'
import { portsOf, type Tally } from './tally.ts'

/** What a table of verdicts tells of a run. */
export function* verdictRows({ hosts }: Pick<Tally, 'hosts'>): Generator<VerdictRow> {
  for (const host of hosts) {
    const { name, address } = host.host
    const target = name === undefined ? address : `${name} (${address})`
    for (const port of portsOf(host)) yield* verdictRow(target, port)
  }
}

/** The row of one port; none as long as nothing is known of it. `name`: what the column of ports has. */
export function verdictRow(
  target: string,
  { protocol, port, verdict, from, sent, received, rtt }: PortTally,
  name = `${port}/${protocol}`,
): readonly VerdictRow[] {
  if (verdict === undefined) return []
  const { state, reason } = verdict
  const { samples, minNs, maxNs, sumNs } = rtt
  return [
    {
      target,
      port: protocol === 'tcp' || protocol === 'udp' ? name : undefined,
      state,
      reason,
      from,
      sent,
      received,
      rtt: samples === 0 ? undefined : { minNs, avgNs: sumNs / samples, maxNs },
    },
  ]
}
