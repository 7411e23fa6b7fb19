/** The EtherTypes that are looked into (IEEE 802 numbers at IANA). */
export const ETHER_TYPE = {
  ipv4: 0x0800,
  arp: 0x0806,
  ipv6: 0x86dd,
  /** IEEE 802.1Q customer tag. */
  customerTag: 0x8100,
  /** IEEE 802.1ad service tag. */
  serviceTag: 0x88a8,
  /** What bridges wrote for a service tag before 802.1ad. */
  oldServiceTag: 0x9100,
} as const
