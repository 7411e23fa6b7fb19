import type { SecureStream } from '@portkit/core'
import { certificateFacts } from './certificate.ts'
import type { CertificateFacts, TlsFacts } from './tls-facts.ts'
import { verificationOf } from './verification.ts'

/** Certificates of one chain that are told at most: servers have two to four. */
const MOST = 10

/**
 * What a handshake told. `nowMs` is milliseconds since 1970, `after` the protocol whose STARTTLS led to it. Importing this
 * loads node:crypto.
 */
export function tlsFactsOf(stream: SecureStream, nowMs: number, after: string | undefined): TlsFacts {
  const { protocol, cipher, alpn, chain, invalid } = stream
  return {
    protocol,
    cipher,
    alpn,
    chain: chainFacts(chain, nowMs),
    verification: verificationOf(invalid, chain.length > 0),
    after,
  }
}

/** Up to the first that cannot be read, so that the server's own is always the first. */
function chainFacts(chain: readonly Uint8Array[], nowMs: number): readonly CertificateFacts[] {
  const facts: CertificateFacts[] = []
  for (const der of chain.slice(0, MOST)) {
    const next = certificateFacts(der, nowMs)
    if (next === undefined) break
    facts.push(next)
  }
  return facts
}
