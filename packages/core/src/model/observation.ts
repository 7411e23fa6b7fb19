import type { Observation } from './facts.ts'
import type { Target } from './target.ts'
import type { Verdict } from './verdict.ts'

export type {
  ClockName,
  Handshake,
  HostReply,
  IcmpError,
  Method,
  Observation,
  Refused,
  Reply,
  SegmentAnswer,
  Silence,
  Unreachable,
  UnreachableCode,
} from './facts.ts'
export type { TlsFact } from './tls-fact.ts'
export {
  type AnyWord,
  answered,
  anyWord,
  classify,
  type PortState,
  type Reason,
  type Verdict,
  type Word,
  word,
} from './verdict.ts'

/** One probe that was carried out. `startedAtMs` is wall-clock time (milliseconds since 1970). */
export interface ProbeResult {
  readonly target: Target
  /** 1 for the first probe of its target. */
  readonly seq: number
  readonly startedAtMs: number
  readonly observation: Observation
  readonly verdict: Verdict
}
