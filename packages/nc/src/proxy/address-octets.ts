import { parseIpv4, parseIpv6 } from '@portkit/core'
import { numericHost } from '../connect/numeric-host.ts'

/** The octets of a literal, by family; a zone means nothing to a proxy and is left out. undefined for names. */
export function addressOctets(
  host: string,
): { readonly family: 4 | 6; readonly octets: readonly number[] } | undefined {
  const literal = numericHost(host)
  if (literal === undefined) return undefined
  const ipv4 = parseIpv4(literal.address)
  if (ipv4 !== undefined) return { family: 4, octets: ipv4 }
  const groups = parseIpv6(literal.address.replace(/%.*$/, '')) ?? []
  return { family: 6, octets: groups.flatMap((group) => [group >> 8, group & 255]) }
}
