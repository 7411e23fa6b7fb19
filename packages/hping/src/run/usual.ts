/** What hping3 does when it is not told. */
export const USUAL = {
  ttl: 64,
  /** In a traceroute. */
  firstTtl: 1,
  mostTtl: 255,
  intervalNs: 1e9,
  /** Source ports begin here, and up to so many above. */
  sourcePort: 1024,
  sourcePorts: 2000,
  /** Octet that fills the payload. */
  filler: 0x58,
} as const
