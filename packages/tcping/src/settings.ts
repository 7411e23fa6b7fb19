import type { BackendChoice, ClockChoice, CloseWith, ColourMode, Family, Share } from '@portkit/core'

/** How the lines of a run look. */
export type Output = 'text' | 'json' | 'csv' | 'graph'
export type TimeStyle = 'iso' | 'unix' | 'relative'

/** Everything the command line says about a run, read and checked. */
export interface Settings {
  readonly output: Output
  readonly count: number | undefined
  readonly intervalMs: number
  /** The next probe starts when the last one is answered. */
  readonly flood: boolean
  /** Dots in place of lines. */
  readonly dots: boolean
  readonly timeoutMs: number
  readonly deadlineMs: number | undefined
  readonly sourceAddress: string | undefined
  readonly sourcePort: number | undefined
  readonly interfaceName: string | undefined
  readonly ttl: number | undefined
  readonly tos: number | undefined
  readonly close: CloseWith
  readonly clock: ClockChoice | 'packet'
  /** One SYN each, and no connection. */
  readonly syn: boolean
  readonly backend: BackendChoice
  readonly tls: { readonly serverName: string | undefined } | undefined
  readonly quiet: boolean
  readonly numeric: boolean
  readonly verbose: boolean
  readonly failuresOnly: boolean
  readonly report: boolean
  readonly audible: boolean
  readonly beep: 'up' | 'down' | 'change' | undefined
  readonly onChange: string | undefined
  readonly until: 'open' | 'closed' | undefined
  readonly timestamp: TimeStyle | undefined
  readonly prometheus: string | undefined
  readonly reResolveAfter: number | undefined
  readonly exitCode: 'ping' | 'state'
  readonly require: Share | undefined
  readonly family: Family | undefined
  readonly allAddresses: boolean
  readonly colour: ColourMode
}
