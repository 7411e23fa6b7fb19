/** The fields of an IPv4 header (RFC 791 section 3.1) that most packets have. */
export const PLAIN4 = {
  tos: 0,
  id: 0,
  isReservedSet: false,
  dontFragment: true,
  moreFragments: false,
  fragmentOffset: 0,
  ttl: 64,
  optionOctets: new Uint8Array(),
} as const
