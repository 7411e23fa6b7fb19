import { parseAddress } from '@portkit/core'

/** The name for SNI and HTTP's Host: what the user says, else the host, which only a name can be (RFC 6066 section 3). */
export function serverNameOf(host: string, sni: string | undefined): string {
  return sni ?? (parseAddress(host) === undefined ? host : '')
}
