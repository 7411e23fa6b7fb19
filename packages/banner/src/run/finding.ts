import type { Observation } from '@portkit/core'
import { classify } from '@portkit/core'
import type { Exchange, Finding, Outcome } from '../model/finding.ts'
import type { Known } from './identify.ts'
import type { PortWork } from './port-work.ts'

/** What is said of a port in the end. */
export async function findingOf(work: PortWork, observation: Observation, known: Known): Promise<Finding> {
  const { target, kit, transcript, startedAtMs, startNs } = work
  const { service, method, tls, cut } = known
  const verdict = classify(observation, target.transport)
  const exchanges = transcript.exchanges()
  const isOpen = verdict.state === 'open'
  const outcome = isOpen ? outcomeOf(exchanges, observation, service !== undefined) : undefined
  const guess = service === undefined && outcome !== undefined ? await usualName(work) : undefined
  return {
    target,
    startedAtMs,
    elapsedNs: kit.io.clock.nowNs() - startNs,
    observation,
    verdict,
    outcome,
    method: method ?? (guess === undefined ? undefined : 'port table'),
    service,
    guess,
    tls,
    cpes: [],
    note: known.note ?? (service === undefined ? await noteOf(work, observation, outcome) : undefined),
    cut: cut && outcome !== 'identified',
    exchanges,
  }
}

function outcomeOf(exchanges: readonly Exchange[], observation: Observation, isKnown: boolean): Outcome {
  if (isKnown) return 'identified'
  if (exchanges.some(({ received }) => received.length > 0)) return 'unknown'
  const isReset = observation.kind === 'handshake' && observation.reset
  if (isReset || exchanges.some(({ end }) => end === 'reset')) return 'reset'
  return exchanges.some(({ end }) => end === 'closed') ? 'closed' : 'silent'
}

/** What usually has this port: the protocols here know ranges and newcomers that the system's table does not. */
async function usualName({ port, transport, kit }: PortWork): Promise<string | undefined> {
  const { usualAt, usualInTls } = await import('../protocols/table.ts')
  const [usual] = [...usualAt(port, transport), ...(transport === 'tcp' ? usualInTls(port) : [])]
  return usual?.name ?? kit.services.nameOf(port, transport)
}

/** What went wrong here, or what the silence of a port means that is silent by design. */
async function noteOf(
  { port, transport, remarks }: PortWork,
  observation: Observation,
  outcome: Outcome | undefined,
): Promise<string | undefined> {
  if (remarks.size > 0) return [...remarks].join('; ')
  const mayBeOpen = outcome === 'silent' || (transport === 'udp' && observation.kind === 'silence')
  if (!mayBeOpen) return undefined
  const { usualAt } = await import('../protocols/table.ts')
  return usualAt(port, transport).find(({ silence }) => silence !== undefined)?.silence
}
