import type { ByteStream, ConnectAnswer, Observation, Silence, Target } from '@portkit/core'
import type { Finding } from '../model/finding.ts'
import { findingOf } from './finding.ts'
import { identify } from './identify.ts'
import type { Kit } from './kit.ts'
import { beginWork, knock, type PortWork } from './port-work.ts'
import { isPrinters } from './printers.ts'

/** A place in the queue at one host, which the work on a port holds while it may have a connection there. */
export interface Place {
  /** Gives the place back while a port takes long to answer, if that happens before `answer`; over UDP it has none. */
  watch(answer: Promise<ConnectAnswer | Silence | undefined>): void
  /** For a port that has answered; false when there are connections enough: the port is to be tried again later. */
  talk(): boolean
}

/** The port is open, but there are connections enough to its host. */
export const LATER = 'later'

/**
 * Finds out what speaks at one port. undefined when the user ended the run before anything was known. Never renews a
 * limit. @throws LocalFault
 */
export async function examine(
  target: Target,
  kit: Kit,
  place: Place,
): Promise<Finding | typeof LATER | undefined> {
  await kit.turns.next(kit.io.interrupted)
  if (kit.io.interrupted.aborted) return undefined
  const work = beginWork(target, kit)
  if (target.transport === 'udp') {
    const { examineUdp } = await import('./examine-udp.ts')
    const finding = examineUdp(work)
    place.watch(finding.then(() => undefined))
    return finding
  }
  const answer = await knock(work, (coming) => place.watch(coming))
  if (answer === undefined) return undefined
  if ('kind' in answer) return findingOf(work, answer, { cut: false })
  const { fact, connection } = answer
  if (connection === undefined) return findingOf(work, fact, { cut: false })
  if (!place.talk()) {
    connection.close()
    return LATER
  }
  try {
    return await whatSpeaks(work, fact, () => connection.bytes())
  } finally {
    connection.close()
  }
}

const PRINTERS = 'left alone: printers print what they are sent (--allow-printers asks all the same)'

async function whatSpeaks(work: PortWork, fact: Observation, open: () => ByteStream): Promise<Finding> {
  const { settings } = work.kit
  if (isPrinters(work.port) && !settings.printers)
    return findingOf(work, fact, { note: PRINTERS, cut: false })
  return findingOf(work, fact, await identify(work, open()))
}
