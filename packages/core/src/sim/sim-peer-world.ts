import type { Clock } from '../io/io.ts'
import type { ByteStream } from '../io/streams.ts'
import type { Endpoint } from '../model/target.ts'

/** What a peer may do besides its own connection. */
export interface PeerWorld {
  readonly clock: Clock
  /** How a log of steps begins. */
  readonly opening: 'accept' | 'connected'
  /** Adds a line to this peer's log. */
  log(line: string): void
  /** Connects to another simulated port; the host is an address or a name. Gives an errno's name where that fails. */
  dial(to: Endpoint): Promise<ByteStream | string>
}
