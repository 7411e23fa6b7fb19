/** How a connection is ended: an orderly FIN, or a RST that leaves no TIME_WAIT behind. */
export type CloseWith = 'fin' | 'rst'

/** Settings of a socket, made before its first packet. Most of them need koffi. */
export interface SocketSettings {
  /** IPv4 time to live or IPv6 hop limit. */
  readonly ttl?: number | undefined
  /** Packets that arrive with less are ignored (RFC 5082). */
  readonly minTtl?: number | undefined
  /** IPv4 type of service octet or IPv6 traffic class. */
  readonly tos?: number | undefined
  /** Octets. */
  readonly receiveBuffer?: number | undefined
  readonly sendBuffer?: number | undefined
  /** SO_DEBUG. */
  readonly debug?: boolean | undefined
  /** TCP MD5 signatures with this key (RFC 2385). */
  readonly md5Key?: string | undefined
  /** SO_BROADCAST, for UDP. */
  readonly broadcast?: boolean | undefined
}
