import type { Clock, Net } from '../io/io.ts'
import type { Method, Observation } from '../model/observation.ts'
import type { Target } from '../model/target.ts'

/** The part of the world that a probe may touch. */
export interface ProbeIo {
  readonly clock: Clock
  readonly net: Net
}

/** One way to ask a port. A new kind is one file in this folder. */
export interface Probe {
  readonly name: string
  /** How its observations are judged; not given: by the target's transport. */
  readonly method?: Method
  /**
   * Asks once and waits `timeoutMs` at most. Never rejects for what the network did.
   * @throws LocalFault for what this machine did (no descriptor left, address in use, no such interface);
   * the signal's reason when `signal` is aborted first. Sockets are freed either way.
   */
  observe(target: Target, io: ProbeIo, timeoutMs: number, signal?: AbortSignal): Promise<Observation>
}
