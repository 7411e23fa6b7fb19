/** An ICMP error that came back for a datagram. */
export interface SimIcmp {
  readonly type: number
  readonly code: number
  readonly from: string | undefined
}

/** Port unreachable (RFC 792; RFC 4443 section 3.1): the one ICMP error that Linux turns into ECONNREFUSED. */
export function isRefusal({ type, code }: SimIcmp, family: 4 | 6): boolean {
  return family === 4 ? type === 3 && code === 3 : type === 1 && code === 4
}

/** What a closed port answers. */
export function portUnreachable(from: string): SimIcmp {
  return from.includes(':') ? { type: 1, code: 4, from } : { type: 3, code: 3, from }
}
