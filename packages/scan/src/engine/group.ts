import type { Clock, LocalFault } from '@portkit/core'
import type { Gun, Hit } from '../guns/gun.ts'
import type { HostTimes } from '../model/host-report.ts'
import type { Timing } from '../model/timing.ts'
import type { Answering, HostEnd } from './host-work.ts'

/** A group of hosts whose ports are asked at the same time. Hosts and ports are told by their places. */
export interface GroupScan {
  readonly gun: Gun
  readonly hosts: number
  readonly ports: number
  readonly timing: Timing
  readonly clock: Clock
  /** Ends it at once: what has no verdict then gets none. */
  readonly signal: AbortSignal
  /** As discovery measured them. */
  timesOf(host: number): HostTimes | undefined
  /** One octet a port, other than 0 for those that need not be asked; all are asked when not given. */
  settled?(host: number): Uint8Array | undefined
  /** Of the host's time-out, what asking its other ports has taken. */
  spentNs?(host: number): number
  /** Ports of it that are known to answer, from before; none when not given. */
  answering?(host: number): readonly Answering[]
  /** The first answer of a port, and a better one: what was filtered has answered itself. Valid during the call only. */
  found(hit: Hit): void
  /** This machine could not send a probe to it, and will not be able to. */
  failed(host: number, port: number, fault: LocalFault): void
  /** The host is done. */
  ended(host: number, summary: HostSummary): void
  /** Now and then: the loop goes on when it resolves. */
  turn?(progress: GroupProgress): Promise<void> | undefined
}

export interface HostSummary {
  readonly end: HostEnd
  readonly times: HostTimes | undefined
  /** How many passes over its ports there were. */
  readonly passes: number
  /** Ports without an answer; with `complete` that is their answer. */
  readonly waiting: number
  /** More passes might have brought more answers. */
  readonly isCapped: boolean
  /** In the end it did not answer what it had answered before, however slowly it was asked. */
  readonly isMute: boolean
  readonly elapsedNs: number
}

export interface GroupProgress {
  /** 0 to 1. */
  readonly done: number
  readonly hostsUnderway: number
}
