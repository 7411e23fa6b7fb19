import type { IpFields } from './template.ts'

export interface TcpProbeOptions extends IpFields {
  /** A mask of `TCP_FLAG`s. */
  readonly flags: number
  readonly sourcePort: number
  /** Not given: a token that nobody can guess, another one for each packet. */
  readonly seq?: number | undefined
  /** Not given: with the ACK flag the same token, else 0. */
  readonly ack?: number | undefined
  /** Not given: 1480, or what this system would send. */
  readonly window?: number | undefined
  readonly payload?: Uint8Array | undefined
  /** Send a wrong TCP checksum. */
  readonly badSum?: boolean | undefined
  /** Options, window and DF as Linux' own connect() sends them, because some firewalls drop a bare SYN. */
  readonly likeSystem?: boolean | undefined
  /** Judge a RST by its window, as nmap's window scan does; for a probe with the ACK flag alone. */
  readonly byWindow?: boolean | undefined
  /** 32 random bits that nobody can guess. */
  readonly random: () => number
}
