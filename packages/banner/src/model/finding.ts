import type { Observation, Target, Verdict } from '@portkit/core'
import type { TlsFacts } from '../tls/tls-facts.ts'
import type { Asked } from './protocol.ts'
import type { Service } from './service.ts'

/** What became of an open port. */
export type Outcome =
  | 'identified'
  /** It said something that no protocol here accounts for. */
  | 'unknown'
  | 'silent'
  /** It ended the connection, or reset it, without a word. */
  | 'closed'
  | 'reset'

/** How the service is known: by what it said unasked, by its answer to a probe, or not at all but from the table of ports. */
export type Method = 'greeting' | 'probe' | 'tls' | 'port table'

/** One question and its answer. */
export interface Exchange {
  readonly asked: Asked
  readonly secure: boolean
  readonly sent: Uint8Array
  /** What came, as far as it was read. */
  readonly received: Uint8Array
  /** How it ended: the answer was whole, nothing more came in time, the peer closed or reset, or the limit of octets was reached. */
  readonly end: 'whole' | 'quiet' | 'closed' | 'reset' | 'limit'
  /** Nanoseconds from the question (or the handshake) to the first octet; undefined when none came. */
  readonly firstNs: number | undefined
}

/** All that is known of one port. */
export interface Finding {
  readonly target: Target
  /** Milliseconds since 1970. */
  readonly startedAtMs: number
  /** Nanoseconds from the start to the end of this port's work. */
  readonly elapsedNs: number
  readonly observation: Observation
  readonly verdict: Verdict
  /** undefined when the port is not open. */
  readonly outcome: Outcome | undefined
  readonly method: Method | undefined
  /** Only when identified. With `tls` set it was found inside TLS; its protocol is `tls` when nothing was found in there. */
  readonly service: Service | undefined
  /** What usually has this port; only when nothing was identified. */
  readonly guess: string | undefined
  readonly tls: TlsFacts | undefined
  /** CPE 2.3 names from the user's fingerprints, the best first. */
  readonly cpes: readonly string[]
  /** A sentence for the user: why a port was left alone, or what its silence means. */
  readonly note: string | undefined
  /** The time for this port was over before all probes had been tried. */
  readonly cut: boolean
  readonly exchanges: readonly Exchange[]
}
