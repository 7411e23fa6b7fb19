import type { Verification } from './tls-facts.ts'

/** OpenSSL's X509_V_ERR_… as node:tls names them, and node:tls's own for another name. The rest say `not verified`. */
const WORDS: Readonly<Record<string, Verification['words']>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not yet valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'name mismatch',
  HOSTNAME_MISMATCH: 'name mismatch',
  EMAIL_MISMATCH: 'name mismatch',
  IP_ADDRESS_MISMATCH: 'name mismatch',
  // Its root signed itself, as all do, but nobody here trusts it.
  SELF_SIGNED_CERT_IN_CHAIN: 'unknown issuer',
  UNABLE_TO_GET_ISSUER_CERT: 'unknown issuer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknown issuer',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unknown issuer',
  CERT_UNTRUSTED: 'unknown issuer',
}

/** How checking a certificate ended; `code` is OpenSSL's, undefined where all was well. */
export function verificationOf(code: string | undefined, hasCertificate: boolean): Verification {
  if (!hasCertificate) return { words: 'no certificate', code }
  if (code === undefined) return { words: 'verified', code }
  return { words: Object.hasOwn(WORDS, code) ? (WORDS[code] ?? 'not verified') : 'not verified', code }
}
