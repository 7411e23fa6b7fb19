/** What a TLS handshake over the fresh connection told. Times in nanoseconds on the process clock. */
export type TlsFact =
  | {
      readonly kind: 'tls'
      readonly handshakeNs: number
      readonly protocol: string
      readonly cipher: string
      /** The certificate's end of validity in milliseconds since 1970; undefined when it sent none. */
      readonly validToMs: number | undefined
      readonly subject: string
      readonly issuer: string
      /** The verification error's code as OpenSSL names it (`CERT_HAS_EXPIRED`), or undefined when all is well. */
      readonly invalid: string | undefined
    }
  | { readonly kind: 'tls-failed'; readonly message: string }
