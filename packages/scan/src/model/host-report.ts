import type { Address } from '@portkit/core'
import type { PortTable } from './port-table.ts'

export interface HostStatus {
  readonly state: 'up' | 'down' | 'unknown'
  /** nmap's word for how that is known: `arp-response`, `echo-reply`, `user-set`, `no-response`. */
  readonly reason: string
  /** Time to live of the answer; 0 where there is none. */
  readonly ttl: number
  /** Who answered, when it was not the host itself. */
  readonly from?: string | undefined
}

export interface HostName {
  readonly name: string
  /** As the user typed it, or by a reverse lookup. */
  readonly type: 'user' | 'PTR'
}

/** How long its answers took, microseconds (RFC 6298). */
export interface HostTimes {
  readonly srttUs: number
  readonly rttvarUs: number
  readonly timeoutUs: number
}

/** All that is known of one host; partial when it `ended` early. */
export interface HostReport extends Address {
  readonly names: readonly HostName[]
  /** Other addresses of the name that was typed, which were not scanned. */
  readonly otherAddresses: readonly string[]
  readonly status: HostStatus
  /** `02:00:00:00:00:01`, of a host on the link. */
  readonly hardwareAddress?: string | undefined
  /** Who made its network interface; undefined when not known. */
  readonly vendor?: string | undefined
  /** Milliseconds since 1970. */
  readonly startMs: number
  readonly endMs: number
  readonly times?: HostTimes | undefined
  /** undefined when no ports were asked. */
  readonly ports?: PortTable | undefined
  /** Why some ports have no verdict; undefined when all have one. */
  readonly ended?: 'host-timeout' | 'interrupted' | 'max-open' | undefined
  /** How many ports have none. */
  readonly unasked: number
  /** Versions of services were asked for. */
  readonly hasVersions: boolean
}
