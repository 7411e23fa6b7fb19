import type { BackendChoice, Family, TargetRange } from '@portkit/core'

export type Mode = 'tcp-connect' | 'tcp' | 'udp' | 'udp-sockets' | 'icmp' | 'arp'

/** A header field: a fixed value, or a random one for each run. */
export type FieldValue = number | 'random'

/** What a run is to do, read from the command line. All checks that need no network are done. */
export interface Settings {
  /** undefined: not named. `chooseMode` settles this, and UDP without privileges. */
  readonly mode: Mode | undefined
  readonly traceroute: boolean
  /** undefined: by the literal, else what the name resolves to first. Literals are of this family, if there is one. */
  readonly family: Family | undefined
  /** Names, addresses, networks and octet ranges; none only with `read`. */
  readonly targets: readonly TargetRange[]
  /** Of all targets together; no more than `--max-targets`. */
  readonly targetCount: number
  /** Ascending, each once, which is nping's order; undefined: the mode's default (80, 40125). */
  readonly ports: readonly number[] | undefined
  readonly sourcePort: FieldValue | undefined
  /** 0: until interrupted. undefined: 5, or 48 for a traceroute. */
  readonly count: number | undefined
  readonly intervalNs: number
  /** How long an answer is waited for, also after the last probe. */
  readonly timeoutMs: number
  /** The usual long names of the options that were given: `chooseMode` finds out by them what means nothing. */
  readonly given: readonly string[]
  readonly tcp: {
    /** Nine bits, see `flagsOf`. */
    readonly flags: number
    readonly seq: FieldValue | undefined
    readonly ack: FieldValue | undefined
    readonly window: FieldValue | undefined
    /** Options and window as this system's own connect() sends them. */
    readonly likeSystem: boolean
  }
  readonly icmp: {
    readonly kind: 'echo' | 'timestamp'
    readonly id: FieldValue | undefined
    readonly seq: FieldValue | undefined
  }
  readonly ip: {
    readonly ttl: FieldValue | undefined
    readonly tos: FieldValue | undefined
    readonly id: FieldValue | undefined
    readonly dontFragment: boolean
    /** Cut packets into fragments that carry at most so many octets behind the IP header. */
    readonly mtu: number | undefined
  }
  readonly badSum: boolean
  /** undefined: none given (then UDP to a well-known port may carry that service's usual question if `udpPayloads`). */
  readonly payload: { readonly octets: Uint8Array } | { readonly randomLength: number } | undefined
  readonly udpPayloads: boolean
  readonly interfaceName: string | undefined
  /** One of this machine's own addresses. */
  readonly sourceAddress: string | undefined
  readonly hideSent: boolean
  readonly noCapture: boolean
  /** -4 to 4. */
  readonly verbosity: number
  /** 0 to 9. */
  readonly debug: number
  readonly privileged: 'auto' | 'yes' | 'no'
  readonly backend: BackendChoice
  /** `process`: do not stamp departures. */
  readonly clock: 'auto' | 'packet' | 'process'
  readonly json: boolean
  /** The round-trip time on each RCVD line. */
  readonly rtt: boolean
  readonly exitCode: 'state' | 'nping'
  /** A capture file to write this run's packets to. */
  readonly write: string | undefined
  /** A capture file to report on instead of sending anything. */
  readonly read: string | undefined
}
