import type { Route } from '@portkit/core'
import type { ListedHost } from '../grammar/host-list.ts'
import type { HostStatus } from '../model/host-report.ts'
import type { Timing } from '../model/timing.ts'
import { createHostTimes, type HostTimer } from './host-times.ts'

/** Where a host is: this machine, a neighbour on an Ethernet, or anywhere else. */
export type Place = 'own' | 'link' | 'far'

/** A host that is asked, and what is known of it so far. */
export interface Candidate {
  readonly host: ListedHost
  readonly route: Route | undefined
  readonly place: Place
  times: HostTimer
  /** Down until it answers. */
  status: HostStatus
  hardwareAddress: string | undefined
  vendor: string | undefined
}

export type Candidates = readonly Candidate[]

export function createCandidate(
  host: ListedHost,
  route: Route | undefined,
  place: Place,
  timing: Pick<Timing, 'minRttMs' | 'maxRttMs'>,
): Candidate {
  return {
    host,
    route,
    place,
    times: createHostTimes(timing),
    status: { state: 'down', reason: 'no-response', ttl: 0 },
    hardwareAddress: undefined,
    vendor: undefined,
  }
}

/** It answered. What it said first counts. */
export function isUp(candidate: Candidate, status: Omit<HostStatus, 'state'>): void {
  if (candidate.status.state !== 'up') candidate.status = { state: 'up', ...status }
}

/** Somebody said why it cannot be reached; another probe may get through all the same. */
export function isUnreachable(candidate: Candidate, status: Omit<HostStatus, 'state'>): void {
  if (candidate.status.state !== 'up') candidate.status = { state: 'down', ...status }
}
