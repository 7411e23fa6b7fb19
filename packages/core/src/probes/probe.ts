import type { Io } from '../io/io.ts'
import type { Observation } from '../model/observation.ts'
import type { Target } from '../model/target.ts'

/** One way to ask a port. A new kind is one file in this folder. */
export interface Probe {
  readonly name: string
  /**
   * Asks once and waits `timeoutMs` at most. Never rejects for what the network did.
   * @throws LocalFault for what this machine did (no descriptor left, address in use, no such interface).
   */
  observe(target: Target, io: Pick<Io, 'clock' | 'net'>, timeoutMs: number): Promise<Observation>
}
