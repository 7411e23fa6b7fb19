/** A certificate as X.509 has it (RFC 5280). Times are milliseconds since 1970. All texts are the peer's, unescaped. */
export interface CertificateFacts {
  /** `CN=db.lan, O=Example`: RFC 4514's order and separators, most specific part first. */
  readonly subject: string
  readonly issuer: string
  /** Subject alternative names: `DNS:db.lan`, `IP Address:10.0.0.2`. */
  readonly names: readonly string[]
  /** How many more names it has, which are not told. */
  readonly namesLeft?: number | undefined
  readonly validFromMs: number | undefined
  readonly validToMs: number | undefined
  /** Whole days until the end of its validity, rounded down; negative once it is over. */
  readonly daysLeft: number | undefined
  /** Of its DER form: lower-case hexadecimal digits without separators. */
  readonly sha256: string
  readonly serial: string
  /** `RSA`, `EC`, `Ed25519`. */
  readonly keyType: string
  /** Size in bits; of an elliptic curve, that of its field. */
  readonly keyBits: number | undefined
  /** `prime256v1`, of an elliptic curve. */
  readonly curve?: string | undefined
}

/** How checking the certificate ended, in words; `code` is OpenSSL's (`CERT_HAS_EXPIRED`). */
export interface Verification {
  readonly words:
    | 'verified'
    | 'self-signed'
    | 'expired'
    | 'not yet valid'
    | 'name mismatch'
    | 'unknown issuer'
    | 'no certificate'
    | 'not verified'
  readonly code: string | undefined
}

/** What a TLS handshake told. */
export interface TlsFacts {
  /** `TLSv1.3`. */
  readonly protocol: string
  /** IANA's or OpenSSL's name. */
  readonly cipher: string
  readonly alpn: string | undefined
  /** The server's own certificate first; empty when it sent none. */
  readonly chain: readonly CertificateFacts[]
  readonly verification: Verification
  /** The command protocol whose STARTTLS led here: `smtp`; undefined when TLS began at once. */
  readonly after: string | undefined
}
