import { err, escapeControl, type Line, type PortTally } from '@portkit/core'

/** What was found out about one port, or about the host where the protocol has none; core's `PortTally` fits. */
export type VerdictRow = Pick<PortTally, 'protocol' | 'port' | 'verdict' | 'from' | 'sent' | 'received'>

/** Ports in a row with the same verdict and the same figures. */
interface Run {
  readonly row: VerdictRow & { readonly verdict: NonNullable<VerdictRow['verdict']> }
  readonly last: number
}

/** Many ports may be asked with `-p ++1`: more lines nobody reads. */
const MOST_LINES = 50

/**
 * The verdicts in the order of their ports, ports with the same one joined: `ports 23-24: closed (reset), 2 of 2
 * answered`. With too many lines those about open ports are kept first, and the last line counts what is left out.
 */
export function verdictLines(address: string, rows: Iterable<VerdictRow>): Line {
  const runs = runsOf(rows)
  if (runs.length <= MOST_LINES) return err(runs.map((run) => lineOf(run, address)).join(''))
  const weight = ({ row }: Run): number => (row.verdict.state === 'open' ? 0 : 1)
  const kept = new Set([...runs].sort((a, b) => weight(a) - weight(b)).slice(0, MOST_LINES - 1))
  const lines = runs.filter((run) => kept.has(run)).map((run) => lineOf(run, address))
  return err(lines.join('') + restText(runs.filter((run) => !kept.has(run))))
}

/** Rows come nearly always in order, and there may be 65,536: what belongs together is joined before it is sorted. */
function runsOf(rows: Iterable<VerdictRow>): readonly Run[] {
  const sorted = joined(single(rows)).sort(
    ({ row: a }, { row: b }) => compared(a.protocol, b.protocol) || a.port - b.port,
  )
  return joined(sorted)
}

function* single(rows: Iterable<VerdictRow>): Generator<Run> {
  for (const row of rows) {
    const { verdict, port } = row
    if (verdict !== undefined) yield { row: { ...row, verdict }, last: port }
  }
}

function joined(runs: Iterable<Run>): Run[] {
  const found: Run[] = []
  for (const { row, last } of runs) {
    const before = found.at(-1)
    if (before !== undefined && before.last + 1 === row.port && isAlike(before.row, row))
      found[found.length - 1] = { row: before.row, last }
    else found.push({ row, last })
  }
  return found
}

function compared(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}

function isAlike(a: VerdictRow, b: VerdictRow): boolean {
  const isSameVerdict = a.verdict?.state === b.verdict?.state && a.verdict?.reason === b.verdict?.reason
  const isSameCount = a.sent === b.sent && a.received === b.received
  return a.protocol === b.protocol && isSameVerdict && isSameCount && a.from === b.from
}

/** `port 22: open (syn-ack), 3 of 3 answered`; who sent an error is told when it was somebody else. */
function lineOf({ row, last }: Run, address: string): string {
  const { protocol, port, verdict, from, sent, received } = row
  const by = from === undefined ? '' : ` from ${escapeControl(from)}`
  const found = `${verdict.state} (${verdict.reason}${by}), ${received} of ${sent} answered`
  if (protocol !== 'tcp' && protocol !== 'udp') return `${escapeControl(address)}: ${found}\n`
  const where = last === port ? `port ${port}` : `ports ${port}-${last}`
  return `${protocol === 'udp' ? 'udp ' : ''}${where}: ${found}\n`
}

/** `120 more ports: 100 closed, 20 filtered` */
function restText(runs: readonly Run[]): string {
  const sizes = new Map<string, number>()
  let all = 0
  for (const { row, last } of runs) {
    const size = last - row.port + 1
    sizes.set(row.verdict.state, (sizes.get(row.verdict.state) ?? 0) + size)
    all += size
  }
  const parts = [...sizes].sort(([, a], [, b]) => b - a).map(([state, size]) => `${size} ${state}`)
  return `${all} more ${all === 1 ? 'port' : 'ports'}: ${parts.join(', ')}\n`
}
