import { setMaxListeners } from 'node:events'
import type { PortRow } from '../model/port-table.ts'
import { counted } from '../report/numbers.ts'
import type { HostDraft } from './host-draft.ts'
import type { ScanKit } from './scan-kit.ts'
import { type FoundService, identifyServices } from './versions.ts'

/**
 * Finds out what speaks at the open ports, and puts it into the tables. Hosts that were left early are left alone: they
 * took too long already, or have more open ports than is true. Rejects with LocalFault.
 */
export async function askVersions(drafts: readonly HostDraft[], kit: ScanKit): Promise<void> {
  const { settings, io, meter } = kit
  const whole = drafts.filter(({ ended }) => ended === undefined)
  const open = whole.map((draft) => ({ draft, rows: [...draft.table.rows(mayBeOpen)] }))
  const count = open.reduce((sum, { rows }) => sum + rows.length, 0)
  if (count === 0 || settings.versions === undefined) return
  const busy = open.filter(({ rows }) => rows.length > 0).length
  const [first] = open.filter(({ rows }) => rows.length > 0)
  const whom = busy === 1 ? (first?.draft.found.address ?? '') : `${busy} hosts`
  const total = `${counted(count, 'service')} on ${counted(busy, 'host')}`
  meter.begin({
    title: 'Service scan',
    subject: `${counted(count, 'service')} on ${whom}`,
    total,
    startMs: io.clock.wallMs(),
  })
  const draftsOf = byAddress(drafts)
  const left = new Map(open.map(({ draft, rows }) => [draft, rows.length]))
  const limit = limitOf(whole, kit)
  try {
    const ports = open.flatMap(({ draft, rows }) => rows.map((row) => portOf(draft, row)))
    let done = 0
    for await (const found of identifyServices(ports, settings.versions, kit.names, {
      ...io,
      interrupted: limit.signal,
    })) {
      noteAll(found, draftsOf.get(found.address) ?? [], limit.signal.aborted ? undefined : left)
      done += 1
      meter.at(done / count, busy)
    }
  } finally {
    limit.end()
  }
  if (!io.interrupted.aborted) leave(left)
  meter.end()
}

/** @param left how many ports of each host are still to be looked at; not given when what was found was cut short */
function noteAll(
  { protocol, port, service, answered }: FoundService,
  drafts: readonly HostDraft[],
  left: Map<HostDraft, number> | undefined,
): void {
  for (const draft of drafts) {
    const row = draft.table.row(protocol, port)
    if (row !== undefined) draft.table.put(withService(row, service, answered))
    left?.set(draft, (left.get(draft) ?? 0) - 1)
  }
}

/** Hosts some of whose services nobody could look at any more. */
function leave(left: ReadonlyMap<HostDraft, number>): void {
  for (const [draft, rows] of left) if (rows > 0) draft.ended ??= 'host-timeout'
}

/** What the host that has taken least has left of its time, for all: they are asked together. */
function limitOf(drafts: readonly HostDraft[], { settings, io }: ScanKit) {
  const over = new AbortController()
  const signal = AbortSignal.any([io.interrupted, over.signal])
  // Every wait listens.
  setMaxListeners(0, signal)
  const { hostTimeoutMs } = settings.timing
  const done = new AbortController()
  if (hostTimeoutMs < Number.POSITIVE_INFINITY) {
    const spentNs = drafts.reduce((least, { askedNs }) => Math.min(least, askedNs), Number.POSITIVE_INFINITY)
    const wait = io.clock.sleep(Math.max(0, hostTimeoutMs - spentNs / 1e6), done.signal)
    wait.then(
      () => over.abort('host-timeout'),
      () => {},
    )
  }
  return { signal, end: () => done.abort() }
}

/** More than one where the user named a host twice. */
function byAddress(drafts: readonly HostDraft[]): ReadonlyMap<string, readonly HostDraft[]> {
  const all = new Map<string, HostDraft[]>()
  for (const draft of drafts) {
    const { address } = draft.found
    const same = all.get(address)
    if (same === undefined) all.set(address, [draft])
    else same.push(draft)
  }
  return all
}

function portOf({ found }: HostDraft, { protocol, port }: PortRow) {
  const { address, family, name } = found
  return { host: name ?? address, address, family, protocol, port }
}

const mayBeOpen = (state: PortRow['state']): boolean => state === 'open' || state === 'open|filtered'

/** What answers is open, whatever its silence to the scan left possible. */
function withService(row: PortRow, service: PortRow['service'], answered: boolean): PortRow {
  const isNews = answered && row.state === 'open|filtered'
  const reason = row.protocol === 'udp' ? 'udp-response' : 'syn-ack'
  return { ...row, ...(isNews && { state: 'open', reason }), ...(service && { service }) }
}
