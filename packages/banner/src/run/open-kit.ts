import { setMaxListeners } from 'node:events'
import type { Io, Services } from '@portkit/core'
import type { Finding } from '../model/finding.ts'
import type { Fingerprints } from '../recog/fingerprints.ts'
import type { Settings } from '../settings.ts'
import type { Kit } from './kit.ts'
import { createTurns } from './turns.ts'

/** The kit of one run. */
export interface OpenKit extends Kit {
  /** What the user is to know about it, one sentence each. */
  notes(): readonly string[]
  /** Ends all work that is still under way, and frees what it holds. */
  close(): void
}

/** @throws UsageError, LocalFault */
export async function openKit(settings: Settings, services: Services, io: Io): Promise<OpenKit> {
  const { own, ratePerS, fingerprints } = settings
  const source = own?.match
  const match =
    source === undefined ? undefined : await (await import('./own-match.ts')).createOwnMatch(source)
  const net = await io.openNet('auto')
  const known =
    fingerprints === undefined
      ? undefined
      : await (await import('../recog/fingerprints.ts')).openFingerprints(fingerprints, io)
  const { clock, sockets, interrupted } = io
  const closed = new AbortController()
  const ended = AbortSignal.any([interrupted, closed.signal])
  // Every wait listens.
  setMaxListeners(0, ended)
  return {
    settings,
    io: { clock, sockets, random: () => io.random(), interrupted: ended },
    net,
    services,
    turns: createTurns(io.clock, ratePerS),
    match,
    named: (finding) => (known === undefined ? finding : withNames(finding, known)),
    notes: () => known?.notes() ?? [],
    close() {
      closed.abort('closed')
      known?.close()
    },
  }
}

async function withNames(finding: Finding, fingerprints: Fingerprints): Promise<Finding> {
  return finding.service === undefined
    ? finding
    : { ...finding, ...(await fingerprints.name(finding.service)) }
}
