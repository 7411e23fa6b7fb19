import type { BackendChoice, Family } from '@portkit/core'

export type Mode = 'tcp' | 'udp' | 'icmp'

/** Which port the k-th packet goes to. `answers`: one more with each answer; `packets`: one more with each packet. */
export interface DestinationPort {
  readonly first: number
  readonly rises: 'never' | 'answers' | 'packets'
}

/** What a run is to do, read from the command line. All checks that need no network are done. */
export interface Settings {
  readonly mode: Mode
  /** The ports to scan, ascending, each once; undefined: no scan. `text` is what the user typed. */
  readonly scan: { readonly text: string; readonly ports: readonly number[] } | undefined
  /** One name or address; undefined only with `read`. */
  readonly host: string | undefined
  /** undefined: by the literal, else what the name resolves to first. */
  readonly family: Family | undefined

  /** undefined: until interrupted. */
  readonly count: number | undefined
  /** From packet to packet, nanoseconds, never shorter than `--max-rate` allows; undefined: a second, or at once in a scan. */
  readonly intervalNs: number | undefined
  /** The interval was asked to be shorter than that. */
  readonly isCapped: boolean
  /** How long an answer is waited for behind the last packet. */
  readonly timeoutMs: number
  /** Of a scan: how often an unanswered port is asked again, at most. */
  readonly retries: number

  readonly destination: DestinationPort
  /** undefined: 1024 and up to 1999 more, drawn for each run. */
  readonly sourcePort: number | undefined
  /** The same for all packets, instead of one more for each. */
  readonly keepSourcePort: boolean
  readonly tcp: {
    /** A mask of `TCP_FLAG`s. */
    readonly flags: number
    readonly window: number
    readonly seq: number | undefined
    readonly ack: number | undefined
    readonly mss: number | undefined
    /** Send the time stamps option, and tell the target's. */
    readonly timestamp: boolean
  }
  readonly icmp: 'echo' | 'timestamp'
  readonly badSum: boolean
  readonly ip: {
    /** undefined: 64, or 1 in a traceroute. */
    readonly ttl: number | undefined
    readonly tos: number
    /** undefined: another one for each packet. */
    readonly id: number | undefined
    readonly dontFragment: boolean
    readonly recordRoute: boolean
    /** `-x`, and `-g` in octets, a multiple of 8: fields of the one packet. */
    readonly moreFragments: boolean
    readonly fragmentOffset: number
    /** Cut packets into fragments that carry at most so many octets behind the IP header. */
    readonly mtu: number | undefined
  }
  /** Octets of payload; its beginning is `sign`, what follows the file's octets one piece a packet, else `X`. */
  readonly dataLength: number
  readonly sign: Uint8Array
  readonly file: string | undefined

  readonly traceroute: boolean
  /** Of a traceroute. */
  readonly trStop: boolean
  readonly trKeepTtl: boolean
  readonly trNoRtt: boolean
  /** What Ctrl-Z raises; undefined: it stops the process, as with any program. */
  readonly suspendRaises: 'port' | 'ttl' | undefined

  /** Part of the name of an interface is enough when only one has it. */
  readonly interfaceName: string | undefined
  /** One of this machine's own, a name or an address. */
  readonly source: string | undefined
  readonly backend: BackendChoice
  /** `process`: do not stamp departures. */
  readonly clock: 'auto' | 'packet' | 'process'

  readonly numeric: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  readonly debug: boolean
  readonly beep: boolean
  readonly dumpHex: boolean
  readonly dumpText: boolean
  readonly sequenceNumbers: boolean
  readonly json: boolean
  /** `hping`: 0 when anything was answered, else 1; `flags`: those of the last TCP answer (`--tcpexitcode`). */
  readonly exitCode: 'hping' | 'state' | 'flags'
  /** A capture file to write this run's packets to. */
  readonly write: string | undefined
  /** A capture file to report on instead of sending anything. */
  readonly read: string | undefined

  /** Long names of the options that were given, in their order: what a reading run is to look for. */
  readonly given: readonly string[]
  /** One sentence each, without a line end, about options that were given and mean nothing in this run. */
  readonly notes: readonly string[]
}
