import type { ColourMode, Family } from '@portkit/core'
import type { ScanKind } from './model/scan-kind.ts'
import type { Timing } from './model/timing.ts'

/** How a host is asked whether it is up. Ports as lists. */
export type PingProbe =
  | { readonly kind: 'echo' | 'timestamp' | 'mask' }
  | { readonly kind: 'syn' | 'ack' | 'udp'; readonly ports: readonly number[] }

/** Which ports are asked; the port grammar reads it once the services are known. */
export interface PortWish {
  /** -p; undefined: the usual number of popular ports. */
  readonly spec?: string | undefined
  readonly exclude?: string | undefined
  /** --top-ports, 100 of -F. */
  readonly top?: number | undefined
  /** --servicedb: names of services from this file. */
  readonly servicesFile?: string | undefined
}

/** -sV: only greetings are read (light), the likely questions, or all there are (thorough). */
export interface VersionWish {
  readonly thorough: boolean
  readonly light: boolean
  /** --allports: also ports where printers print what they are sent. */
  readonly printers: boolean
}

export interface OutputFile {
  readonly format: 'normal' | 'xml' | 'greppable' | 'json' | 'ndjson'
  /** `-` is standard output. */
  readonly path: string
}

/** What the command line of a scan says. */
export interface Settings {
  /** As typed. */
  readonly args: readonly string[]
  /** Behind the options, as typed. */
  readonly targets: readonly string[]
  readonly inputFile?: string | undefined
  readonly excluded: readonly string[]
  readonly excludeFile?: string | undefined
  readonly randomizeHosts: boolean
  /** -6, -4: only these addresses of names. */
  readonly family?: Family | undefined
  /** --resolve-all */
  readonly allAddresses: boolean
  /** -sL: targets are only listed. */
  readonly listOnly: boolean
  readonly discovery: {
    /** -Pn: all hosts count as up. */
    readonly isSkipped: boolean
    /** The user's own; empty: the usual ones. */
    readonly probes: readonly PingProbe[]
    /** Hosts on the link are asked by ARP and neighbour discovery, unless --disable-arp-ping. */
    readonly usesLink: boolean
  }
  /** false: -sn. */
  readonly scansPorts: boolean
  /** Empty: SYN where packets may be sent, else connect. One for TCP at most, and UDP. */
  readonly kinds: readonly ScanKind[]
  /** --privileged, --unprivileged; undefined: look. */
  readonly privileged?: boolean | undefined
  readonly ports: PortWish
  /** -r: ports in ascending order. */
  readonly inOrder: boolean
  readonly versions: undefined | VersionWish
  /** Names of addresses: of hosts that are up, never (-n), of all (-R). */
  readonly names: 'up' | 'never' | 'all'
  readonly timing: Timing
  readonly source: {
    readonly interfaceName?: string | undefined
    readonly address?: string | undefined
    readonly port?: number | undefined
    readonly ttl?: number | undefined
    readonly dataLength?: number | undefined
    readonly badSum: boolean
  }
  readonly report: {
    readonly verbose: number
    readonly debugging: number
    readonly reason: boolean
    readonly openOnly: boolean
    readonly packetTrace: boolean
    readonly statsEveryMs?: number | undefined
    readonly colour: ColourMode
    /** What goes to standard output: the text report, unless a file of `-` takes its place. */
    readonly files: readonly OutputFile[]
    readonly appends: boolean
    /** href of the XML's stylesheet; undefined: none. */
    readonly stylesheet?: string | undefined
    /** --progress, --no-progress; undefined: on a terminal. */
    readonly progress?: boolean | undefined
  }
  readonly exitCode: 'nmap' | 'state'
  /** --seed: 32 bits; undefined: a random one. */
  readonly seed?: number | undefined
  /** --shard I/N, counted from 0 in here. */
  readonly shard?: { readonly index: number; readonly count: number } | undefined
  /** Where the state of the run is kept. */
  readonly checkpoint?: string | undefined
  readonly resume?: string | undefined
}
