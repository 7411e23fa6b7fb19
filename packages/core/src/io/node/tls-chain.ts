import type { X509Certificate } from 'node:crypto'
import type { TLSSocket } from 'node:tls'

/** OpenSSL takes a list of 100 KB at most; no certificate is shorter than this many octets. */
const MOST = 1000

/**
 * The certificates that the peer sent, in its order, in DER. `getPeerCertificate` would leave out what is no issuer of the
 * one before it, and add roots from the store.
 */
export function chainOf(socket: TLSSocket): readonly Uint8Array[] {
  const chain: Uint8Array[] = []
  let next: X509Certificate | undefined = socket.getPeerX509Certificate()
  while (next !== undefined && chain.length < MOST) {
    chain.push(new Uint8Array(next.raw))
    next = next.issuerCertificate
  }
  return chain
}
