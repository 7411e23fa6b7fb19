import type { ColourMode, Family, Transport } from '@portkit/core'
import type { Wishes } from './model/wishes.ts'

export type Output = 'text' | 'json' | 'csv' | 'url'

/** How much is tried: only greetings are read, what the strategy has, or every probe there is. */
export type Depth = 'light' | 'usual' | 'thorough'

/** The user's own question: `--probe` and `--match`. */
export interface OwnProbe {
  /** Empty: the greeting is what counts. */
  readonly octets: Uint8Array
  /** Source of a regular expression over the answer, each octet a character; groups named protocol, product, version, info tell those. */
  readonly match: string | undefined
}

/** What a run is to do. Times are milliseconds. */
export interface Settings {
  readonly transport: Transport
  readonly family: Family | undefined
  /** For one port, all told. */
  readonly timeoutMs: number
  /** For a greeting or an answer. */
  readonly waitMs: number
  readonly depth: Depth
  /** `always`: TLS from the first octet on; `never`: no ClientHello at all. */
  readonly tls: 'auto' | 'always' | 'never'
  /** A protocol's name, or `auto`: whatever was found, if it can. */
  readonly startTls: string | undefined
  /** undefined: the host's name. */
  readonly sni: string | undefined
  readonly own: OwnProbe | undefined
  readonly wishes: Omit<Wishes, 'host' | 'serverName'>
  /** Also probe ports where printers print what they are sent. */
  readonly printers: boolean
  /** Ports worked on at once, of all hosts. */
  readonly atOnce: number
  /** Connections begun a second, of all hosts; undefined for no limit. */
  readonly ratePerS: number | undefined
  /** Folder of Recog files. */
  readonly fingerprints: string | undefined
  readonly output: Output
  /** Leave out ports that are not open. */
  readonly openOnly: boolean
  /** Show what was said as hex dumps. */
  readonly hex: boolean
  readonly verbose: boolean
  readonly colour: ColourMode
  readonly exitCode: 'found' | 'state'
}
