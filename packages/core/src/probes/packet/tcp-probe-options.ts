import type { IpFields } from './ip-header.ts'
import type { ProbePayload } from './probe-payload.ts'
import type { SourcePort } from './source-ports.ts'

export interface TcpProbeOptions extends IpFields {
  /** A mask of `TCP_FLAG`s. */
  readonly flags: number
  readonly sourcePort: SourcePort
  /** Not given: a token that nobody can guess, another one for each packet. */
  readonly seq?: number | undefined
  /** Not given: with the ACK flag the same token, else 0. */
  readonly ack?: number | undefined
  /** Not given: 1480, or what this system would send. */
  readonly window?: number | undefined
  readonly payload?: ProbePayload | undefined
  /** The option of that name: the longest segment that is taken, in octets. */
  readonly mss?: number | undefined
  /** The option of that name (RFC 7323), its value one more with each packet; `timestampOf` reads the answer's. */
  readonly timestamps?: boolean | undefined
  /** Send a wrong TCP checksum. */
  readonly badSum?: boolean | undefined
  /** All options, window and DF as Linux' own connect() sends them, because some firewalls drop a bare SYN. */
  readonly likeSystem?: boolean | undefined
  /** Judge a RST by its window, as nmap's window scan does; for a probe with the ACK flag alone. */
  readonly byWindow?: boolean | undefined
  /** 32 random bits that nobody can guess. */
  readonly random: () => number
}
