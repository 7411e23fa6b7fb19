import type { Address, LocalFault, Route, Verdict } from '@portkit/core'

/** A host of a group, as guns see it. */
export interface GunHost extends Address {
  /** For packets. */
  readonly route?: Route | undefined
}

/** The answer to a probe. Valid during the call only. */
export interface Hit {
  /** The place of the probe's host in the group. */
  readonly host: number
  /** The place of its port in the group's list. */
  readonly port: number
  /** Of which pass the probe was that was answered; undefined when several may be meant. */
  readonly pass: number | undefined
  readonly verdict: Verdict
  readonly ttl: number
  /** Who answered, when it was not the host itself. */
  readonly from: string | undefined
  /** Nanoseconds that the answer took where the gun knows better than from when it was fired and collected. */
  readonly rttNs: number | undefined
}

/**
 * Sends probes to the ports of a group of hosts and hears their answers: by whole packets or by connections. Probes are
 * told by the places of their host and port in the group's lists. Nothing waits in here except `ready`.
 */
export interface Gun {
  /** How many more probes may be under way; infinite where a probe keeps nothing. */
  room(): number
  /**
   * Sends a probe of that pass (from 0), perhaps together with the next ones (`flush`). undefined: it was taken; `full`:
   * not now, the system has no room; a fault: it cannot be sent, and another try would not help.
   */
  fire(host: number, port: number, pass: number): undefined | 'full' | LocalFault
  /**
   * Sends what waits. Says how many probes could not be sent now (`full`): the last ones that were fired. Those that
   * cannot be sent at all, as when a local firewall forbids it, are told to `refused` instead.
   */
  flush(
    refused?: (host: number, port: number, pass: number, fault: LocalFault) => void,
  ): number | Promise<number>
  /** Hands over the answers that have come; says how many there were. */
  collect(hear: (hit: Hit) => void): number
  /** Gives up the probes that have waited for `waitedNs`, where a probe keeps something; says how many. Those whose answer has come are handed over instead. */
  expire(waitedNs: number, hear: (hit: Hit) => void): number
  /**
   * Tells of probes that were taken and did not leave as it turned out later, as when files or source ports run out: each
   * is to be fired once more. Says how many. To be asked after each `collect` and `expire`.
   */
  takeBack?(back: (host: number, port: number, pass: number) => void): number
  /** Resolves when there may be something to collect, after `ms`, or when aborted. */
  ready(ms: number, signal: AbortSignal): Promise<void>
  /** Answers that were lost on this machine since it was opened. */
  dropped(): number
  /** What went wrong for good; undefined while all is well. */
  fault(): LocalFault | undefined
  /** Frees all; probes under way are given up. Safe to call twice. */
  close(): void
}

/** What a gun is made for. */
export interface GunGroup {
  readonly hosts: readonly GunHost[]
  /** In the order in which they are asked. */
  readonly ports: Uint16Array
}
