/** What is told about a service beyond its product: names in words (`host key algorithms`), values as they were read. */
export type Details = Readonly<Record<string, DetailValue>>
export type DetailValue = string | number | boolean | readonly string[]

/** A text by which databases of fingerprints know products; `field` is Recog's name for it (`ssh.banner`). */
export interface Evidence {
  readonly field: string
  readonly text: string
}

/**
 * What speaks at a port, as far as it was read there: nothing is concluded from the port's number. All texts are the
 * peer's own, each octet a character where they were not valid UTF-8, clipped (`clip`) but not escaped.
 */
export interface Service {
  /** Lower case, the usual name: `ssh`, `http`, `smtp`. */
  readonly protocol: string
  /** `OpenSSH`. */
  readonly product?: string | undefined
  /** `9.2p1`: only ever what came over the wire. */
  readonly version?: string | undefined
  /** One phrase more: `protocol 2.0`, `needs a password`, `401 Unauthorized`. */
  readonly info?: string | undefined
  /** The system that the peer says it runs on: `Debian`. */
  readonly os?: string | undefined
  /** The name that the peer gives itself. */
  readonly hostname?: string | undefined
  readonly details?: Details | undefined
  readonly evidence?: readonly Evidence[] | undefined
  /** The answer says that TLS is to be spoken at this port. */
  readonly wantsTls?: boolean | undefined
}

/** The protocol of what matched the user's own expression, where that told no other. */
export const MATCHED = 'match'
