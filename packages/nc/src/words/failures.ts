import {
  err,
  errnoOfFact,
  type Family,
  type LocalFault,
  type Observation,
  type ResolveError,
  type Target,
} from '@portkit/core'
import { NcFault, PassingFault } from '../fault.ts'
import type { Run } from '../run.ts'
import { connectFailed, connectTimedOut, localFaultMessage, stealthHint } from './format.ts'
import { lookUpFailed, ownLookUpFailed } from './format-lookup.ts'

/** What is said of failures while connecting, in a module of its own: most runs have nothing to say. */

/** Says why an address did not open; `limitMs` is what it was given. */
export function sayFailure(
  { settings, say }: Run,
  target: Target,
  outcome: Observation | LocalFault,
  limitMs: number | undefined,
): Promise<void> {
  if (outcome instanceof Error) return say(err(connectFailed(settings, target, outcome.code)))
  const ours = outcome.kind === 'silence' && limitMs !== undefined && outcome.waitedNs >= limitMs * 1e6
  if (ours) return say(err(connectTimedOut(settings, target)))
  return say(err(connectFailed(settings, target, errnoOfFact(outcome))))
}

/** A setting or source that fails, in the words of nc. */
export function settingFault(fault: LocalFault, family: Family): NcFault {
  return new NcFault(localFaultMessage(fault, 'client', family))
}

/** For somebody who waits at a terminal. */
export function sayHint({ settings, say }: Pick<Run, 'settings' | 'say'>, port: number): Promise<void> {
  return say(err(stealthHint(settings.name, port)))
}

/** A name that did not resolve: of the host to connect to at that port, or without one of our own side. */
export function lookUpFault(fault: ResolveError, port: number | undefined): PassingFault {
  const { host, message } = fault
  return new PassingFault(
    port === undefined ? ownLookUpFailed(message) : lookUpFailed(host, port, message),
    fault,
  )
}
