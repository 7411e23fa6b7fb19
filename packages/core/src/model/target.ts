/** IP version of an address. */
export type Family = 4 | 6

export type Transport = 'tcp' | 'udp'

/** What carries a probe; the last two ask hosts, not ports. Over IPv6 `arp` is neighbour discovery. */
export type Protocol = Transport | 'icmp' | 'arp'

/** An address of a host: a literal without brackets, with `%zone` where an IPv6 link-local one needs it. */
export interface Address {
  readonly address: string
  readonly family: Family
}

/** One end of a connection. */
export interface Endpoint {
  readonly address: string
  readonly port: number
}

/** Where a probe goes: `host` is what the user typed, `address` the one literal address that is probed. */
export interface Target extends Address {
  readonly host: string
  readonly port: number
  readonly transport: Transport
}

/** Whom a probe is for: a `Target`, or a host where the protocol has no ports. */
export interface Probed extends Address {
  readonly host: string
  /** null where the protocol has none. */
  readonly port: number | null
  readonly transport: Protocol
}

/** `10.0.0.2:22`, `[fe80::1%eth0]:22` (RFC 3986 section 3.2.2). */
export function formatEndpoint({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
